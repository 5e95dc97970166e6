"""How a state speaks: lines get utterance numbers, and an interrupted instruction goes on where it was cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, TypeVar

from assistant.messages import Effect, Forget, Hush, Say, SlotValue
from assistant.respond.counting import BEAT, COUNT_END
from assistant.respond.states import Advising, Counting, Instructing, Leading, Line, Place, State, Talk

Result: TypeAlias = tuple[State, tuple[Effect, ...]]
_AnyState = TypeVar("_AnyState", bound=State)

SILENCE: tuple[Effect, ...] = (Hush(how="now"), Forget(tag=BEAT), Forget(tag=COUNT_END))
"""Speech and count end in one step."""


def line(reply: str, **values: SlotValue) -> Line:
    """One sentence by its reply key."""
    return Line(reply=reply, values=values)


def tell(talk: Talk, *lines: Line, is_prompt: bool = False) -> tuple[Talk, tuple[Effect, ...]]:
    """Number the lines and speak them; a prompt is what "repeat" says again."""
    says = tuple(
        Say(utterance=talk.next_utterance + i, reply=one.reply, values=one.values) for i, one in enumerate(lines)
    )
    last = lines if is_prompt else talk.last
    return replace(talk, next_utterance=talk.next_utterance + len(lines), last=last, misses=0), says


def instruct(talk: Talk, place: Place, lines: tuple[Line, ...], *, is_prompt: bool = True) -> Result:
    """Speak a step's instruction; when its last line has been heard, the ready question is open."""
    first = talk.next_utterance
    talk, says = tell(talk, *lines, is_prompt=is_prompt)
    return Instructing(talk=talk, place=place, lines=lines, first_utterance=first), says


def lead(talk: Talk, place: Place, *lines: Line, has_count_in: bool = False) -> Result:
    """Speak the sentence before a count; the count begins when its last line ends."""
    talk, says = tell(talk, *lines, is_prompt=True)
    state = Leading(talk=talk, place=place, awaiting=talk.next_utterance - 1, has_count_in=has_count_in)
    return state, says


def advise(talk: Talk, routine: str | None, lines: tuple[Line, ...], *, is_start_asked: bool = False) -> Result:
    """Speak the expert advice; only when its last line has been heard does the session go on."""
    talk, says = tell(talk, *lines, is_prompt=True)
    awaiting = talk.next_utterance - 1
    return Advising(talk=talk, awaiting=awaiting, routine=routine, is_start_asked=is_start_asked), says


def answer(state: State, *lines: Line) -> Result:
    """Answer a question and stay: between two beats while counting, else at once, then go on where it was cut."""
    if isinstance(state, Counting):
        talk, says = tell(state.talk, *lines)
        return replace(state, talk=talk), says
    if isinstance(state, Instructing):
        talk, says = tell(state.talk, *lines)
        after, rest = instruct(talk, state.place, state.lines, is_prompt=False)
        return after, (Hush(how="now"), *says, *rest)
    if isinstance(state, Leading):
        talk, says = tell(state.talk, *lines)
        after, rest = lead(talk, state.place, *state.talk.last, has_count_in=state.has_count_in)
        return after, (Hush(how="now"), *says, *rest)
    if isinstance(state, Advising):
        talk, says = tell(state.talk, *lines)
        after, rest = advise(talk, state.routine, state.talk.last, is_start_asked=state.is_start_asked)
        return after, (Hush(how="now"), *says, *rest)
    talk, says = tell(state.talk, *lines)
    return replace(state, talk=talk), (Hush(how="now"), *says)


def prompt(state: _AnyState, *lines: Line) -> tuple[_AnyState, tuple[Effect, ...]]:
    """Speak what "repeat" shall say again, and stay in the state."""
    talk, says = tell(state.talk, *lines, is_prompt=True)
    return replace(state, talk=talk), says
