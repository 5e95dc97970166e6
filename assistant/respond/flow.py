"""Moves through a routine: ready, next, previous, go to, repeat, done, and the end of a count."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Effect, Note, Said, Sound
from assistant.respond.counting import Grid, breath_at, count_in, grid_from, schedule
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.doses import enough, fresh_place, most_here
from assistant.respond.ending import finish, side_note
from assistant.respond.ledger import tally
from assistant.respond.places import (
    afresh,
    breath,
    closed,
    counted,
    has_room_to_breathe,
    instruction,
    is_other_side_open,
    landmark,
    leading,
    noted,
    other_side,
    planned_here,
    spoken,
    switching,
    technique_at,
    words_at,
)
from assistant.respond.replies import Transition, advise, answer, ask, ask_now, instruct, lead, line, silently
from assistant.respond.safety import has_hurt_enough
from assistant.respond.states import (
    Advising,
    Counting,
    InStep,
    Instructing,
    Leading,
    Locating,
    OwnPace,
    PainHold,
    Paused,
    ReadyPrompt,
    Screening,
    State,
    Talk,
    WithPlace,
)
from assistant.routine import Library

COUNT_IN_WORDS = (3, 2, 1)
NORMAL = 100  # percent: the technique's own tempo
LAST_WORDS = 2  # sentences: what was said, and how to answer it
PLACE = "place"  # the topic of questions about where it is


def enter(talk: Talk, library: Library, before: Place, at: int, *first: Line) -> Transition:
    """Leave a step and teach another from its beginning; past the last one the routine is finished.

    Steps that have hurt twice, or of which nothing is left today, are skipped, and the reason is said. `first` is said
    before the instruction; neither is repeated with it.
    """
    talk = replace(tally(talk, library, before), ended=None)
    reasons: list[Line] = []
    while at < len(before.steps) and (reason := enough(talk, library, before, at)) is not None:
        reasons.append(reason)
        at += 1
    place = fresh_place(talk, library, before, at) if at < len(before.steps) else None
    if place is None:
        return finish(talk, library, before, *first, *reasons)
    lines = instruction(library, place, talk)
    after, effects = instruct(talk, place, (*first, *reasons, *lines))
    after = replace(after, talk=replace(after.talk, last=lines))
    return after, (Note(what="step_begun", values={"technique": technique_at(library, place).id}), *effects)


def ready(state: Instructing | ReadyPrompt | Locating, said: Said, library: Library) -> Transition:
    """The person is in position: say what to do and how often, then count."""
    return silently(to_count(state.talk, state.place, library))


def to_count(talk: Talk, place: Place, library: Library) -> Transition:
    """Say what to do and how often; the count begins after it. A complete side is done again, if any of it is left."""
    if place.n >= place.repetitions:
        anew = from_one(talk, library, place)
        if anew is None:
            return end_side(talk, library, place)
        talk, place = anew
    return lead(talk, place, *leading(library, place), *_own_tempo(talk, place))


def _own_tempo(talk: Talk, place: Place) -> tuple[Line, ...]:
    """Say with a session's first count that it keeps the tempo that the person likes."""
    if talk.tempo == NORMAL or talk.ledger or any(place.done):
        return ()
    return (line("tempo_slower" if talk.tempo < NORMAL else "tempo_faster"),)


def from_one(talk: Talk, library: Library, place: Place) -> tuple[Talk, Place] | None:
    """Return this side at nought again, with its count in the ledger; None where nothing is left of it."""
    here = replace(place, done=(place.n, 0) if place.side == 0 else (0, place.n))
    counted_too = tally(talk, library, here)
    at_nought = afresh(place)
    most = most_here(counted_too, library, at_nought)[place.side]
    return (counted_too, planned_here(at_nought, min(place.repetitions, most))) if most > 0 else None


