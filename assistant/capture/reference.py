"""What the loudspeaker was given, kept for some seconds, to be read where and as fast as the microphone hears it.

Positions are samples at 16 000 Hz since the first. Two sound cards have two clocks (70 to 110 ppm apart through a sound
server: docs/audio.md, "Delay and drift"): reading at fractional positions makes up for it. Arithmetic only.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.messages import EAR_RATE_HZ, Pcm

Floats: TypeAlias = npt.NDArray[np.float32]

KEPT_S = 14.0  # more than the window of a delay measurement (4 s), the longest delay, and an ear that lags behind
TAPS = 16  # of the interpolating filter: error below -60 dB under 7 kHz
PHASES = 512  # between two samples; the nearest is taken: -60 dB at 7 kHz


def _filters() -> Floats:
    """One windowed sinc for each phase, shape (PHASES + 1, TAPS)."""
    offsets = np.arange(TAPS) - (TAPS // 2 - 1)
    distance = offsets[None, :] - np.arange(PHASES + 1)[:, None] / PHASES
    window = np.cos(np.pi * distance / (TAPS + 1)) ** 2
    filters: Floats = (np.sinc(distance) * window).astype(np.float32)
    return filters


_FILTERS = _filters()


class Reference:
    """A ring of played samples; what is not there, or no longer, is silence."""

    def __init__(self) -> None:
        """Nothing was played yet."""
        self._ring = np.zeros(round(KEPT_S * EAR_RATE_HZ), np.float32)
        self.end = 0
        """Position after the last sample."""

    def write(self, pcm: Pcm) -> None:
        """Add what is played next: int16 mono at 16 000 Hz."""
        self._ring[(self.end + np.arange(len(pcm))) % len(self._ring)] = pcm
        self.end += len(pcm)

    def skip(self, count: int) -> None:
        """Samples that nobody knows any more were played here: silence."""
        self._ring[(self.end + np.arange(min(count, len(self._ring)))) % len(self._ring)] = 0
        self.end += count

    def take(self, start: int, count: int) -> Floats:
        """Samples from `start` on, as floats in int16 steps; shape (count,)."""
        places = np.arange(start, start + count)
        is_there = (places >= max(0, self.end - len(self._ring))) & (places < self.end)
        return np.where(is_there, self._ring[places % len(self._ring)], np.float32(0))

    def read(self, start: float, step: float, count: int) -> Floats:
        """Samples at `start`, `start + step`, ... between the samples where need be; `step` is near 1."""
        at = start + step * np.arange(count)
        first = int(np.floor(at[0])) - (TAPS // 2 - 1)
        held = self.take(first, int(np.floor(at[-1])) + TAPS // 2 + 1 - first)
        whole = np.floor(at).astype(np.int64)
        filters = _FILTERS[np.rint((at - whole) * PHASES).astype(np.int64)]
        pieces = np.lib.stride_tricks.sliding_window_view(held, TAPS)[whole - whole[0]]
        read: Floats = np.einsum("ij,ij->i", pieces, filters)
        return read
