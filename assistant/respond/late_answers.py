"""Answers of the safety check that are changed after it: "wait, I meant yes", in an instruction, a count or a hold.

A yes may forbid what goes on, so that is held first. Just behind the check all questions are asked anew; later, and
where another question was asked since, it asks whether an answer of the check was meant. "I meant no" forbids nothing,
and leaves a count alone.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Perhaps, Remember, Said, Say
from assistant.respond import asking_back, checking, flow
from assistant.respond.dialogue_context import Place
from assistant.respond.gate import Gate
from assistant.respond.replies import Transition, answer, ask_now, line, silently
from assistant.respond.safety import asking, questions_for
from assistant.respond.starting import goal_of
from assistant.respond.states import (
    Counting,
    Leading,
    OwnPace,
    PainHold,
    PauseAsked,
    Paused,
    ReadyPrompt,
    Screening,
    Talk,
    WithPlace,
)
from assistant.routine import Library

LATE_S = 300.0  # after the last answer: who changes one then means the check. Chosen
IS_MEANT = "is_meant"
"""The slot of a change that was asked about, and is one of the check."""
_COUNTS = (Leading, Counting, OwnPace)


def change(state: WithPlace, said: Said, library: Library) -> Transition:
    """Hold, and ask all questions anew, or first if that is meant. An answer to another open question stays one."""
    place = state.place
    if place is None:
        return _without_a_place(state, said, library)
    given = said.slots.get("answer")
    is_new = _checked_s(state.talk) > 0.0 and said.at_s - _checked_s(state.talk) <= LATE_S
    if isinstance(state, _COUNTS) and given == "no":
        return answer(state, line("change_in_a_pause")) if is_new else (state, ())
    is_clear = is_new and "doubt" not in said.slots and not place.was_asked and not isinstance(state, PainHold)
    if is_clear or IS_MEANT in said.slots:
        return _anew(state.talk, place, library)
    if given and isinstance(state, ReadyPrompt):
        return (flow.ready if given == "yes" else flow.not_yet)(state, said, library)
    if given and isinstance(state, PauseAsked):
        return answer(state, *state.talk.last)
    meant = Perhaps(at_s=said.at_s, intent=said.intent, slots={**said.slots, IS_MEANT: 1}, text=said.text)
    return asking_back.hold_and_ask(state, meant, library)


def _checked_s(talk: Talk) -> float:
    """Return when the last answer was given, in seconds of the session; none in this session is 0 or less."""
    return max(talk.checks.values(), default=0.0)


def _without_a_place(state: WithPlace, said: Said, library: Library) -> Transition:
    """Change an answer of a check that is held; before anything began there is none."""
    if isinstance(state, Paused) and isinstance(state.before, Screening):
        check = replace(state.before, talk=state.talk)
        after, effects = checking.change(check, said, library)
        is_told = any(isinstance(effect, Say) for effect in effects)  # no answer counts before all of it was heard
        return silently((after, effects)) if is_told else ask_now(check, *asking(check, library))
    return answer(state, *(state.talk.last if isinstance(state, PauseAsked) else (line("not_now"),)))


def _anew(talk: Talk, place: Place, library: Library) -> Transition:
    """Ask all questions, and go on at the place behind them; what was not begun begins again."""
    is_begun = place.at or place.n or any(place.done)
    goal = replace(goal_of(place, again=not is_begun), is_introduced=True)
    anew = Screening(talk=replace(talk, checks={}, gate=Gate()), goal=goal, questions=())
    anew = replace(anew, questions=questions_for(anew.talk, library, goal))
    after, effects = ask_now(anew, line("check_first"), *asking(anew, library))
    return after, (Remember(fact="screening_failed"), *effects)
