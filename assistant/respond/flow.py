"""Going through a routine: start, ready, next, previous, go to, repeat, done, and what a finished count leads to."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Effect, Leave, Said, Sound
from assistant.respond.counting import Grid, count_in, grid_from, schedule
from assistant.respond.places import (
    counted,
    instruction,
    is_other_side_open,
    leading,
    other_side,
    place_at,
    spoken,
    steps_in,
    switching,
    technique_at,
    words_at,
)
from assistant.respond.states import (
    Advising,
    Counting,
    Finished,
    Idle,
    InStep,
    Instructing,
    Leading,
    Line,
    Locating,
    Offered,
    PainHold,
    Paused,
    Place,
    ReadyPrompt,
    State,
    Talk,
)
from assistant.respond.telling import SILENCE, Result, advise, answer, instruct, lead, line, prompt, tell
from assistant.routine import Library, minutes

COUNT_IN_WORDS = (3, 2, 1)


def introduction(library: Library, routine: str) -> tuple[Line, ...]:
    """The routine's title, size and length; says so if it is not one of ours."""
    found = library.routines[routine]
    size = line("routine", title=library.title(routine), steps=len(found.steps), minutes=minutes(library, routine))
    return (size, line("not_from_us")) if found.is_users else (size,)


def offer(talk: Talk, library: Library, routine: str | None) -> Result:
    """Name the routine and wait for "start"; without a routine, ask which one."""
    if routine is None:
        return prompt(Idle(talk=talk), line("welcome"))
    return prompt(Offered(talk=talk, routine=routine), *introduction(library, routine), line("say_start"))


def begin(talk: Talk, library: Library, routine: str, *, is_introduced: bool = False) -> Result:
    """Name the routine, unless that was just done, and teach its first step."""
    place = place_at(library, routine, 0)
    opening = () if is_introduced else introduction(library, routine)
    return instruct(talk, place, (*opening, *instruction(library, place)))


def enter(talk: Talk, library: Library, place: Place, step: int) -> Result:
    """Teach a step from its beginning; past the last one the routine is finished."""
    if step >= steps_in(library, place):
        return finish(talk, library, place.routine)
    there = place_at(library, place.routine, step)
    return instruct(talk, there, instruction(library, there))


def finish(talk: Talk, library: Library, routine: str) -> Result:
    """Say that it is over, and stay a while."""
    talk, says = tell(talk, line("finished", title=library.title(routine)), line("after_finish"), is_prompt=True)
    return Finished(talk=talk, routine=routine), (Sound(earcon="finished"), *says)


def start_routine(state: State, said: Said, library: Library) -> Result:
    """Start the routine that was named; no second question, since the person asked for it."""
    routine = library.routine_called(str(said.slots.get("routine", "")))
    if routine is None:
        return answer(state, line("unknown_routine"))
    return _start(state, library, routine)


def start_usual(state: Idle | Offered | Finished | Advising, said: Said, library: Library) -> Result:
    """For "start" alone: the routine on offer, else the usual one."""
    routine = state.talk.usual if isinstance(state, Idle) else state.routine
    return _start(state, library, routine or state.talk.usual)


def decline(state: Offered, said: Said, library: Library) -> Result:
    """No to the routine on offer: ask which one instead."""
    after, effects = offer(state.talk, library, None)
    return after, (*SILENCE, *effects)


def not_yet(state: ReadyPrompt, said: Said, library: Library) -> Result:
    """No to the ready question: wait, as long as it takes."""
    return prompt(state, line("take_your_time"))


def _start(state: State, library: Library, routine: str) -> Result:
    if isinstance(state, Advising):
        return replace(state, routine=routine, is_start_asked=True), ()
    is_introduced = isinstance(state, Offered) and state.routine == routine
    after, effects = begin(state.talk, library, routine, is_introduced=is_introduced)
    return after, (*SILENCE, *effects)


def after_advice(state: Advising, library: Library) -> Result:
    """The advice was heard to its end: go on with what the session began for."""
    if state.routine is not None and state.is_start_asked:
        return begin(state.talk, library, state.routine)
    return offer(state.talk, library, state.routine)


def ready(state: InStep, said: Said, library: Library) -> Result:
    """The person is in position: say what to do and how often, then count."""
    place = state.place
    if place.n >= place.repetitions:
        place = counted(place, 0)
    after, effects = lead(state.talk, place, leading(library, place))
    return after, (*SILENCE, *effects)


def start_count(state: Leading, library: Library, at_s: float) -> Result:
    """The leading sentence has ended: place the first beat, after a count-in if there was a pause."""
    place = state.place
    cues: tuple[Effect, ...] = ()
    if state.has_count_in:
        grid, cues = count_in(at_s, place.n, place.period_s, COUNT_IN_WORDS)
    else:
        grid = grid_from(at_s, place.n, place.period_s)
    return _counting(state.talk, place, grid, library, cues)