def start_count(state: Leading, library: Library, at_s: float) -> Transition:
    """Place the first beat once the leading sentence has ended, after a count-in if there was a pause."""
    place = replace(state.place, is_warned=True)
    if place.n >= place.repetitions:  # the person asked for fewer in the pause
        return end_side(state.talk, library, place)
    cues: tuple[Effect, ...] = ()
    if state.has_count_in:
        grid, cues = count_in(at_s, place.n, place.period_s, COUNT_IN_WORDS)
    else:
        grid = grid_from(at_s, place.n, place.period_s)
    return count_on(state.talk, place, grid, library, *cues)


def count_on(talk: Talk, place: Place, grid: Grid, library: Library, *first: Effect) -> Transition:
    """Count from the next number on this grid."""
    return Counting(talk=talk, place=place, grid=grid), (*first, *next_beat(talk, place, grid, library))


def next_beat(talk: Talk, place: Place, grid: Grid, library: Library) -> tuple[Effect, ...]:
    """Schedule the next number with its words."""
    n, technique = place.n + 1, technique_at(library, place)
    breath = breath_at(n, grid.period_s) if talk.breathes and has_room_to_breathe(technique, grid.period_s) else ""
    return schedule(grid, n, place.repetitions, technique.cues_at(n), breath)


def end_side(talk: Talk, library: Library, place: Place) -> Transition:
    """Complete a side: go to the other side if it is still open, else to the next step."""
    note, place = side_note(library, closed(place)), noted(closed(place))
    after, effects = (
        to_other_side(talk, library, place)
        if is_other_side_open(place)
        else enter(talk, library, place, place.at + 1, *_between(place))
    )
    return replace(after, talk=replace(after.talk, ended=place)), (note, *effects)


def _between(place: Place) -> tuple[Line, ...]:
    """Return the breath between two techniques, if one was done and another follows."""
    return (breath(place),) if any(place.done) and place.at + 1 < len(place.steps) else ()


def to_other_side(talk: Talk, library: Library, place: Place) -> Transition:
    """Say how to change sides, and wait for "ready"; the ledger keeps both counts."""
    there = other_side(place)
    after, effects = instruct(talk, there, switching(library, there))
    return after, (Sound(earcon="switch_side"), *effects)


def done(state: InStep | Paused, said: Said, library: Library) -> Transition:
    """Finish this side: at one's own pace with the whole plan, else with the count so far.

    Before the first number it most often means "I am in position", so nothing is skipped, and nothing begins on it.
    """
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if isinstance(state, OwnPace) or (isinstance(state, Paused) and state.is_own_pace):
        return silently(end_side(state.talk, library, counted(place, place.repetitions)))
    if not place.n:
        is_begun = isinstance(state, (Leading, Counting))
        return answer(state, line("counting_aloud" if is_begun else "not_counted_yet"))
    return silently(end_side(state.talk, library, place))


def next_step(state: WithPlace, said: Said, library: Library) -> Transition:
    """Go to the next technique; a started count stays partial. One that was not begun is said to be left out.

    The next clue leads no further than to a clue.
    """
    if "clue" in said.slots:
        return where_is(state, said, library)
    place = state.place
    if place is None or any(place.done) or isinstance(state, (Counting, OwnPace)):
        return _go(state, library, 1)
    skipped = [line("skipped", technique=words_at(library, place).name)]
    if place.at + 1 < len(place.steps) and state.talk.detail != "less":
        skipped.append(line("say_previous"))
    return silently(enter(state.talk, library, place, place.at + 1, *skipped))


def previous_step(state: WithPlace, said: Said, library: Library) -> Transition:
    """Go one technique back, to its beginning; at the first one, start that again."""
    return _go(state, library, -1)


def _go(state: WithPlace, library: Library, by: int) -> Transition:
    if state.place is None:
        return answer(state, line("not_started"))
    at = max(0, state.place.at + by)
    reason = enough(tally(state.talk, library, state.place), library, state.place, at) if by < 0 else None
    if reason is not None:
        return answer(state, reason)
    return silently(leave_step(state, state.place, library, at))


