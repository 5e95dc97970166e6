"""How fast a device really runs: frames counted against a clock, since flags do not tell (faults.md 6, 11, 13).

Arithmetic only. Sound that was lost once, or comes late and all at once, spoils one slice of time: the median of five
does not see it. What stays is a device that gives or takes more, or less, than its rate says.
"""

from __future__ import annotations

from collections import deque

import numpy as np

STEP_S = 0.08  # sound servers give a tenth of a second at once
SLICES = 5
SHORT, COARSE = 7, 0.07  # steps in a slice; 44 100 for 48 000 Hz is 8 percent
LONG, FINE = 50, 0.02  # faults.md 13: a duration must be right to 2 percent
SETTLE_S = 1.0  # after opening, buffers are filled or emptied at once


class Pace:
    """Note the frames so far, often; ask by how much the rate is off."""

    def __init__(self, rate_hz: int) -> None:
        """The rate that the device promised."""
        self._rate_hz = rate_hz
        self._first_s: float | None = None
        self._notes: deque[tuple[float, int]] = deque(maxlen=SLICES * LONG + 1)

    def note(self, at_s: float, frames: int) -> None:
        """So many frames had come, or had been taken, at this time; at most every 0.08 s counts."""
        if self._first_s is None:
            self._first_s = at_s
        if at_s - self._first_s < SETTLE_S or (self._notes and at_s - self._notes[-1][0] < STEP_S):
            return
        self._notes.append((at_s, frames))

    def is_off(self) -> bool:
        """The device does not keep its rate: by 7 percent for two seconds, or by 2 percent for fifteen."""
        return abs(self._error(SHORT)) > COARSE or abs(self._error(LONG)) > FINE

    @property
    def rate_hz(self) -> float:
        """What it really does at present; its promise where that is not known."""
        return self._rate_hz * (1 + self._error(SHORT))

    def _error(self, steps: int) -> float:
        """How much too fast, as a share: the median of five slices of so many steps; 0 where less is known."""
        if len(self._notes) <= SLICES * steps:
            return 0.0
        times, frames = np.array(list(self._notes)[-SLICES * steps - 1 :: steps]).T
        return float(np.median(np.diff(frames) / np.diff(times))) / self._rate_hz - 1
