"""The dose ledger: what each technique, side and area of the body got, and what is left of it in this session.

Every count adds to it, also one that is begun again, and nothing takes from it. A session lasts until its routine is
over, also across an end, a crash and a resume; routines that follow in the same program add to it as well. After a
night the dose begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.respond.dialogue_context import Line, Place, SideTotal
from assistant.respond.ledger import tally
from assistant.respond.places import place_beside, technique_at, words_at
from assistant.respond.replies import line
from assistant.respond.safety import has_hurt_enough
from assistant.respond.states import Talk
from assistant.routine import Library

NIGHT_S = 8 * 3600.0  # after so long without a count it is another day's dose; chosen
AREA_S = 15 * 60.0  # at most so long on an area of the body (docs/safety.md, "Doses and pressure")


def fresh_place(talk: Talk, library: Library, place: Place, at: int) -> Place | None:
    """Return the beginning of a step with no more planned than is left of it, or None where nothing is.

    `place` is what the person leaves, and is in the ledger already.
    """
    return fitted(talk, library, place_beside(library, place, at, talk))


def fitted(talk: Talk, library: Library, place: Place) -> Place | None:
    """Return the place with no more planned than is left; a side of which nothing is left is closed. None: both are."""
    left = most_here(talk, library, place)
    sides = range(2 if place.sides else 1)
    shut = tuple(side in sides and (place.closed[side] or left[side] < 1) for side in range(2))
    if all(shut[side] for side in sides):
        return None
    plan = tuple(min(place.plan[side], max(left[side], place.done[side], 1)) for side in range(2))
    side = place.side if not shut[place.side] else 1 - place.side
    return replace(place, plan=(plan[0], plan[1]), closed=(shut[0], shut[1]), side=side)


def most_here(talk: Talk, library: Library, place: Place) -> tuple[int, int]:
    """Return the most that each side may count at this place, with what it has counted there."""
    technique = technique_at(library, place)
    names = place.sides or ("", "")
    area_s = AREA_S - _seconds_on(talk, library, technique.area_worked)
    in_time = int((area_s - place.done[1 - place.side] * place.period_s) / place.period_s)
    most = [technique.dose.most - given(talk, technique.id, name) for name in names]
    return (technique.whole(min(most[0], in_time), up=False), technique.whole(min(most[1], in_time), up=False))


def given(talk: Talk, technique: str, side: str) -> int:
    """Return the repetitions in the ledger of one side of a technique, today."""
    return sum(one.n for one in _of_today(talk) if (one.technique, one.side) == (technique, side))


def ledger_of(talk: Talk) -> tuple[SideTotal, ...]:
    """Return every count of this session: of the routine in progress, and of those before it."""
    return (*talk.earlier, *talk.ledger)


def _of_today(talk: Talk) -> Iterable[SideTotal]:
    return (one for one in ledger_of(talk) if one.is_today)


def after_a_night(talk: Talk) -> Talk:
    """Return the talk on a new day: the ledger still tells what was done of the routine, and the dose begins anew."""
    return replace(talk, ledger=tuple(replace(one, is_today=False) for one in talk.ledger), earlier=())


def with_place(talk: Talk, library: Library, left: Place) -> Talk:
    """Return the talk with the counts of a place that is kept: they count, unless it is taken up again."""
    return replace(talk, earlier=(*talk.earlier, *tally(Talk(), library, left).ledger))


def taken_up(talk: Talk, library: Library, left: Place) -> Talk:
    """Return the talk without the counts of a place that goes on: the place has them itself.

    What its routine had counted before is again the ledger of the routine in progress.
    """
    earlier, ledger = list(talk.earlier), list(talk.ledger)
    for one in (*tally(Talk(), library, left).ledger, *left.kept):
        for totals in (earlier, ledger):
            same = [at for at, other in enumerate(totals) if _is_same(one, other)]
            if same:
                del totals[same[-1]]
                break
    return replace(talk, earlier=tuple(earlier), ledger=(*left.kept, *ledger))


def _is_same(one: SideTotal, other: SideTotal) -> bool:
    return (one.technique, one.side, one.n) == (other.technique, other.side, other.n)


def _seconds_on(talk: Talk, library: Library, area: str) -> float:
    techniques = library.techniques
    return sum(
        one.seconds
        for one in _of_today(talk)
        if one.technique in techniques and techniques[one.technique].area_worked == area
    )


def enough(talk: Talk, library: Library, place: Place, at: int) -> Line | None:
    """Return the reason why a step is over for today, or None: it hurt twice, its dose is done, or its area's time.

    The counts of `place` itself must be in the ledger.
    """
    if has_hurt_enough(talk, library, place.routine, place.steps[at]):
        return line("enough_of_it")
    if fresh_place(talk, library, place, at) is not None:
        return None
    there = replace(place, at=at)
    technique = technique_at(library, there)
    if _seconds_on(talk, library, technique.area_worked) + place.period_s > AREA_S:
        return line(f"enough_{technique.area_worked}")
    return line("enough_today", technique=words_at(library, there).name)


def counted_since(before: Talk, there: Place, now: Talk, here: Place, library: Library) -> tuple[Talk, Place]:
    """Return an earlier talk and place with what was counted since: a command is undone, a count never is.

    A side of the same step keeps the higher number, and the ledger the rest.
    """
    if (there.at, there.steps) == (here.at, here.steps):
        done = (max(there.done[0], here.done[0]), max(there.done[1], here.done[1]))
        plan = (max(there.plan[0], done[0]), max(there.plan[1], done[1]))
        there = replace(there, done=done, plan=plan)
    missing = tuple(_missing(tally(now, library, here).ledger, tally(before, library, there).ledger))
    return replace(before, ledger=(*before.ledger, *missing)), there


def _missing(now: Iterable[SideTotal], before: Iterable[SideTotal]) -> Iterable[SideTotal]:
    """Yield what the ledger has now and would not have again, by technique and side."""
    sums: dict[tuple[str, str], list[float]] = {}
    for sign, ledger in ((1, now), (-1, before)):
        for one in ledger:
            total = sums.setdefault((one.technique, one.side), [0, 0.0])
            total[0] += sign * one.n
            total[1] += sign * one.seconds
    for (technique, side), (n, seconds) in sums.items():
        if n > 0:
            yield SideTotal(technique=technique, side=side, n=int(n), seconds=max(seconds, 0.0))
