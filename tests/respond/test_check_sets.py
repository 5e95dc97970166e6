"""Every set of answers to the safety questions, said in every way, on every kind of day (tests/fakes/check_people.py).

Nothing that an answer forbids is reached, and nobody in an emergency is left without its lines.
"""

from __future__ import annotations

import pytest

from tests.fakes.check_people import DAYS, SETS, WAYS, sweep

FULL = {*((way, "never") for way in WAYS), *((way, day) for way in ("plain", "maybe", "told early") for day in DAYS)}
ONLY_NEW = {"skin"}  # of a back that is new, where the rest was passed: it leaves out what the person says
FEW = [truth for truth in SETS if sum(truth.values()) in {0, 1, len(truth)}]
"""One thing is true, none, or all: with every other way and day. The command of check_people has all sets with all."""


@pytest.mark.parametrize(("way", "day"), sorted(FULL))
def test_nothing_forbidden_is_reached_and_no_emergency_line_is_missing(way, day, talker, small):
    """Of all 128 sets of answers, said in this way on this day."""
    swept = sweep(talker, small, way, day)

    assert swept.reached == []
    assert swept.silent == []
    assert day.startswith("new area") or {"EndedUrgent", "NotToday"} <= swept.ends
    assert len(swept.ends) > 1 or swept.asked == ONLY_NEW


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_speaking_gets_past_the_check_on_any_day(way, talker, small):
    """Of each truth alone, none and all of them, on all the days that are not tried with all sets."""
    for day in DAYS:
        if (way, day) not in FULL:
            swept = sweep(talker, small, way, day, FEW)

            assert (day, swept.reached) == (day, [])
            assert (day, swept.silent) == (day, [])
            assert len(swept.ends) > 1 or swept.asked == ONLY_NEW
