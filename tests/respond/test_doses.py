"""The ledger limits what may be counted: a technique's own most, and fifteen minutes on an area (invariant 14).

Random sessions seldom come near to fifteen minutes, so the limits are shown here by themselves.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.respond.dialogue_context import SideTotal
from assistant.respond.doses import AREA_S, most_here
from assistant.respond.places import place_at
from assistant.respond.states import Talk


def counted(technique, n, seconds):
    return SideTotal(technique=technique, side="", n=n, seconds=seconds, is_done=True)


def left(library, **ledgers):
    """The most that the Gate of Life may count, with this behind the person."""
    place = place_at(library, "full", 0)
    return most_here(replace(Talk(usual="full"), **ledgers), library, place)[0], place


def test_what_was_counted_before_is_taken_off(library):
    """In the routine in progress, and in those before it."""
    most, _ = left(library)
    now, _ = left(library, ledger=(counted("gate-of-life", 20, 30.0),))
    earlier, _ = left(library, earlier=(counted("gate-of-life", 20, 30.0),))

    assert (now, earlier) == (most - 20, most - 20)


def test_an_area_has_fifteen_minutes(library):
    """Whichever technique took them; another area takes nothing off."""
    area = library.techniques["gate-of-life"].area_worked
    beside = next(one for one in library.techniques.values() if one.area_worked == area and one.id != "gate-of-life")
    away = next(one for one in library.techniques.values() if one.area_worked != area)
    most, place = left(library)
    spent, _ = left(library, ledger=(counted(beside.id, 10, AREA_S - 10 * place.period_s),))
    over, _ = left(library, earlier=(counted(beside.id, 10, AREA_S),))
    elsewhere, _ = left(library, ledger=(counted(away.id, 10, AREA_S),))

    assert (spent, over, elsewhere) == (10, 0, most)
