"""A person's place in a routine, and the sentences that belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Literal

from assistant.durations import INSTRUCTION_S, POSITION_S, step_seconds
from assistant.messages import SlotValue
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.replies import MINUTE_S, line
from assistant.respond.states import Asleep, Confirm, State, Talk
from assistant.routine import LEAST_CUE_S, Library, Side, Technique, TechniqueWords

LONG = 6  # sentences of an instruction that are spoken without a pause; chosen
PART_S = 6.0  # pause between two parts of a long instruction: time to do it, or to say "go on"; chosen
KNOWN_SHARE = 0.6  # of the time to act, for a technique that the person knows; chosen
LEAST_S = 1.5  # the shortest time to act, as in the files of the techniques
SHORT_DAYS, MEDIUM_DAYS = 3, 30  # since a technique was done: named, told in part, or taught anew; chosen
BREATH_S = 4.0  # between two techniques: one slow breath; chosen
BREATHS = ("breath", "breath_again", "breath_more")


def place_of(state: State) -> Place | None:
    """Return the person's place, if a step is in progress or held; also behind a question, and during sleep."""
    if isinstance(state, (Asleep, Confirm)):
        return place_of(state.back)
    place = getattr(state, "place", None)
    return place if isinstance(place, Place) else None


def place_at(
    library: Library,
    routine: str,
    at: int,
    steps: Sequence[int] | None = None,
    *,
    hurt: Sequence[str] = (),
    tempo: int = 100,
    each: int | None = None,
) -> Place:
    """Return the start of a step (dose, tempo, sides) with the routine's overrides. `at` counts from 0 in `steps`.

    `tempo` is the person's, in percent of the usual one; `each`: the repetitions that were asked for, never above the
    technique's own limit.
    """
    chosen = tuple(range(len(library.routines[routine].steps))) if steps is None else tuple(steps)
    here = library.routines[routine].steps[chosen[at]]
    technique = library.techniques[here.technique]
    first = here.first_side or technique.first_side
    second: Side = "left" if first == "right" else "right"
    usual = here.repetitions or technique.dose.usual
    repetitions = usual if each is None else max(1, min(each, technique.dose.most))
    return Place(
        routine=routine,
        steps=chosen,
        at=at,
        plan=(repetitions, repetitions),
        period_s=MINUTE_S / technique.bpm(here.tempo_bpm or technique.tempo_bpm.usual, tempo),
        sides=(first, second) if technique.sides == "each" else (),
        pains=hurt.count(technique.id),
        each=each,
    )


def place_beside(library: Library, before: Place, at: int, talk: Talk) -> Place:
    """Return the start of another step, or of the same one, in the routine of a place."""
    here = before.routine, at, before.steps
    there = place_at(library, *here, hurt=talk.hurt, tempo=talk.tempo, each=before.each)
    return replace(there, aside=before.aside)


def technique_at(library: Library, place: Place) -> Technique:
    """Return the technique of the present step."""
    return library.techniques[library.routines[place.routine].steps[place.step].technique]


def words_at(library: Library, place: Place) -> TechniqueWords:
    """Return the texts of the present technique."""
    return library.words(technique_at(library, place).id)


def other_side(place: Place) -> Place:
    """Return the same step on the other side."""
    return replace(place, side=1 - place.side, direction=0, was_asked=False)


def is_other_side_open(place: Place) -> bool:
    """True if the other side is still to do."""
    return bool(place.sides) and not place.closed[1 - place.side]


def counted(place: Place, n: int) -> Place:
    """Return the place with `n` repetitions on the present side."""
    return replace(place, done=_with(place.done, place.side, n))


def closed(place: Place) -> Place:
    """Return the place with the present side finished."""
    return replace(place, closed=(place.side == 0 or place.closed[0], place.side == 1 or place.closed[1]))


def afresh(place: Place) -> Place:
    """Return the place with nothing counted on the present side, in the first direction."""
    return replace(counted(place, 0), direction=0)


def turned(place: Place) -> Place:
    """Return the place in the other direction."""
    return replace(place, direction=1 - place.direction)