def _counting(talk: Talk, place: Place, grid: Grid, library: Library, first: tuple[Effect, ...]) -> Result:
    effects = schedule(grid, place.n + 1, place.repetitions, technique_at(library, place).cues)
    return Counting(talk=talk, place=place, grid=grid), (*first, *effects)


def end_side(talk: Talk, library: Library, place: Place) -> Result:
    """A side is complete: the other side if it is still open, else the next step."""
    if is_other_side_open(place):
        return to_other_side(talk, library, place)
    return enter(talk, library, place, place.step + 1)


def to_other_side(talk: Talk, library: Library, place: Place) -> Result:
    """Say how to change over, and wait for "ready"; the ledger keeps both counts."""
    there = other_side(place)
    after, effects = instruct(talk, there, switching(library, there))
    return after, (Sound(earcon="switch_side"), *effects)


def done(state: InStep, said: Said, library: Library) -> Result:
    """The person finished this side early, or before the count began."""
    after, effects = end_side(state.talk, library, counted(state.place, state.place.repetitions))
    return after, (*SILENCE, *effects)


def next_step(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """On to the next technique; a started count stays partial."""
    return _go(state, library, 1)


def previous_step(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """One technique back, from its beginning; at the first one, that one again."""
    return _go(state, library, -1)


def _go(state: InStep | Paused | PainHold, library: Library, by: int) -> Result:
    if state.place is None:
        return answer(state, line("not_started"))
    after, effects = enter(state.talk, library, state.place, max(0, state.place.step + by))
    return after, (*SILENCE, *effects)


def go_to(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """To a step by its number, or to a technique by its name."""
    if state.place is None:
        return answer(state, line("not_started"))
    steps = library.routines[state.place.routine].steps
    step = _step_meant(said, library, state.place)
    if step is None:
        return answer(state, line("not_in_routine"))
    if not 0 <= step < len(steps):
        return answer(state, line("no_such_step", of=len(steps)))
    after, effects = enter(state.talk, library, state.place, step)
    return after, (*SILENCE, *effects)


def _step_meant(said: Said, library: Library, place: Place) -> int | None:
    steps = library.routines[place.routine].steps
    if "number" in said.slots:
        number = int(said.slots["number"])
        return len(steps) - 1 if number == -1 else number - 1
    technique = library.technique_called(str(said.slots.get("technique", "")))
    return next((i for i, step in enumerate(steps) if step.technique == technique), None)


def next_clue(state: Locating, said: Said, library: Library) -> Result:
    """The next landmark; after the last one, back to the ready question."""
    landmarks = words_at(library, state.place).landmarks
    clue = state.clue + 1
    if clue >= len(landmarks):
        after, effects = prompt(ReadyPrompt(talk=state.talk, place=state.place), line("no_more_clues"))
        return after, (*SILENCE, *effects)
    return _clue(state, library, clue)


def where_is(state: InStep | Paused | PainHold, said: Said, library: Library) -> Result:
    """Help to find the place: one landmark at a time."""
    if state.place is None:
        return answer(state, line("not_started"))
    if isinstance(state, (Counting, PainHold)):
        return answer(state, spoken(state.place, words_at(library, state.place).where))
    return _clue(state, library, 0)


def _clue(state: InStep | Paused, library: Library, clue: int) -> Result:
    if state.place is None:
        return answer(state, line("not_started"))
    words = words_at(library, state.place)
    ask = line("say_found" if clue == len(words.landmarks) - 1 else "say_next_clue")
    there = Locating(talk=state.talk, place=state.place, clue=clue)
    after, effects = prompt(there, spoken(state.place, words.landmarks[clue]), ask)
    return after, (*SILENCE, *effects)


def repeat(state: State, said: Said, library: Library) -> Result:
    """Say the last prompt again from its start: the instruction, not the number."""
    lines = state.talk.last or (line("nothing_to_repeat"),)
    if isinstance(state, (Instructing, ReadyPrompt)):
        after, effects = instruct(state.talk, state.place, lines)
        return after, (*SILENCE, *effects)
    if isinstance(state, Advising):
        after, effects = advise(state.talk, state.routine, lines, is_start_asked=state.is_start_asked)
        return after, (*SILENCE, *effects)
    if isinstance(state, Leading):
        after, effects = lead(state.talk, state.place, *lines, has_count_in=state.has_count_in)
        return after, (*SILENCE, *effects)
    return answer(state, *lines)


def end_session(state: State, said: Said, library: Library) -> Result:
    """Say goodbye and leave; there is no second question."""
    talk, says = tell(state.talk, line("goodbye"))
    return replace(state, talk=talk), (*SILENCE, *says, Leave(reason="asked"))
