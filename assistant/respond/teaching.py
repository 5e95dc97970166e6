"""The lesson of a first session: the words of safety are tried once, and the pace of the voice is chosen.

A word that is tried is the word itself: what was asked for is heard as meant, and any other word of safety acts as it
does everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from assistant.messages import Intent, Said
from assistant.respond import adjust, hold_questions, holds
from assistant.respond.replies import Transition, ask_now, line, silently
from assistant.respond.starting import after_lesson, start_goal, whole
from assistant.respond.states import PaceAsked, Teaching
from assistant.routine import Library


class _Tried(NamedTuple):
    word: str
    """The reply that asks for it is try_WORD, the one after it tried_WORD."""
    intents: frozenset[Intent]


LESSON = (
    _Tried("stop", frozenset({Intent.STOP})),
    _Tried("pain", frozenset({Intent.PAIN, Intent.TOO_HARD})),
    _Tried("pause", frozenset({Intent.PAUSE})),
)
_ELSE: Mapping[Intent, Callable[[Any, Said, Library], Transition]] = {
    Intent.STOP: holds.stop,
    Intent.PAIN: holds.pain,
    Intent.TOO_HARD: hold_questions.too_hard,
    Intent.PAUSE: holds.pause,
}


def tried(state: Teaching, said: Said, library: Library) -> Transition:
    """Confirm the word that was to be tried, and go to the next one; another word of safety holds as everywhere."""
    here = LESSON[state.word]
    if said.intent not in here.intents:
        return _ELSE[said.intent](state, said, library)
    confirmed = line(f"tried_{here.word}")
    if state.word + 1 == len(LESSON):
        return ask_now(PaceAsked(talk=state.talk, after=state.after), confirmed, line("good_pace"))
    after = replace(state, word=state.word + 1)
    return ask_now(after, confirmed, line(f"try_{LESSON[after.word].word}"))


def skip(state: Teaching, said: Said | None, library: Library) -> Transition:
    """Leave the lesson out."""
    return ask_now(PaceAsked(talk=state.talk, after=state.after), line("good_pace"))


def start(state: Teaching | PaceAsked, said: Said, library: Library) -> Transition:
    """Leave out the lesson and the offer: the person has said start."""
    routine = state.after.routine or state.talk.usual
    return start_goal(state, library, whole(routine, library))


def fine(state: PaceAsked, said: Said | None, library: Library) -> Transition:
    """Keep the pace, and go on."""
    return silently(after_lesson(state.talk, state.after, library))


def slower(state: PaceAsked, said: Said, library: Library) -> Transition:
    """Speak slower from now on, and go on."""
    return _changed(adjust.speak_slower(state, said, library), library)


def faster(state: PaceAsked, said: Said, library: Library) -> Transition:
    """Speak faster from now on, and go on."""
    return _changed(adjust.speak_faster(state, said, library), library)


def _changed(result: Transition, library: Library) -> Transition:
    state, effects = result
    if not isinstance(state, PaceAsked):
        return result
    after, more = after_lesson(state.talk, state.after, library)
    return after, (*effects, *more)
