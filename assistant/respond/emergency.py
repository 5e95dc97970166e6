"""The end of the guidance in danger: the urgent words, what to call, and nothing that is ever resumed."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Keep, Leave, Remember, Said
from assistant.respond.dialogue_context import Line
from assistant.respond.replies import SILENCE, Transition, line, tell
from assistant.respond.states import EndedUrgent, NotToday, State, Talk
from assistant.routine import Library


def urgent(state: State, said: Said, library: Library) -> Transition:
    """A red flag: end the guidance, read the urgent line, never offer to resume, and screen anew next time."""
    return _end(state, line("stop_now"), line("urgent"), *calling(state.talk))


def emergency(state: State, said: Said, library: Library) -> Transition:
    """The person asks for help that a machine without a line cannot give: say so, and what to do."""
    return _end(state, line("stop_now"), line("cannot_call"), *calling(state.talk))


def calling(talk: Talk) -> tuple[Line, ...]:
    """Return what to call, digit by digit and twice; without a number, that there is one."""
    if not talk.emergency:
        return (line("call"),)
    return line("call_number", digits=talk.emergency), line("call_again", digits=talk.emergency)


def _end(state: State, *lines: Line) -> Transition:
    talk, says = tell(state.talk, *lines, is_prompt=True, interruptible=False)
    return EndedUrgent(talk=talk), (*SILENCE, Remember(fact="screening_failed"), Keep(saved=None), *says)


def emergency_again(state: EndedUrgent | NotToday) -> Transition:
    """Read the emergency lines to somebody who may be asking for help after a refusal; again, if they were read."""
    if isinstance(state, EndedUrgent):
        talk, says = tell(state.talk, *state.talk.last, is_prompt=True, interruptible=False)
        return replace(state, talk=talk), (*SILENCE, *says)
    return _end(state, line("stop_now"), line("cannot_call"), *calling(state.talk))


def leave_urgent(state: EndedUrgent | NotToday, said: Said, library: Library) -> Transition:
    """Leave without a cheerful word."""
    talk, says = tell(state.talk, calling(state.talk)[0] if isinstance(state, EndedUrgent) else line("not_today"))
    leave = Leave(reason="red_flag" if isinstance(state, EndedUrgent) else "not_today")
    return replace(state, talk=talk), (*SILENCE, *says, leave)
