"""Clocks for all code outside the pure rooms. A session's own time is counted in samples played, not read here.

A test moves `ManualClock` by hand; nothing ever sleeps to make a test pass.
"""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Protocol


class Clock(Protocol):
    """Two times: a monotonic one, and the wall clock's."""

    def now_s(self) -> float:
        """Return the seconds since an arbitrary start; never goes back, whatever happens to the wall clock."""

    def wall(self) -> datetime:
        """Return the date and time of day, with a time zone; for records, never for counting."""


class SystemClock:
    """The clock of this machine."""

    def now_s(self) -> float:
        """Return the seconds of the monotonic clock."""
        return time.monotonic()

    def wall(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(timezone.utc)


class ManualClock:
    """A clock that moves only when told."""

    def __init__(self, wall: datetime | None = None) -> None:
        """Start at zero seconds, and at `wall` or a fixed date."""
        self._now_s = 0.0
        self._wall = wall or datetime(2026, 1, 1, tzinfo=timezone.utc)

    def now_s(self) -> float:
        """Return the seconds moved so far."""
        return self._now_s

    def wall(self) -> datetime:
        """Return the date given at the start; it stands still."""
        return self._wall

    def advance(self, seconds: float) -> None:
        """Move forward. Raises ValueError for a negative number: time cannot go back."""
        if seconds < 0:
            msg = f"time cannot go back ({seconds} s)"
            raise ValueError(msg)
        self._now_s += seconds
