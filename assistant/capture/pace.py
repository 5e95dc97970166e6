"""The rate at which a device really runs: frames counted against a clock (docs/faults.md, "Rate that changes").

Arithmetic only. A single loss or a late burst spoils one slice of time, which the median of five
ignores. It detects a device that persistently gives or takes more, or less, than its rate says.
"""

from __future__ import annotations

from collections import deque

import numpy as np

STEP_S = 0.08  # sound servers deliver a tenth of a second at once
SLICES = 5
SHORT, COARSE = 7, 0.07  # steps in a slice; 48 000 for 44 100 Hz is 9 percent
LONG, FINE = 50, 0.02  # a duration must be right to 2 percent (docs/faults.md, "Rate that changes")
SLOW = (0.25, 0.05)  # a machine that is too busy loses sound; 23 percent of two seconds at a load of 7 on two cores
SETTLE_S = 1.0  # after opening, buffers are filled or emptied at once


class Pace:
    """Measures the rate of a stream: note its frame count often, and read `is_off`."""

    def __init__(self, rate_hz: int, slow: tuple[float, float] = SLOW) -> None:
        """Take the promised rate, and the share by which it may be slower for two seconds and for fifteen."""
        self._rate_hz = rate_hz
        self._slow = slow
        self._first_s: float | None = None
        self._notes: deque[tuple[float, int]] = deque(maxlen=SLICES * LONG + 1)

    def note(self, at_s: float, frames: int) -> None:
        """Note the frames delivered or taken up to this time; at most one note every 0.08 s counts."""
        if self._first_s is None:
            self._first_s = at_s
        if at_s - self._first_s < SETTLE_S or (self._notes and at_s - self._notes[-1][0] < STEP_S):
            return
        self._notes.append((at_s, frames))

    def is_off(self) -> bool:
        """True if the device does not keep its rate: 7 percent too fast for two seconds, 2 for fifteen, or too slow."""
        short, long = self._error(SHORT), self._error(LONG)
        return short > COARSE or long > FINE or short < -self._slow[0] or long < -self._slow[1]

    @property
    def rate_hz(self) -> float:
        """Return the measured rate; the promised one where too little is known."""
        return self._rate_hz * (1 + self._error(SHORT))

    def _error(self, steps: int) -> float:
        """Return the excess rate as a share: the median of five slices of so many steps; 0 where less is known."""
        if len(self._notes) <= SLICES * steps:
            return 0.0
        times, frames = np.array(list(self._notes)[-SLICES * steps - 1 :: steps]).T
        return float(np.median(np.diff(frames) / np.diff(times))) / self._rate_hz - 1
