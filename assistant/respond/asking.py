"""Answers questions about a technique from its own file, and others from the language's: it moves nobody on."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.messages import Said
from assistant.respond.dialogue_context import Line
from assistant.respond.holds import how_on
from assistant.respond.places import place_of, technique_at, turning
from assistant.respond.replies import Transition, answer, line
from assistant.respond.states import Counting, OwnPace, PainAsked, PainHold, State
from assistant.routine import Library

DIRECTION = "direction"  # the topic whose answer changes with the count


def ask(state: State, said: Said, library: Library) -> Transition:
    """Answer in one or two sentences; in one while it counts.

    In doubt what is asked, one sentence about the other topic follows.
    """
    lines = _lines(state, said, library)
    return answer(state, *(lines[:1] if isinstance(state, (Counting, OwnPace)) else lines))


def ask_in_pain(state: PainHold, said: Said, library: Library) -> Transition:
    """Leave every question to a doctor while something hurts; ask the open question again, or say how to go on."""
    on = state.talk.last if isinstance(state, PainAsked) else (how_on(state),)
    return answer(state, line("ask_a_doctor"), *on)


def _lines(state: State, said: Said, library: Library) -> tuple[Line, ...]:
    topic, term = str(said.slots.get("topic", "")), library.answers.terms.get(str(said.slots.get("term", "")))
    technique = _technique(state, said, library)
    place = place_of(state)
    if topic == DIRECTION and place is not None and place.direction and technique == technique_at(library, place).id:
        return (turning(library, place),)
    about = [key for key in (topic, str(said.slots.get("second", ""))) if key]
    answers = [found for key in about if (found := _answer(key, technique, library))]
    told = dict.fromkeys((*answers[0], *(found[0] for found in answers[1:]))) if answers else ()
    sentences = term.answer if term else tuple(told)
    return tuple(line("line", text=text) for text in sentences) if sentences else (line("do_not_know"),)


def _answer(topic: str, technique: str | None, library: Library) -> Sequence[str] | None:
    """Return the technique's own answer, else the language's."""
    own = library.words(technique).answers.get(topic) if technique else None
    return own or library.answers.topics.get(topic)


def _technique(state: State, said: Said, library: Library) -> str | None:
    """Return the technique that is named, else the present one, else one that is described."""
    named, likely = (library.technique_called(str(said.slots.get(key, ""))) for key in ("technique", "likely"))
    place = place_of(state)
    return named or (technique_at(library, place).id if place else likely)
