"""Speech that is no command here: unknown, only nearly heard, or not legal now. It moves nobody on."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Intent, Perhaps, Sound, Unsure
from assistant.respond import asking_back, checking, dosing, emergency, holds
from assistant.respond.answers import name_of
from assistant.respond.dialogue_context import Line
from assistant.respond.replies import Transition, answer, line
from assistant.respond.rows import SAFETY
from assistant.respond.states import (
    Asleep,
    Confirm,
    EndedUrgent,
    FeelingAsked,
    Idle,
    Left,
    Locating,
    NotToday,
    Offered,
    Opening,
    PaceAsked,
    PainAsked,
    PainHold,
    PauseAsked,
    Paused,
    Rating,
    ReadyPrompt,
    ResumeOffer,
    Screening,
    State,
    Teaching,
)
from assistant.respond.transitions import handler_for, legal
from assistant.routine import Library

HINT_AFTER = 2  # a sign, then a hint, then silence (docs/voice-ui.md, "Unknown speech")

_BEFORE = (Teaching, PaceAsked, Idle, Offered, ResumeOffer, Screening, Rating)
_ASKING = (*_BEFORE, ReadyPrompt, Locating, FeelingAsked, PauseAsked, PainHold, Confirm)
"""The states in which a question is open."""
_DEAF = (Opening, Asleep, Left)
"""States that ignore unknown speech and commands without a row."""
_YES_OR_NO = frozenset({Intent.YES, Intent.NO})
_ANSWERS = _YES_OR_NO | {Intent.MAYBE}
_NOT_WORTH_A_WORD = frozenset(
    {
        *(Intent.READY, Intent.RESUME, Intent.DONE, Intent.CANCEL, Intent.RATE_PAIN, Intent.WAKE),
        *(Intent.MAYBE, Intent.CHANGE_ANSWER, Intent.DOCTOR_AGREED),
    }
)
"""Intents that get no answer where something goes on and they are not legal: people say these to each other."""


def not_now(state: State, intent: Intent, *, is_guess: bool = False) -> Transition:
    """Say that it is not possible now, and what is; nothing where something goes on, and it is not worth a word.

    `is_guess`: likely meant, in own words, which may be talk to somebody else. It is answered where the guide waits for
    the person, as often as unknown speech.
    """
    if is_guess:
        return _guessed(state, intent)
    if isinstance(state, (EndedUrgent, NotToday)):
        return _at_the_end(state, intent)
    if isinstance(state, _DEAF) or (intent in _NOT_WORTH_A_WORD and not isinstance(state, (*_ASKING, Paused))):
        return state, ()
    if intent in _YES_OR_NO:
        return _answered_nothing(state, intent)
    if intent is Intent.WAKE:
        return answer(state, line("listening"))
    return answer(state, line("not_now"), *_ways_on(state))


def _ways_on(state: State) -> tuple[Line, ...]:
    """Return what is possible now. A question about pain stays open, so it is the last thing that is heard."""
    if isinstance(state, PainAsked):
        return state.talk.last
    return (holds.pain_line(state.place) if isinstance(state, PainHold) else line(f"help_{name_of(type(state))}"),)


def _guessed(state: State, intent: Intent) -> Transition:
    if not isinstance(state, asking_back.WAITS) or intent in _ANSWERS or state.talk.misses >= HINT_AFTER:
        return _missed(state)
    misses = state.talk.misses + 1
    after, effects = not_now(state, intent)
    return replace(after, talk=replace(after.talk, misses=misses, asked=state.talk.asked)), effects


def _at_the_end(state: EndedUrgent | NotToday, intent: Intent) -> Transition:
    """Say again that nothing starts, and why; to a stray answer nothing."""
    if intent in _ANSWERS | {Intent.CANCEL, Intent.WAKE}:
        return state, ()
    if isinstance(state, EndedUrgent):
        return emergency.emergency_again(state)
    return answer(state, line("not_today"), line("next_time"))


def _answered_nothing(state: State, intent: Intent) -> Transition:
    """Answer a stray yes or no at most once, since it is usually meant for somebody else."""
    if isinstance(state, _ASKING):
        return _missed(state)
    if intent is Intent.NO or not isinstance(state, Paused) or state.talk.misses:
        return state, ()
    after, effects = answer(state, holds.how_on(state))
    return replace(after, talk=replace(after.talk, misses=1)), effects


def heard(state: State, event: Perhaps | Unsure, library: Library) -> Transition:
    """Ask about a legal command that was nearly heard, where it is asked about; else it is unknown speech."""
    if isinstance(state, EndedUrgent | NotToday) and isinstance(event, Perhaps) and event.intent in SAFETY:
        return emergency.emergency_again(state)
    if isinstance(state, NotToday) and isinstance(event, Perhaps) and event.intent is Intent.DOCTOR_AGREED:
        return answer(state, *state.talk.last)
    if isinstance(event, Unsure) or event.intent not in legal(state):
        return _missed(state)
    if isinstance(state, Screening) and event.intent in _ANSWERS:
        return checking.unclear(state, library)
    nearly = replace(event, intent=_safety_in(state, event.intent))
    asked = asking_back.nearly(state, nearly, library)
    return _missed(state) if asked is None else asked


def _missed(state: State) -> Transition:
    """Give an earcon, then a hint, then silence, where a question is open; without one, do nothing."""
    if not isinstance(state, _ASKING):
        return state, ()
    misses = state.talk.misses + 1
    missed = replace(state, talk=replace(state.talk, misses=misses))
    if misses > HINT_AFTER:
        return missed, ()
    if misses < HINT_AFTER:
        return missed, (Sound(earcon="not_understood"),)
    after, effects = answer(state, line(f"help_{name_of(type(state))}"))
    return replace(after, talk=replace(after.talk, misses=misses, asked=state.talk.asked)), effects


def _safety_in(state: State, intent: Intent) -> Intent:
    """Return the safety intent that does the same while something goes on, or the intent.

    In a count what is only nearly "more on the left" may be "my left leg hurts more".
    """
    handler = handler_for(state, intent) if isinstance(state, asking_back.MOVES) else None
    if handler is dosing.sorer_in_a_count:
        return Intent.PAIN
    return next((safety for safety, does in SAFETY.items() if does is handler), intent)
