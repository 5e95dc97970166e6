"""A place in a routine ↔ plain values, with a version. The journal stores them; the next session resumes from them.

With the place go the counts of the session and what hurt in it: neither a crash nor an end makes them nought.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, replace
from typing import Any

from assistant.messages import Saved
from assistant.respond.dialogue_context import Place, SideTotal
from assistant.respond.states import Talk
from assistant.routine import Library

VERSION = 1
MOST_COUNTED = 10_000  # repetitions of one side in a session; sixty at a time


def snapshot_of(place: Place, talk: Talk) -> Saved:
    """Return the place as plain values, with what the session has counted so far and what hurt in it."""
    kept: dict[str, Any] = {
        "version": VERSION,
        "routine": place.routine,
        "steps": list(place.steps),
        "at": place.at,
        "plan": list(place.plan),
        "period_s": round(place.period_s, 6),
        "sides": list(place.sides),
        "side": place.side,
        "done": list(place.done),
        "closed": list(place.closed),
        "pains": place.pains,
        "direction": place.direction,
        "hurt": list(talk.hurt),
        "ledger": [list(astuple(one)) for one in talk.ledger],
        "earlier": [list(astuple(one)) for one in talk.earlier],
    }
    if place.each is not None:
        kept["each"] = place.each
    if place.aside is not None:
        kept["aside"] = snapshot_of(replace(place.aside, aside=None), talk)
    return kept


def carried_on(talk: Talk, saved: Saved, place: Place, technique: str) -> Talk:
    """Return the talk with the counts and pains of the session that was left; `technique` is that of its place.

    The counts of the place itself are not among them.
    """
    hurt = [str(one) for one in saved.get("hurt", ())]
    missing = (technique,) * max(0, place.pains - hurt.count(technique))
    return replace(talk, hurt=(*hurt, *missing), ledger=_totals(saved, "ledger"), earlier=_totals(saved, "earlier"))


def _totals(saved: Saved, key: str) -> tuple[SideTotal, ...]:
    return tuple(
        SideTotal(
            technique=str(technique),
            side=str(side),
            n=int(n),
            seconds=float(seconds),
            is_done=bool(is_done),
            is_today=all(map(bool, is_today)),  # places of an older version have no such mark
        )
        for technique, side, n, seconds, is_done, *is_today in saved.get(key, ())
    )


def place_from(saved: Saved, library: Library) -> Place | None:
    """Return the stored place, or None when it does not fit the present files; then it cannot be resumed."""
    try:
        place = _read(saved)
        totals = (*_totals(saved, "ledger"), *_totals(saved, "earlier"))
        names = [*map(str, saved.get("hurt", ())), *(one.technique for one in totals)]
        technique = library.techniques[library.routines[place.routine].steps[place.step].technique]
    except (LookupError, TypeError, ValueError, OverflowError):
        return None
    fits = (
        saved.get("version") == VERSION
        and all(name in library.techniques for name in names)
        and all(0 <= one.n <= MOST_COUNTED and one.side in {"", "left", "right"} for one in totals)
        and all(0 <= one.seconds < float("inf") for one in totals)
        and bool(place.sides) == (technique.sides == "each")
        and all(1 <= plan <= technique.dose.most for plan in place.plan)
        and all(0 <= done <= plan for done, plan in zip(place.done, place.plan, strict=True))
        and all(0 <= step < len(library.routines[place.routine].steps) for step in place.steps)
        and technique.tempo_bpm.least - 1 <= 60 / place.period_s <= technique.tempo_bpm.most + 1
    )
    aside = place_from(_alone(saved["aside"]), library) if isinstance(saved.get("aside"), Mapping) else None
    return replace(place, aside=aside) if fits else None


def _alone(aside: Saved) -> Saved:
    """Return a place that was left for another one; it has none beside it."""
    return {name: value for name, value in aside.items() if name != "aside"}


def _read(saved: Mapping[str, Any]) -> Place:
    first, second = saved["plan"]
    done_first, done_second = saved["done"]
    closed_first, closed_second = saved["closed"]
    sides = tuple(saved["sides"])
    if sides not in {(), ("left", "right"), ("right", "left")} or saved["side"] not in range(2 if sides else 1):
        msg = "not a side"
        raise ValueError(msg)
    place = Place(
        routine=str(saved["routine"]),
        steps=tuple(int(step) for step in saved["steps"]),
        at=int(saved["at"]),
        plan=(int(first), int(second)),
        period_s=float(saved["period_s"]),
        sides=sides,
        side=int(saved["side"]),
        done=(int(done_first), int(done_second)),
        closed=(bool(closed_first), bool(closed_second)),
        pains=int(saved["pains"]),
        direction=int(saved.get("direction", 0)),
        each=int(saved["each"]) if "each" in saved else None,
    )
    if not 0 <= place.at < len(place.steps) or place.period_s <= 0 or place.direction not in {0, 1}:
        msg = "not a step"
        raise ValueError(msg)
    return place
