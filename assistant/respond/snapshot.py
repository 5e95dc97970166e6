"""A place in a routine ↔ plain values, with a version. The journal stores them; the next session resumes from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.messages import Saved
from assistant.respond.dialogue_context import Place
from assistant.routine import Library

VERSION = 1


def snapshot_of(place: Place) -> Saved:
    """Return the place as plain values."""
    return {
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
    }


def place_from(saved: Saved, library: Library) -> Place | None:
    """Return the stored place, or None when it does not fit the present files; then it cannot be resumed."""
    try:
        place = _read(saved)
        technique = library.techniques[library.routines[place.routine].steps[place.step].technique]
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    fits = (
        saved.get("version") == VERSION
        and bool(place.sides) == (technique.sides == "each")
        and all(1 <= plan <= technique.dose.most for plan in place.plan)
        and all(0 <= done <= plan for done, plan in zip(place.done, place.plan, strict=True))
        and all(0 <= step < len(library.routines[place.routine].steps) for step in place.steps)
        and technique.tempo_bpm.least - 1 <= 60 / place.period_s <= technique.tempo_bpm.most + 1
    )
    return place if fits else None


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
    )
    if not 0 <= place.at < len(place.steps) or place.period_s <= 0:
        msg = "not a step"
        raise ValueError(msg)
    return place
