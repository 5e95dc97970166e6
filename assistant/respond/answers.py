"""Answers to questions: how many, which side, where am I, how long, is this right for me, what can I say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.messages import Said, SlotValue
from assistant.respond.places import steps_in, words_at
from assistant.respond.states import Counting, InStep, Line, PainHold, Paused, State
from assistant.respond.telling import Result, answer, line
from assistant.routine import Library, minutes_left

MOST_NAMES = 3  # voice-ui.md section 3: no menu longer than three


def how_many_left(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """Repetitions to go on this side, between two beats."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    left = place.repetitions - place.n
    if place.sides and not isinstance(state, Counting):
        return answer(state, line("left_on_side", left=left, side=place.side_name))
    return answer(state, line("left", left=left))


def which_side(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """The side, the count on it, and what is still to do on the other."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if not place.sides:
        return answer(state, line("both_sides"))
    if isinstance(state, Counting):
        return answer(state, line("side", side=place.side_name))
    if not place.n:
        return answer(state, line("side_to_do", side=place.side_name, left=place.repetitions))
    return answer(state, line("side_count", side=place.side_name, n=place.n, of=place.repetitions))


def where_am_i(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """Technique n of m, its name and the count."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    where = line("step", n=place.step + 1, of=steps_in(library, place), technique=words_at(library, place).name)
    if place.n:
        return answer(state, where, line("count_so_far", n=place.n, of=place.repetitions))
    return answer(state, where)


def time_left(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """An estimate in whole minutes."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    left = minutes_left(library, place.routine, place.step, place.n + place.done[1 - place.side])
    return answer(state, line("time_left", minutes=left) if left > 1 else line("time_left_one"))


def expert_advice(state: State, said: Said, library: Library) -> Result:
    """The article's advice, in full."""
    return answer(state, *advice())


def advice() -> tuple[Line, ...]:
    """The sentences of the expert advice, in order."""
    return (line("advice_causes"), line("advice_doctor"), line("advice_guidance"), line("advice_limits"))


def list_routines(state: State, said: Said, library: Library) -> Result:
    """All routines by title, the longest first, never more than three in one breath."""
    by_size = sorted(library.routines.values(), key=lambda routine: -len(routine.steps))
    titles = [library.title(routine.id) for routine in by_size]
    groups = [titles[i : i + MOST_NAMES] for i in range(0, len(titles), MOST_NAMES)]
    lines = [_names("routines" if i == 0 else "also", group) for i, group in enumerate(groups)]
    return answer(state, *lines, line("say_start_name"))


def _names(reply: str, names: Sequence[str]) -> Line:
    values: dict[str, SlotValue] = dict(zip("abc", names, strict=False))  # three names, or fewer
    return Line(reply=f"{reply}_{len(names)}", values=values)


def help_here(state: State, said: Said, library: Library) -> Result:
    """First the words for pain, then three phrases for this state."""
    return answer(state, line("help_pain"), line(f"help_{name_of(type(state))}"))


def name_of(kind: type[State]) -> str:
    """The state's name as in replies, traces and docs: ReadyPrompt is ready_prompt."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()
