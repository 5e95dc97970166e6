"""Paces whoever sends: so many at once, and so many a second. Pure: it asks no clock."""

from __future__ import annotations


class Bucket:
    """Allows so many at once, and so many a second after that."""

    def __init__(self, at_once: float, a_second: float, now_s: float) -> None:
        """Begin full. Times are seconds of any steady clock."""
        self._at_once, self._a_second = at_once, a_second
        self._left, self._counted_s = at_once, now_s

    def is_full(self, now_s: float) -> bool:
        """True if nothing was taken that did not come back."""
        return self._left + (now_s - self._counted_s) * self._a_second >= self._at_once

    def take(self, now_s: float, many: float = 1.0) -> bool:
        """Take so many; false if there are fewer, and then none is taken."""
        self._left = min(self._at_once, self._left + (now_s - self._counted_s) * self._a_second)
        self._counted_s = now_s
        if self._left < many:
            return False
        self._left -= many
        return True
