"""Sentences about a whole routine: its techniques before it begins, the place where it was left, and its counts."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.durations import minutes_of
from assistant.respond.dialogue_context import Goal, Line, Place
from assistant.respond.places import words_at
from assistant.respond.replies import MOST_NAMES, line, listed
from assistant.respond.states import Talk
from assistant.routine import Library


def introduction(library: Library, goal: Goal) -> tuple[Line, ...]:
    """Return what is to come, its size and length; says so if it is not one of ours."""
    not_ours = (line("not_from_us"),) if library.routines[goal.routine].is_users else ()
    return (*size_of(library, goal), *_left_out(library, goal), *_at_most(library, goal), *not_ours)


def size_of(library: Library, goal: Goal) -> tuple[Line, ...]:
    """Return the title with the number of techniques, or the names of a few that were chosen; and the length."""
    minutes = minutes_of(library, goal.routine, goal.steps, goal.each)
    names = names_of(library, goal.routine, goal.steps)
    if len(names) > 1 and not (goal.is_chosen and len(names) <= MOST_NAMES):
        return (line("routine", title=library.title(goal.routine), steps=len(names), minutes=minutes),)
    if goal.is_chosen:
        return (listed("chosen", names), lasting(minutes))
    return (line("routine_of_one", title=library.title(goal.routine)),)


def lasting(minutes: int) -> Line:
    """Return the sentence that tells a length."""
    return line("lasts", minutes=minutes) if minutes > 1 else line("lasts_one")


def names_of(library: Library, routine: str, steps: Sequence[int]) -> tuple[str, ...]:
    """Return the names of the techniques of some steps."""
    return tuple(library.words(library.routines[routine].steps[step].technique).name for step in steps)


def _left_out(library: Library, goal: Goal) -> tuple[Line, ...]:
    """Say what is left out: how much for the time's sake, and by name where the person chose it."""
    if goal.left_out:
        return (line("left_out", count=goal.left_out),)
    if not goal.is_chosen or len(goal.steps) <= MOST_NAMES:
        return ()
    every = range(len(library.routines[goal.routine].steps))
    names = names_of(library, goal.routine, [step for step in every if step not in goal.steps])
    return (listed("without", names),) if 0 < len(names) <= MOST_NAMES else ()


def _at_most(library: Library, goal: Goal) -> tuple[Line, ...]:
    """Say so where more repetitions were asked for than a technique takes."""
    steps = library.routines[goal.routine].steps
    most = min((library.techniques[steps[step].technique].dose.most for step in goal.steps), default=0)
    return (line("at_most"),) if goal.each is not None and goal.each > most else ()


def is_begun(place: Place) -> bool:
    """True where something would be lost if the place were forgotten."""
    return bool(place.at or any(place.done) or any(place.closed))


def left_lines(library: Library, place: Place) -> tuple[Line, ...]:
    """Return where somebody left a routine, and the ways to go on with it."""
    where = line("left_at", title=library.title(place.routine), n=place.at + 1, technique=words_at(library, place).name)
    count = (line("left_count", n=place.n, of=place.repetitions),) if place.n else ()
    return (where, *count, line("resume_restart_discard"))


def summary(talk: Talk, library: Library) -> tuple[Line, ...]:
    """Return the counts of both sides, for every technique that has sides."""
    techniques = dict.fromkeys(one.technique for one in talk.ledger if one.side)
    sums = {
        (name, side): sum(one.n for one in talk.ledger if (one.technique, one.side) == (name, side))
        for name in techniques
        for side in ("left", "right")
    }
    return tuple(
        line("both_counts", technique=library.words(name).name, left=sums[name, "left"], right=sums[name, "right"])
        for name in techniques
    )
