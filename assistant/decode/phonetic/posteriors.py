"""Sound in, log-probabilities of phones out: the only file that uses hama's acoustic model.

Its weights and the names of its tokens are those of hama 1.7.0 and come with us (scripts/hama_weights.py). conformer.py
says what they are multiplied with. There are two sets of weights: hama's own, and the same after 138 hours of noisy
speech (scripts/adapt_to_noise).
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from assistant.decode.phonetic.conformer import Conformer
from assistant.decode.phonetic.spelling import phone_names
from assistant.decode.phonetic.weights import QUIET, read
from assistant.errors import EngineError
from assistant.messages import EAR_RATE_HZ, Pcm

Frames: TypeAlias = npt.NDArray[np.float32]

BLANK, BOUNDARY = "<blank>", "<wb>"
BLANK_BIAS = -2.0  # nats, for short commands (docs/recognition.md, "Blank bias and beam")
LONGEST_S = 30.0  # hama's own engine ignores the rest
IN_NOISE = Path(__file__).with_name("in_noise.hama")
"""Weights for noisy speech. As the first reading, with hama's own on doubt, they hear 237 of 275 commands in pink noise
at 6 dB and 542 of 552 in quiet; a single reading by hama's own hears 195 and 529."""
REMEDY = "Install tuina again, or use --engine vosk"


class Posteriors:
    """The phoneme model, loaded (15 ms, 10 MB)."""

    def __init__(self, weights: Path = QUIET) -> None:
        """Load hama's own weights, or others.

        From then on matrices are multiplied on one thread in this process: on two, these small ones cost twice the
        processor time and take as long. Raises EngineError where the weights cannot be read.
        """
        self.tokens = (*phone_names(), BOUNDARY, BLANK)
        self._model = _load(weights)
        if self._model.width != len(self.tokens):
            raise EngineError("the phoneme model has other tokens", where=weights.name, remedy=REMEDY)
        self.blank, self._boundary = (self.tokens.index(token) for token in (BLANK, BOUNDARY))
        self.edge = len(self.tokens)
        """Index of the last column: max(blank, word boundary), emitted by the silence around a word."""
        threadpool_limits(limits=1, user_api="blas")

    def __call__(self, pcm: Pcm) -> Frames:
        """Return log-probabilities, shape (frames of 20 ms, tokens + 1), of int16 mono at 16 000 Hz, of the first 30 s.

        Takes about 0.005 s of processor time for a second of sound; empty sound gives no frames.
        """
        if not len(pcm):
            return np.zeros((0, self.edge + 1), np.float32)
        x = self._model(pcm[: round(LONGEST_S * EAR_RATE_HZ)].astype(np.float32) / 32768.0)
        x[:, self.blank] += BLANK_BIAS
        return np.concatenate([x, np.maximum(x[:, self.blank], x[:, self._boundary])[:, None]], axis=1)


def _load(weights: Path) -> Conformer:
    try:
        return Conformer(read(weights).arrays())
    except (OSError, KeyError, ValueError) as error:
        what = f"the phoneme model does not load ({error})"
        raise EngineError(what, where=weights.name, remedy=REMEDY) from error
