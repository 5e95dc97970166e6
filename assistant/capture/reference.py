"""Stores what was played for some seconds; the canceller reads it at the microphone's delay and speed.

Positions are samples at 16 000 Hz since the first. Two sound cards have two clocks (70 to 110 ppm apart through a sound
server: docs/audio.md, "Delay and drift"): reading at fractional positions makes up for it. Arithmetic only.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.messages import EAR_RATE_HZ, Pcm

Floats: TypeAlias = npt.NDArray[np.float32]

KEPT_S = 14.0  # longer than the window of a delay measurement (4 s), plus the longest delay, plus the ear's backlog
TAPS = 16  # of the interpolating filter: error below -60 dB under 7 kHz
PHASES = 512  # between two samples; the nearest is taken: -60 dB at 7 kHz


def _filters() -> Floats:
    """Return one windowed sinc for each phase, shape (PHASES + 1, TAPS)."""
    offsets = np.arange(TAPS) - (TAPS // 2 - 1)
    distance = offsets[None, :] - np.arange(PHASES + 1)[:, None] / PHASES
    window = np.cos(np.pi * distance / (TAPS + 1)) ** 2
    filters: Floats = (np.sinc(distance) * window).astype(np.float32)
    return filters


_FILTERS = _filters()


class Reference:
    """A ring buffer of played samples; positions outside it read as silence."""

    def __init__(self) -> None:
        """Start empty."""
        self._ring = np.zeros(round(KEPT_S * EAR_RATE_HZ), np.float32)
        self.end = 0
        """Position after the last sample."""

    def write(self, pcm: Pcm) -> None:
        """Add what is played next: int16 mono at 16 000 Hz."""
        self._ring[(self.end + np.arange(len(pcm))) % len(self._ring)] = pcm
        self.end += len(pcm)

    def skip(self, count: int) -> None:
        """Insert `count` samples of silence for played samples that are unknown."""
        self._ring[(self.end + np.arange(min(count, len(self._ring)))) % len(self._ring)] = 0
        self.end += count

    def take(self, start: int, count: int) -> Floats:
        """Return samples from `start` on, as floats in int16 steps; shape (count,)."""
        places = np.arange(start, start + count)
        is_there = (places >= max(0, self.end - len(self._ring))) & (places < self.end)
        return np.where(is_there, self._ring[places % len(self._ring)], np.float32(0))

    def read(self, start: float, step: float, count: int) -> Floats:
        """Return interpolated samples at `start`, `start + step`, …, shape (count,); `step` is near 1."""
        at = start + step * np.arange(count)
        first = int(np.floor(at[0])) - (TAPS // 2 - 1)
        held = self.take(first, int(np.floor(at[-1])) + TAPS // 2 + 1 - first)
        whole = np.floor(at).astype(np.int64)
        filters = _FILTERS[np.rint((at - whole) * PHASES).astype(np.int64)]
        pieces = np.lib.stride_tricks.sliding_window_view(held, TAPS)[whole - whole[0]]
        read: Floats = np.einsum("ij,ij->i", pieces, filters)
        return read