def reopened(place: Place, *, are_both_over: bool) -> Place:
    """Return the place with its side open again; with `are_both_over` the other one stays finished."""
    other = are_both_over or place.closed[1 - place.side]
    return replace(place, closed=(other, False) if place.side else (False, other))


def noted(place: Place) -> Place:
    """Return the place with the present count in the history."""
    return replace(place, noted=_with(place.noted, place.side, place.n))


def planned(place: Place, repetitions: int) -> Place:
    """Return the place with another plan, alike for both sides so that the dose stays equal; done repetitions stay."""
    here = planned_here(place, repetitions)
    other = 1 - place.side
    return replace(here, plan=_with(here.plan, other, max(repetitions, place.done[other]))) if place.sides else here


def planned_here(place: Place, repetitions: int) -> Place:
    """Return the place with another plan for the present side alone, the sorer one."""
    return replace(place, plan=_with(place.plan, place.side, repetitions))


def minutes_left(library: Library, place: Place, tempo: int) -> int:
    """Return the estimated whole minutes to the end, 0 only there: the doses, sides and tempo as they are now."""
    open_sides = [i for i in range(len(place.sides) or 1) if not place.closed[i]]
    counts_s = sum(place.plan[i] - place.done[i] for i in open_sides) * place.period_s
    here_s = counts_s + POSITION_S * sum(not place.done[i] for i in open_sides)
    if not any(place.done):
        here_s += INSTRUCTION_S
    later = place.steps[place.at + 1 :]
    left_s = here_s + sum(step_seconds(library, place.routine, step, tempo, place.each) for step in later)
    return round(left_s / MINUTE_S) or ceil(left_s / MINUTE_S)  # as the length before the start is: it never grows


def _with(pair: tuple[int, int], index: int, value: int) -> tuple[int, int]:
    return (value, pair[1]) if index == 0 else (pair[0], value)


def counts(library: Library, place: Place) -> dict[str, SlotValue]:
    """Return technique, side and count, for the history."""
    return {"technique": technique_at(library, place).id, "side": place.side_name, "count": place.n}


def _about(place: Place) -> dict[str, SlotValue]:
    """Return the values that a technique's sentences may use: the side, the other one, and the dose."""
    values: dict[str, SlotValue] = {"count": place.repetitions - place.n}
    if place.sides:
        values["side"] = place.side_name
        values["other_side"] = place.sides[1 - place.side]
    return values


def spoken(place: Place, text: str) -> Line:
    """Return a sentence of the technique, filled in for this place."""
    return line("line", text=text, **_about(place))


def landmark(library: Library, place: Place, clue: int) -> Line:
    """Return one clue to find the place, with time to follow it."""
    said = spoken(place, words_at(library, place).landmarks[clue])
    return replace(said, then_s=technique_at(library, place).time_s.landmarks)


def title(library: Library, place: Place) -> Line:
    """Return the number of the step and the name of its technique."""
    return line("step", n=place.at + 1, of=len(place.steps), technique=words_at(library, place).name)


def breath(place: Place) -> Line:
    """Return the word between two techniques, with time for a breath; it changes from one to the next."""
    return replace(line(BREATHS[place.at % len(BREATHS)]), then_s=BREATH_S)


def instruction(library: Library, place: Place, talk: Talk) -> tuple[Line, ...]:
    """Return the step's instruction, ending with the ready question: shorter where the technique is better known.

    No form leaves out the posture, the side, or a caution.
    """
    form = form_of(library, place, talk)
    if form == "full":
        return full_instruction(library, place)
    keys = _keys_of(technique_at(library, place), form)
    acts = tuple(replace(one, then_s=max(LEAST_S, one.then_s * KNOWN_SHARE)) for one in _acts(library, place, *keys))
    first = line("step_known", technique=words_at(library, place).name) if form == "short" else title(library, place)
    return (first, *acts, *cautions(library, place), line("say_ready"))


def _keys_of(technique: Technique, form: Literal["short", "medium"]) -> tuple[str, ...]:
    """Return what is said of a known technique: its posture, and always its second side."""
    if technique.sides in {"alternate", "in_turn"}:
        return ("posture", "where", "direction") if form == "short" else ("posture", "hands", "where", "direction")
    if form == "medium":
        return ("posture", "hands", "where")
    return ("posture", "hands") if technique.sides == "each" else ("posture",)


