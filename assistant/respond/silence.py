"""The meaning of silence. In a massage it is normal: only an open question is asked again, and then ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from assistant.messages import Effect, Leave, WakeMe
from assistant.respond import (
    asking_back,
    checking,
    confirming,
    ending,
    feeling,
    hold_questions,
    holds,
    teaching,
)
from assistant.respond.answers import name_of
from assistant.respond.replies import Transition, answer, ask, line, silently
from assistant.respond.states import (
    AskedBack,
    Asleep,
    Confirm,
    EndedUrgent,
    FeelingAsked,
    Finished,
    Idle,
    Left,
    Locating,
    NotToday,
    Offered,
    OwnPace,
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
from assistant.routine import Library

QUIET = "quiet"

SilenceRule: TypeAlias = Callable[[Any, Library], Transition]


def ask_again(state: State, library: Library) -> Transition:
    """Ask the open question again, unchanged."""
    return ask(state, *(state.talk.last[-1:] or (line(f"help_{name_of(type(state))}"),)))


def check_in(state: Paused | PainHold, library: Library) -> Transition:
    """Ask if all is well."""
    return hold_questions.check_in(state)


def still_going(state: OwnPace, library: Library) -> Transition:
    """Ask once if the person still counts; they may count on without an answer."""
    return answer(state, line("still_going"))


def still_asleep(state: Asleep, library: Library) -> Transition:
    """Say that it does not listen: somebody may have forgotten it."""
    return answer(state, line("sleeping"))


def leave(state: State, library: Library) -> Transition:
    """Leave: nobody seems to be there. The place is kept, and the program ends."""
    return ending.part(state, library, "silence")


def leave_finished(state: Finished, library: Library) -> Transition:
    """Leave long after the end of a routine, without a word: nobody waits for one."""
    return Left(talk=state.talk), (Leave(reason="finished"),)


def leave_quietly(state: EndedUrgent | NotToday, library: Library) -> Transition:
    """Leave after serious words, adding nothing."""
    return state, (Leave(reason="red_flag" if isinstance(state, EndedUrgent) else "not_today"),)


def no_answer(state: Screening, library: Library) -> Transition:
    """Silence is not a "no": ask again."""
    return checking.again(state, library)


def no_word_tried(state: Teaching, library: Library) -> Transition:
    """Leave the lesson out."""
    return teaching.skip(state, None, library)


def no_pace_chosen(state: PaceAsked, library: Library) -> Transition:
    """Keep the pace."""
    return teaching.fine(state, None, library)


def no_rating(state: Rating, library: Library) -> Transition:
    """Go on without a rating, which is optional."""
    return silently(ending.rated(state, library))


def no_confirmation(state: Confirm, library: Library) -> Transition:
    """Leave everything unchanged after silence; a step in progress is held, not continued."""
    return confirming.no(replace(state, goes_on=False), None, library)


def check_in_behind(state: AskedBack, library: Library) -> Transition:
    """Ask if all is well, once: nobody answered a doubt about safety. It stays held."""
    back = asking_back.behind(state)
    held = back if isinstance(back, PainHold) else replace(holds.hold(back), talk=back.talk, is_stopped=True)
    after, effects = hold_questions.check_in(held)
    return replace(after, talk=replace(after.talk, asked=1)), effects


_IN_PAUSE: tuple[tuple[float, SilenceRule], ...] = ((300.0, check_in), (1500.0, leave))
_IN_PAIN: tuple[tuple[float, SilenceRule], ...] = ((20.0, check_in), (60.0, check_in), (300.0, check_in))

AFTER: Mapping[type[State], tuple[tuple[float, SilenceRule], ...]] = {
    Teaching: ((12.0, no_word_tried),),
    PaceAsked: ((8.0, no_pace_chosen),),
    Idle: ((60.0, ask_again), (600.0, leave)),
    Offered: ((60.0, ask_again), (600.0, leave)),
    ResumeOffer: ((30.0, ask_again), (600.0, leave)),
    Screening: ((25.0, no_answer), (30.0, no_answer)),  # chosen: twenty seconds to think are no refusal
    Rating: ((10.0, no_rating),),
    ReadyPrompt: ((90.0, ask_again), (900.0, leave)),
    Locating: ((90.0, ask_again), (900.0, leave)),
    Paused: _IN_PAUSE,
    PauseAsked: _IN_PAUSE,
    PainHold: _IN_PAIN,
    PainAsked: _IN_PAIN,
    FeelingAsked: ((15.0, feeling.unanswered),),
    OwnPace: ((180.0, still_going),),
    Asleep: ((1800.0, still_asleep), (5400.0, still_asleep)),
    Confirm: ((8.0, ask_again), (8.0, no_confirmation)),
    AskedBack: ((8.0, asking_back.unanswered),),
    EndedUrgent: ((120.0, leave_quietly),),
    NotToday: ((60.0, leave_quietly),),  # chosen: time to take an answer back
    Finished: ((600.0, leave_finished),),
}
"""Seconds of silence after the last word, and what is done then. Sources: docs/voice-ui.md, "Silence", and
docs/safety.md, "Stop rules". After pain it asks three times (chosen), then waits without a word for as long as it
takes: nobody who is in pain is left alone with a goodbye."""

_NEVER_ENDS = (PainHold, OwnPace, Asleep)
"""States in which it asks a few times, and then waits without a word."""

STOPPED: tuple[tuple[float, SilenceRule], ...] = ((60.0, check_in), (120.0, leave))
"""After "stop" and before a routine's own time, as docs/voice-ui.md, "Silence", has it."""


def plan_for(state: State) -> tuple[tuple[float, SilenceRule], ...]:
    """Return the timed actions of silence in this state; none in a rest, and none where it only asks and has asked."""
    if isinstance(state, AskedBack) and asking_back.is_held(state):
        first_s, _ = (_IN_PAIN if isinstance(state.back, PainHold) else STOPPED)[0]
        return ((first_s, check_in_behind),)
    if isinstance(state, (Paused, PainHold)) and state.rests_until_s is not None:
        return ()
    plan = STOPPED if isinstance(state, Paused) and state.is_stopped else AFTER.get(type(state), ())
    return () if isinstance(state, _NEVER_ENDS) and state.talk.asked >= len(plan) else plan


def after_last_word(state: State, at_s: float) -> tuple[Effect, ...]:
    """Ask to be woken when the silence after the last word has lasted long enough."""
    plan = plan_for(state)
    asked = min(state.talk.asked, len(plan) - 1)
    return (WakeMe(at_s=at_s + plan[asked][0], tag=QUIET),) if plan else ()


def is_silent(state: State, library: Library) -> Transition:
    """Act on a lasting silence: ask once more, or do what silence means here."""
    plan = plan_for(state)
    if not plan:
        return state, ()
    asked = min(state.talk.asked, len(plan) - 1)
    after, effects = plan[asked][1](state, library)
    if isinstance(after, type(state)) and not isinstance(after, Screening):
        after = replace(after, talk=replace(after.talk, asked=asked + 1))
    return after, effects
