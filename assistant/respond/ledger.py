"""A step's part of the ledger of a session: the counts of its sides, and whether each was done or only left."""

from __future__ import annotations

from dataclasses import replace

from assistant.respond.dialogue_context import Place, SideTotal
from assistant.respond.places import technique_at
from assistant.respond.states import Talk
from assistant.routine import Library

DONE_FROM = 0.5  # of the least dose: four of thirty-six are not the technique; chosen


def tally(talk: Talk, library: Library, place: Place) -> Talk:
    """Add the counts of both sides of this step to the session's ledger."""
    technique = technique_at(library, place).id
    new = tuple(
        SideTotal(
            technique=technique,
            side=side,
            n=place.done[i],
            seconds=round(place.done[i] * place.period_s, 1),
            is_done=is_side_done(library, place, i),
        )
        for i, side in enumerate(place.sides or ("",))
        if place.done[i] or place.closed[i]
    )
    return replace(talk, ledger=(*talk.ledger, *new)) if new else talk


def is_side_done(library: Library, place: Place, side: int) -> bool:
    """True for a side that was ended as done, by its feeling or with enough of its dose; also if it was left out."""
    technique, n = technique_at(library, place), place.done[side]
    is_enough = technique.ends_when == "sensation" or n >= min(technique.dose.least, place.plan[side]) * DONE_FROM
    return place.closed[side] and (is_enough or not n)
