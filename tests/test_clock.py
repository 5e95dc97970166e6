"""The time of this machine, and the time that a test moves."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from assistant.clock import ManualClock, SystemClock


def test_the_clock_of_the_machine_only_goes_forward():
    """And the one on the wall has a time zone."""
    clock = SystemClock()
    times = [clock.now_s() for _ in range(1_000)]

    assert times == sorted(times)
    assert clock.wall().utcoffset() == timedelta(0)


def test_a_manual_clock_moves_only_when_told():
    """From zero, by as much as it is told."""
    clock = ManualClock()

    assert clock.now_s() == clock.now_s() == 0.0
    clock.advance(1.5)
    clock.advance(0.0)
    assert clock.now_s() == 1.5


def test_a_manual_clock_cannot_go_back():
    """Nothing has moved after the refusal."""
    clock = ManualClock()
    clock.advance(3)

    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(-0.1)
    assert clock.now_s() == 3


def test_the_wall_of_a_manual_clock_stands_still():
    """At the date that was given, or at a fixed one."""
    date = datetime(2030, 5, 1, tzinfo=timezone.utc)
    clock = ManualClock(date)
    clock.advance(100)

    assert clock.wall() == date
    assert ManualClock().wall() == ManualClock().wall()
    assert ManualClock().wall().tzinfo is not None
