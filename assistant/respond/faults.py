"""Parts outside of the dialogue that break and work again: a deaf or mute machine holds, and each is told. Pure."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Failed, Recovered
from assistant.respond import holds
from assistant.respond.dialogue_context import Line
from assistant.respond.ending import input_lost
from assistant.respond.replies import Transition, answer, line, tell
from assistant.respond.states import AskedBack, Left, PainAsked, PainHold, PauseAsked, Paused, State
from assistant.routine import Library

_GOES_ON = frozenset({"journal", "forget", "lines", "voice", "missing", "clipped", "hum"})
"""Failures that leave the machine able to hear and speak: another voice takes over, nothing is written, a person
without a microphone types, and a person who is too loud, or behind a hum, may still be heard."""
_OF_THE_DISK = frozenset({"journal", "forget", "lines"})


def told(state: State, event: Failed | Recovered, library: Library) -> Transition:
    """Hold and say what broke, or say that it works again; of the disk the goodbye tells."""
    if isinstance(state, Left) and event.room in _OF_THE_DISK:
        return state, ()
    if event.room == "input":
        return input_lost(state, library)
    return _failed(state, event) if isinstance(event, Failed) else _recovered(state, event)


def _failed(state: State, event: Failed) -> Transition:
    """Hold the place when the machine is deaf or mute, and say which part broke."""
    held, effects = (state, ()) if event.room in _GOES_ON else holds.hold_quietly(state)
    talk, says = tell(held.talk, line(f"failed_{event.room}"))
    return replace(held, talk=talk), (*effects, *says)


def _recovered(state: State, event: Recovered) -> Transition:
    """Say that it works again; a step held by the fault waits for a word, and an open question is asked again."""
    on: tuple[Line, ...] = ()
    if isinstance(state, (PauseAsked, PainAsked, AskedBack)) and event.room not in _GOES_ON:
        on = state.talk.last
    elif isinstance(state, (Paused, PainHold)) and event.room not in _GOES_ON:
        on = (holds.how_on(state),)
    return answer(state, line(f"recovered_{event.room}"), *on)
