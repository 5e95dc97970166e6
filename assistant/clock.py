"""What time it is, for those outside the pure rooms. A session's own time is counted in samples played, not read here.

A test moves `ManualClock` by hand; nothing ever sleeps to make a test pass.
"""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Protocol


class Clock(Protocol):
    """Two times: one that only ever goes forward, and the one on the wall."""

    def now_s(self) -> float:
        """Seconds since an arbitrary start; never goes back, whatever happens to the wall clock."""

    def wall(self) -> datetime:
        """The date and time of day, with a time zone; for records, never for counting."""


class SystemClock:
    """The clock of this machine."""

    def now_s(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def wall(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(timezone.utc)


class ManualClock:
    """A clock that moves only when told."""

    def __init__(self, wall: datetime | None = None) -> None:
        """Start at zero seconds, and at `wall` or a fixed date."""
        self._now_s = 0.0
        self._wall = wall or datetime(2026, 1, 1, tzinfo=timezone.utc)

    def now_s(self) -> float:
        """Seconds moved so far."""
        return self._now_s

    def wall(self) -> datetime:
        """The date given at the start; it stands still."""
        return self._wall

    def advance(self, seconds: float) -> None:
        """Move forward. Raises ValueError for a negative number: time cannot go back."""
        if seconds < 0:
            msg = f"time cannot go back ({seconds} s)"
            raise ValueError(msg)
        self._now_s += seconds
