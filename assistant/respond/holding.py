"""Pause, stop, pain and danger: silence first, then words. Every handler here hushes speech and count in one step."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Leave, Said
from assistant.respond.answers import advice
from assistant.respond.flow import enter, offer
from assistant.respond.places import instruction, leading, technique_at
from assistant.respond.states import (
    Advising,
    Counting,
    EndedUrgent,
    Finished,
    Instructing,
    Leading,
    Line,
    Offered,
    PainHold,
    Paused,
    State,
)
from assistant.respond.telling import SILENCE, Result, advise, answer, instruct, lead, line, prompt, tell
from assistant.routine import Library

MOST_PAINS = 2  # safety.md stop rules: a second trigger in the same area ends work on it


def _hold(state: State, at_count: str, elsewhere: str) -> Result:
    """Silence, remember the place, and say how to go on."""
    if isinstance(state, (EndedUrgent, Finished)):
        return state, SILENCE
    if isinstance(state, PainHold):
        after, effects = prompt(state, line("pain_hold"))
        return after, (*SILENCE, *effects)
    paused, said = _paused(state), line(elsewhere)
    if paused.is_in_count and paused.place is not None:
        said = line(at_count, n=paused.place.n, of=paused.place.repetitions)
    talk, says = tell(state.talk, said, is_prompt=True)
    return replace(paused, talk=talk), (*SILENCE, *says)


def hold_quietly(state: State) -> Result:
    """Stop a count or an instruction without a word; other states stay as they are."""
    if isinstance(state, (Advising, Counting, Leading, Instructing)):
        return _paused(state), SILENCE
    return state, ()


def _paused(state: State) -> Paused:
    match state:
        case Paused():
            return state
        case Counting():
            return Paused(talk=state.talk, place=state.place, is_in_count=True)
        case Leading():
            return Paused(talk=state.talk, place=state.place, is_in_count=state.place.n > 0)
        case Offered() | Advising():
            is_open = isinstance(state, Advising)
            return Paused(talk=state.talk, place=None, routine=state.routine, is_advice_open=is_open)
        case _:
            return Paused(talk=state.talk, place=getattr(state, "place", None))


def pause(state: State, said: Said, library: Library) -> Result:
    """Hold at the count; the next number waits."""
    return _hold(state, "paused_at", "paused")


def stop(state: State, said: Said, library: Library) -> Result:
    """Cut speech and count at once, no question; the place is kept."""
    return _hold(state, "stopped_at", "stopped")


def too_hard(state: State, said: Said, library: Library) -> Result:
    """Cut, and ask for less pressure before going on."""
    return _hold(state, "ease_off", "ease_off")


def resume(state: Paused, said: Said, library: Library) -> Result:
    """Go on where it was held: with a count-in if a count was running, else with the instruction."""
    place = state.place
    if state.is_advice_open:
        after, effects = advise(state.talk, state.routine, advice())
    elif place is None:
        after, effects = offer(state.talk, library, state.routine)
    elif state.is_in_count and place.n > 0:
        after, effects = lead(state.talk, place, line("resuming", n=place.n), has_count_in=True)
    elif state.is_in_count:
        after, effects = lead(state.talk, place, leading(library, place))
    else:
        after, effects = instruct(state.talk, place, instruction(library, place))
    return after, (*SILENCE, *effects)


def pain(state: State, said: Said, library: Library) -> Result:
    """Let go; then lighter, skip, or end. A second pain on the same technique ends the work on it."""
    if isinstance(state, EndedUrgent):
        return urgent(state, said, library)
    place = getattr(state, "place", None)
    if place is None:
        held = state if isinstance(state, (Finished, Paused)) else _paused(state)
        talk, says = tell(held.talk, line("let_go"), line("pain_outside"), is_prompt=True)
        return replace(held, talk=talk), (*SILENCE, *says)
    place = replace(place, pains=place.pains + 1)
    lines = _pain_lines(place.pains)
    talk, says = tell(state.talk, *lines, is_prompt=True)
    return PainHold(talk=talk, place=place), (*SILENCE, *says)


def _pain_lines(pains: int) -> tuple[Line, ...]:
    return (line("let_go"), line("pain_again" if pains >= MOST_PAINS else "pain_hold"))


def ask_if_gone(state: PainHold, said: Said, library: Library) -> Result:
    """Before going on after pain: is it gone? Not offered after a second pain on the same technique."""
    if state.place.pains >= MOST_PAINS:
        after, effects = prompt(state, line("pain_again"))
    else:
        after, effects = prompt(replace(state, is_asked=True), line("is_pain_gone"))
    return after, (*SILENCE, *effects)


def pain_gone(state: PainHold, said: Said, library: Library) -> Result:
    """Yes, it is gone: go on more lightly, with the instruction from its start."""
    if not state.is_asked:
        return answer(state, line("pain_hold"))
    technique = technique_at(library, state.place)
    lines = (line("lighter", technique=library.words(technique.id).name), line("say_ready"))
    after, effects = instruct(state.talk, state.place, lines)
    return after, (*SILENCE, *effects)


def pain_stays(state: PainHold, said: Said, library: Library) -> Result:
    """No, it still hurts: stay silent, offer to skip or to end."""
    after, effects = prompt(replace(state, is_asked=False), line("pain_stays"))
    return after, (*SILENCE, *effects)


def skip_after_pain(state: PainHold, said: Said, library: Library) -> Result:
    """Leave the technique that hurt, and teach the next one."""
    after, effects = enter(state.talk, library, state.place, state.place.step + 1)
    return after, (*SILENCE, *effects)


def urgent(state: State, said: Said, library: Library) -> Result:
    """A red flag: end the guidance, read the urgent line; resuming is never offered."""
    return _end(state, line("stop_now"), line("urgent"), line("call"))


def emergency(state: State, said: Said, library: Library) -> Result:
    """The person asks for help that a machine without a line cannot give; says so, and what to do."""
    return _end(state, line("stop_now"), line("cannot_call"), line("call"))


def _end(state: State, *lines: Line) -> Result:
    talk, says = tell(state.talk, *lines, is_prompt=True)
    return EndedUrgent(talk=talk), (*SILENCE, *says)


def leave_urgent(state: EndedUrgent, said: Said, library: Library) -> Result:
    """Leave after the urgent line, without a cheerful word."""
    talk, says = tell(state.talk, line("call"))
    return replace(state, talk=talk), (*SILENCE, *says, Leave(reason="red_flag"))