def form_of(library: Library, place: Place, talk: Talk) -> Literal["short", "medium", "full"]:
    """Return how much is said of a technique: the less, the later it was done. "Talk more" and "less" prevail."""
    if talk.detail != "auto":
        return "short" if talk.detail == "less" else "full"
    technique = technique_at(library, place).id
    is_of_today = any(one.technique == technique and one.is_today for one in talk.ledger)
    days = 0 if is_of_today else talk.past.known.get(technique)
    if days is None or days > MEDIUM_DAYS:
        return "full"
    return "short" if days <= SHORT_DAYS else "medium"


def full_instruction(library: Library, place: Place) -> tuple[Line, ...]:
    """Return posture, hands, place, direction, sensation, notes and cautions; then the ready question.

    A long one comes in parts, with a pause after each.
    """
    notes = tuple(spoken(place, note) for note in words_at(library, place).notes)
    parts = [
        _acts(library, place, "posture", "hands"),
        _acts(library, place, "where", "direction", "sensation"),
        (*notes, *cautions(library, place)),
    ]
    if sum(map(len, parts)) > LONG:
        parts[:-1] = [(*part[:-1], replace(part[-1], then_s=PART_S)) for part in parts[:-1]]
    return (title(library, place), *(one for part in parts for one in part), line("say_ready"))


def cautions(library: Library, place: Place) -> tuple[Line, ...]:
    """Return the technique's cautions, which no form of its instruction leaves out."""
    has_risk = technique_at(library, place).has_risk
    said = (spoken(place, text) for text in words_at(library, place).cautions)
    return tuple(replace(one, is_caution=has_risk) for one in said)


def _acts(library: Library, place: Place, *keys: str) -> tuple[Line, ...]:
    """Return the sentences that ask for a movement, each with the time for it."""
    words, times = words_at(library, place), technique_at(library, place).time_s
    found = ((key, getattr(words, key)) for key in keys)
    return tuple(replace(spoken(place, text), then_s=getattr(times, key)) for key, text in found if text)


def switching(library: Library, place: Place) -> tuple[Line, ...]:
    """Return the sentences for going on with the other side, named in `place`."""
    (said,) = _acts(library, place, "switch") or _acts(library, place, "hands")
    return (said, line("say_ready"))


def turning(library: Library, place: Place) -> Line:
    """Return the sentence that turns to the place's direction."""
    return spoken(place, words_at(library, place).turns[place.direction])


def warned(place: Place, lines: Sequence[Line], left: Sequence[Line]) -> Place:
    """Return the place after some of the lines were heard to their end; `left` are those that were not."""
    is_over = any(one.is_caution for one in lines) and not any(one.is_caution for one in left)
    return replace(place, is_warned=True) if is_over else place


def warning(library: Library, place: Place) -> tuple[Line, ...]:
    """Return the cautions that must still be heard before a count."""
    return () if place.is_warned else tuple(one for one in cautions(library, place) if one.is_caution)


def leading(library: Library, place: Place) -> tuple[Line, ...]:
    """Return what stands before the count: what must still be heard, what to do, how many times."""
    is_last = place.repetitions - place.n == 1
    action = line("once") if is_last else spoken(place, words_at(library, place).action)
    return (*warning(library, place), action)


def going_on(library: Library, place: Place) -> tuple[Line, ...]:
    """Return what stands before a count that goes on: its last number, and the direction where that has changed."""
    turned = (turning(library, place),) if place.direction else ()
    return (*warning(library, place), line("resuming", n=place.n), *turned)


def has_room_to_breathe(technique: Technique, period_s: float) -> bool:
    """True if "in" and "out" can be said with the numbers: they are slow enough, and have no words of their own."""
    return not technique.cues and period_s >= LEAST_CUE_S


def is_half(library: Library, place: Place) -> bool:
    """True for the number after which the direction changes by itself."""
    is_due = technique_at(library, place).turns_at == "half" and not place.direction
    return is_due and place.n == place.repetitions // 2
