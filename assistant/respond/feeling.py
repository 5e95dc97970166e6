"""Ends by feeling: at the dose it asks if the skin is warm, if the point is sore enough, or if one side is sorer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.messages import Intent, Said
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.doses import most_here
from assistant.respond.flow import end_side, to_other_side
from assistant.respond.places import (
    is_other_side_open,
    planned_here,
    reopened,
    spoken,
    switching,
    technique_at,
    words_at,
)
from assistant.respond.replies import Transition, answer, ask, ask_now, instruct, lead, line, silently, tell
from assistant.respond.states import FeelingAsked, Talk
from assistant.routine import Library

MORE = 10  # repetitions a time, within the technique's limit; chosen


def dose_is_done(talk: Talk, library: Library, place: Place) -> Transition:
    """Ask for the feeling at the end of a count, where the technique ends by it; else go on."""
    question = _question(talk, library, place)
    if question is None:
        return end_side(talk, library, place)
    return ask(FeelingAsked(talk=talk, place=replace(place, was_asked=True)), question)


def _question(talk: Talk, library: Library, place: Place) -> Line | None:
    """Return the question that is due: while more may be done, and once a side for who wants few words."""
    technique, words = technique_at(library, place), words_at(library, place)
    if words.feeling is None or not _room(talk, library, place):
        return None
    if technique.ends_when == "sensation":
        is_due = talk.detail != "less" or not place.was_asked
    else:
        is_due = all(place.done) and not is_other_side_open(place) and not place.was_asked
    return spoken(place, words.feeling) if is_due else None


def _room(talk: Talk, library: Library, place: Place) -> bool:
    most = most_here(talk, library, place)
    sides = range(2) if _is_about_sides(library, place) else (place.side,)
    return any(place.done[side] < most[side] for side in sides)


def _is_about_sides(library: Library, place: Place) -> bool:
    return technique_at(library, place).ends_when == "sorer_side"


def yes(state: FeelingAsked, said: Said, library: Library) -> Transition:
    """It is enough: go on. One side is sorer: ask which."""
    if _is_about_sides(library, state.place):
        return ask_now(state, line("which_side"))
    return enough(state, said, library)


def no(state: FeelingAsked, said: Said, library: Library) -> Transition:
    """Not yet, or a little: do more. No side is sorer: go on; a little: ask which. A doubt asks for no more."""
    given = said.slots.get("answer")
    if given == "unsure":
        return _enough_for_now(state, library)
    if not _is_about_sides(library, state.place):
        return more(state, said, library)
    return ask_now(state, line("which_side")) if given == "little" else enough(state, said, library)


def _enough_for_now(state: FeelingAsked, library: Library) -> Transition:
    talk, says = tell(state.talk, line("enough_for_now"))
    after, effects = end_side(talk, library, state.place)
    return silently((after, (*says, *effects)))


def enough(state: FeelingAsked, said: Said | None, library: Library) -> Transition:
    """Go on to the other side, or to the next technique."""
    return silently(end_side(state.talk, library, state.place))


def unanswered(state: FeelingAsked, library: Library) -> Transition:
    """Silence asks for no more: go on."""
    return enough(state, None, library)


def more(state: FeelingAsked, said: Said, library: Library) -> Transition:
    """Do more on this side; where it asks for the sorer one, ask which that is."""
    if _is_about_sides(library, state.place):
        return ask_now(state, line("which_side"))
    return _more_on(state, library, state.place.side, int(said.slots.get("number", MORE)))


def side(state: FeelingAsked, said: Said, library: Library) -> Transition:
    """Do more on the side that was named as the sorer one; where both are alike, go on."""
    place = state.place
    named = _side_named(place, said)
    if named not in place.sides:
        return enough(state, said, library)
    return _more_on(state, library, 0 if named == place.sides[0] else 1, MORE)


def pick(state: FeelingAsked, said: Said, library: Library) -> Transition:
    """Take a side as the sorer one, or go there."""
    place = state.place
    if _is_about_sides(library, place) or _side_named(place, said) == place.side_name:
        return side(state, said, library)
    if not place.sides:
        return answer(state, line("both_sides"))
    return silently(to_other_side(state.talk, library, place))


def _side_named(place: Place, said: Said) -> str:
    """Return the side by its name, or by its order: "the first one", "this one", "the other one"."""
    named = str(said.slots.get("side"))
    by_order = {"first": 0, "this": place.side, "other": 1 - place.side}
    return place.sides[by_order[named]] if place.sides and named in by_order else named


def _more_on(state: FeelingAsked, library: Library, index: int, number: int) -> Transition:
    """Count more on a side, as much as is left of its dose; with the way to change sides, if it is the other one."""
    talk = state.talk
    there = replace(state.place, side=index)
    total = min(there.n + number, most_here(talk, library, there)[index])
    if total <= there.n:
        after, effects = end_side(talk, library, state.place)
        return silently((after, effects))
    place = planned_here(reopened(there, are_both_over=_is_about_sides(library, there)), total)
    if index != state.place.side:
        return silently(instruct(talk, place, switching(library, place)))
    return silently(lead(talk, place, line("some_more", more=total - place.n)))


ANSWERS: Mapping[Intent, Callable[[FeelingAsked, Said, Library], Transition]] = {
    Intent.YES: yes,
    Intent.NO: no,
    Intent.READY: enough,
    Intent.DONE: enough,
    Intent.RESUME: more,
    Intent.MORE_REPS: more,
    Intent.PICK_SIDE: pick,
    Intent.SORER_SIDE: side,
}
"""The part of the table that answers the question."""
