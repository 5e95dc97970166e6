"""Makes states speak: numbers the lines, and resumes an interrupted instruction where it was cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from assistant.messages import Effect, Event, Forget, Hush, Said, Say, SlotValue
from assistant.respond.counting import BEAT, COUNT_END
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.states import Advising, Counting, Instructing, Leading, Screening, State, Talk

MINUTE_S = 60
MOST_NAMES = 3  # no menu is longer (docs/voice-ui.md, "Prompts")
Transition: TypeAlias = tuple[State, tuple[Effect, ...]]
_AnyState = TypeVar("_AnyState", bound=State)

HOLDS_THE_COUNT = frozenset({"left", "count_so_far", "side_is_next"})
"""Replies with the present number of a count: they must be spoken before the next one, or they would be wrong."""

SILENCE: tuple[Effect, ...] = (Hush(how="now"), Forget(tag=BEAT), Forget(tag=COUNT_END))
"""Effects that end speech and count in one step."""


def line(reply: str, **values: SlotValue) -> Line:
    """Return one sentence by its reply key."""
    return Line(reply=reply, values=values)


def listed(reply: str, names: Sequence[str], **values: SlotValue) -> Line:
    """Return the sentence that lists so many names: `reply_2` with {a} and {b}."""
    return Line(reply=f"{reply}_{len(names)}", values={**dict(zip("abc", names, strict=False)), **values})


def spoken_time(seconds: int) -> tuple[str, dict[str, SlotValue]]:
    """Return the end of a reply's key and the values for a time: in minutes where they say it exactly."""
    minutes, rest = divmod(seconds, MINUTE_S)
    if minutes == 1 and not rest:
        return "minute", {}
    if not rest:
        return "minutes", {"minutes": minutes}
    if minutes > 1 and rest > 1:
        return "minutes_seconds", {"minutes": minutes, "seconds": rest}
    return "seconds", {"seconds": seconds}


def tell(
    talk: Talk, *lines: Line, is_prompt: bool = False, interruptible: bool = True
) -> tuple[Talk, tuple[Effect, ...]]:
    """Number the lines and speak them; "repeat" says a prompt again."""
    first = talk.next_utterance
    says = tuple(
        Say(
            utterance=first + i,
            reply=one.reply,
            values=one.values,
            interruptible=interruptible,
            at_once=one.reply in HOLDS_THE_COUNT,
            then_s=one.then_s,
        )
        for i, one in enumerate(lines)
    )
    last = lines if is_prompt else talk.last
    return replace(talk, next_utterance=first + len(lines), last=last, said=lines, misses=0, asked=0), says


def ask(state: _AnyState, *lines: Line) -> tuple[_AnyState, tuple[Effect, ...]]:
    """Speak a prompt for "repeat", and stay in the state."""
    talk, says = tell(state.talk, *lines, is_prompt=True)
    if isinstance(state, Screening):
        return replace(state, talk=talk, awaiting=talk.next_utterance - 1, is_open=False), says
    return replace(state, talk=talk), says


def ask_now(state: _AnyState, *lines: Line) -> tuple[_AnyState, tuple[Effect, ...]]:
    """Stop speech and count, then speak a prompt as `ask` does."""
    after, says = ask(state, *lines)
    return after, (*SILENCE, *says)


def instruct(talk: Talk, place: Place, lines: tuple[Line, ...], *, is_prompt: bool = True) -> Transition:
    """Speak a step's instruction; when its last line was heard, the ready question is open."""
    first = talk.next_utterance
    talk, says = tell(talk, *lines, is_prompt=is_prompt)
    return Instructing(talk=talk, place=place, lines=lines, first_utterance=first), says


def lead(talk: Talk, place: Place, *lines: Line, has_count_in: bool = False) -> Transition:
    """Speak the sentence before a count; the count begins when its last line ends."""
    talk, says = tell(replace(talk, ended=None), *lines, is_prompt=True)
    state = Leading(talk=talk, place=place, awaiting=talk.next_utterance - 1, has_count_in=has_count_in)
    return state, says


def advise(state: Advising, lines: tuple[Line, ...]) -> Transition:
    """Speak the expert advice; the session continues only when its last line was heard."""
    talk, says = tell(state.talk, *lines, is_prompt=True)
    return replace(state, talk=talk, awaiting=talk.next_utterance - 1), says


def answer(state: State, *lines: Line) -> Transition:
    """Answer a question and stay: between two beats while counting, else at once, then resume the cut instruction."""
    talk, says = tell(state.talk, *lines)
    match state:
        case Counting():
            return replace(state, talk=talk), says
        case Instructing():
            after, rest = instruct(talk, state.place, state.lines, is_prompt=False)
        case Leading():
            after, rest = lead(talk, state.place, *talk.last, has_count_in=state.has_count_in)
        case Advising():
            after, rest = advise(replace(state, talk=talk), talk.last)
        case Screening(is_open=False):
            after, rest = ask(replace(state, talk=talk), *talk.last)
        case Screening() if lines[-1].reply != "help_screening":  # which names both answers itself
            talk, rest = tell(talk, line("yes_or_no"))
            after = replace(state, talk=talk)
        case _:
            after, rest = replace(state, talk=talk), ()
    return after, (Hush(how="now"), *says, *rest)


def silently(result: Transition) -> Transition:
    """Return the result with silence first: speech and count end."""
    after, effects = result
    return after, (*SILENCE, *effects)


def behind_the_first(state: State, event: Event, after: State, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Return the effects of a second wish without a hush, where its answer leaves the first one's sentence true.

    Where an instruction is on its way, the answer comes before it, and it is spoken again.
    """
    is_second = isinstance(event, Said) and event.is_second and type(after) is type(state)
    if not is_second or isinstance(state, (Advising, Instructing, Leading, Screening)):
        return effects
    return tuple(effect for effect in effects if not isinstance(effect, Hush))