def leave_step(state: WithPlace, place: Place, library: Library, at: int) -> Transition:
    """Go to another step; the count so far is noted."""
    after, effects = enter(state.talk, library, place, at)
    return after, ((side_note(library, place), *effects) if place.n else effects)


def go_to(state: WithPlace, said: Said, library: Library) -> Transition:
    """Go to a step by its number (-1 is the last one), or to a technique by its name."""
    if state.place is None:
        return answer(state, line("not_started"))
    steps = state.place.steps
    if "number" in said.slots:
        number = int(said.slots["number"])
        at = len(steps) + number if number < 0 else number - 1
        if not 0 <= at < len(steps):
            return answer(state, line("no_such_step", of=len(steps)))
    else:
        technique = library.technique_called(str(said.slots.get("technique", "")))
        all_steps = library.routines[state.place.routine].steps
        at = next((i for i, step in enumerate(steps) if all_steps[step].technique == technique), -1)
        if at < 0:
            return answer(state, line("not_in_routine"))
    reason = enough(tally(state.talk, library, state.place), library, state.place, at)
    if reason is not None:
        return answer(state, reason)
    return silently(leave_step(state, state.place, library, at))


def next_clue(state: Locating, said: Said, library: Library) -> Transition:
    """Give the next landmark; after the last one, go back to the ready question."""
    clue = state.clue + 1
    if clue >= len(words_at(library, state.place).landmarks):
        return ask_now(ReadyPrompt(talk=state.talk, place=state.place), line("no_more_clues"))
    return _clue(state.talk, state.place, library, clue)


def where_is(state: WithPlace, said: Said, library: Library) -> Transition:
    """Say where the place lies, and help to find it: one landmark at a time.

    Only where it lies while counting, and where it hurt enough.
    """
    if state.place is None:
        return answer(state, line("not_started"))
    words = words_at(library, state.place)
    lies = spoken(state.place, words.answers[PLACE][0] if PLACE in words.answers else words.where or words.hands)
    is_over = has_hurt_enough(state.talk, library, state.place.routine, state.place.step)
    if is_over or isinstance(state, (Counting, OwnPace, PainHold)):
        return answer(state, lies)
    return _clue(state.talk, state.place, library, 0, lies)


def _clue(talk: Talk, place: Place, library: Library, clue: int, *before: Line) -> Transition:
    words = words_at(library, place)
    ask_for = line("say_found" if clue == len(words.landmarks) - 1 else "say_next_clue")
    return ask_now(Locating(talk=talk, place=place, clue=clue), *before, landmark(library, place, clue), ask_for)


def not_yet(state: ReadyPrompt, said: Said, library: Library) -> Transition:
    """Take a no to the ready question: wait, without a limit."""
    return ask(state, line("take_your_time"))


def _say_again(state: State, said: Said, library: Library) -> Transition:
    """Say the last sentence again, whatever it was; of an instruction from the sentence before the one it is at."""
    match state:
        case Instructing(lines=lines):
            at = max(0, len(state.talk.last) - len(lines) - 1)
            return silently(instruct(state.talk, state.place, state.talk.last[at:] or lines, is_prompt=False))
        case Leading() | Advising() | Screening():
            return repeat(state, replace(said, slots={}), library)
        case _:
            return answer(state, *(state.talk.said[-LAST_WORDS:] or (line("nothing_to_repeat"),)))


def repeat(state: State, said: Said, library: Library) -> Transition:
    """Say the last prompt again from its start: not the number; "what did you say" is the last words."""
    if "last" in said.slots:
        return _say_again(state, said, library)
    lines = state.talk.last or (line("nothing_to_repeat"),)
    match state:
        case Instructing() | ReadyPrompt():
            return silently(instruct(state.talk, state.place, lines))
        case Advising():
            return silently(advise(state, lines))
        case Leading():
            return silently(lead(state.talk, state.place, *lines, has_count_in=state.has_count_in))
        case Screening():
            return ask_now(state, *lines)
        case _:
            return answer(state, *lines)
