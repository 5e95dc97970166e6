"""Sound as values: blocks from a microphone, clips for the speaker, and the rates that all rooms share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

EAR_RATE_HZ = 16_000  # every recogniser's input; the phonetic model and silero were trained at it
MOUTH_RATE_HZ = 24_000  # hibari's output; the one output stream runs at it, so that nothing is resampled
PAUSE_INSIDE_S = 1.3
"""Longest pause inside of a sentence: docs/recognition.md, "A pause inside a sentence"."""
BLOCK_S = 0.02  # 320 samples in, 480 out (docs/audio.md, "Block size")

Pcm: TypeAlias = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AudioBlock:
    """A piece of sound from a microphone or a recording."""

    pcm: Pcm
    """Mono, int16, shape (samples,)."""
    rate_hz: int
    at_s: float
    """Samples before this block / rate, so that a WAV file and a microphone give the same times."""
    is_residual: bool = False
    """True where the echo canceller took the loudspeaker's sound out of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clip:
    """A piece of sound for the speaker."""

    pcm: Pcm
    """Mono, int16, shape (samples,); starts with its first audible sample."""
    rate_hz: int

    @property
    def seconds(self) -> float:
        """Return its duration in seconds."""
        return len(self.pcm) / self.rate_hz
