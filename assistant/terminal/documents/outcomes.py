"""Tries every answer to a safety question in the dialogue itself, so that docs/spoken.md tells what it really does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.messages import Due, Event, Intent, Perhaps, Said, Say, Slots, VoiceEnded
from assistant.respond.dialogue import advance
from assistant.respond.dialogue_context import Goal
from assistant.respond.safety import asking
from assistant.respond.silence import QUIET
from assistant.respond.states import EndedUrgent, NotToday, Screening, State, Talk
from assistant.routine import Library
from assistant.screening import Question

ANSWERS: Mapping[str, Event] = {
    "a clear no": Said(at_s=9.0, intent=Intent.NO),
    "yes": Said(at_s=9.0, intent=Intent.YES),
    "maybe": Said(at_s=9.0, intent=Intent.MAYBE),
    "my doctor agreed": Said(at_s=9.0, intent=Intent.DOCTOR_AGREED),
    "what is no clear answer": Perhaps(at_s=9.0, intent=Intent.NO),
    "nothing": Due(at_s=99.0, tag=QUIET),
}
TWICE = ("maybe", "my doctor agreed", "what is no clear answer", "nothing")
MEANT: Slots = {"answer": "no"}


def outcomes(library: Library, question: Question, routine: str) -> Iterator[str]:
    """Yield a line of a table for each answer: the keys of what is said then, and what it leads to."""
    for words, event in ANSWERS.items():
        state, said = _answer(_open(library, question, routine), event, library)
        yield _row(words, said, state)
        if isinstance(state, Screening) and words in TWICE and state.questions[0] == question.id:
            state, said = _answer(_heard(state, library), event, library)
            yield _row(f"{words}, again", said, state)
    state, _ = _answer(_open(library, question, routine), ANSWERS["yes"], library)
    if not isinstance(state, Screening):
        state, said = _answer(state, Said(at_s=9.0, intent=Intent.CHANGE_ANSWER, slots=MEANT), library)
        yield _row("yes, then: I meant no", said, state)


def _open(library: Library, question: Question, routine: str) -> Screening:
    """Return the question, heard to its end, with another one after it."""
    goal = Goal(routine=routine, steps=tuple(range(len(library.routines[routine].steps))))
    following = next(one.id for one in reversed(library.screening.questions) if one.id != question.id)
    return Screening(talk=Talk(), goal=goal, questions=(question.id, following), is_open=True, is_cued=False)


def _heard(state: Screening, library: Library) -> State:
    return advance(state, VoiceEnded(at_s=9.0, utterance=state.awaiting, is_finished=True), library)[0]


def _answer(state: State, event: Event, library: Library) -> tuple[State, list[str]]:
    after, effects = advance(state, event, library)
    asked = asking(after, library) if isinstance(after, Screening) else ()
    said = [one for one in effects if isinstance(one, Say) and not any(one.values == line.values for line in asked)]
    return after, [one.reply for one in said]


def _row(words: str, said: list[str], state: State) -> str:
    match state:
        case EndedUrgent():
            then = "it is over; emergency lines can be repeated"
        case NotToday():
            then = "no session today"
        case Screening():
            then = "the question that is open then" if not said else "a question"
        case _:
            then = "the session"
    return f"| {words} | {', '.join(said)} | {then} |"
