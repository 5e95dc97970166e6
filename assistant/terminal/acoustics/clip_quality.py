"""Clip quality: decides if a take's sound is good enough to learn from. Samples in, a verdict out; stores nothing."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.messages import BLOCK_S, EAR_RATE_HZ, Pcm

Flaw: TypeAlias = Literal["too_quiet", "too_loud"]

QUIETEST_DBFS = -60.0  # 6 dB below what was read alike (docs/recognition.md, "Level")
CLIPPED = 32_700  # samples from here on are at the limit of 16 bits
MOST_CLIPPED = 0.02  # of the samples of the loudest fifth of the blocks; chosen: single peaks harm no phone
LOUDEST = 0.2  # of the blocks are certainly speech, in every utterance with its quiet around it
BLOCK = round(BLOCK_S * EAR_RATE_HZ)


def flaw(pcm: Pcm) -> Flaw | None:
    """Return the fault of an utterance, int16 mono at 16 000 Hz; None if there is none."""
    blocks = loudest(pcm)
    if not len(blocks) or 10 * np.log10(float(np.square(blocks / 32_768).mean()) + 1e-12) < QUIETEST_DBFS:
        return "too_quiet"
    return "too_loud" if float((np.abs(blocks) >= CLIPPED).mean()) > MOST_CLIPPED else None


def loudest(pcm: Pcm) -> npt.NDArray[np.float32]:
    """Return the loudest fifth of an utterance's blocks, shape (blocks, 320), in int16 steps."""
    blocks = pcm[: len(pcm) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(np.float32)
    wanted = min(len(blocks), max(1, round(LOUDEST * len(blocks))))
    return blocks[np.argsort(np.square(blocks).mean(1))[len(blocks) - wanted :]]
