"""Where a person is in a routine, and the sentences that belong to the place."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import SlotValue
from assistant.respond.states import Line, Place
from assistant.respond.telling import line
from assistant.routine import Library, Side, Technique, TechniqueWords


def place_at(library: Library, routine: str, step: int) -> Place:
    """The start of a step: its dose, tempo and sides, with the routine's overrides. `step` counts from 0."""
    here = library.routines[routine].steps[step]
    technique = library.techniques[here.technique]
    first = here.first_side or technique.first_side
    second: Side = "left" if first == "right" else "right"
    return Place(
        routine=routine,
        step=step,
        repetitions=here.repetitions or technique.dose.usual,
        period_s=60 / (here.tempo_bpm or technique.tempo_bpm.usual),
        sides=(first, second) if technique.sides == "each" else (),
    )


def technique_at(library: Library, place: Place) -> Technique:
    """The technique of the present step."""
    return library.techniques[library.routines[place.routine].steps[place.step].technique]


def words_at(library: Library, place: Place) -> TechniqueWords:
    """What is said of the present technique."""
    return library.words(technique_at(library, place).id)


def steps_in(library: Library, place: Place) -> int:
    """How many steps the routine has."""
    return len(library.routines[place.routine].steps)


def other_side(place: Place) -> Place:
    """The same step on the other side."""
    return replace(place, side=1 - place.side)


def is_other_side_open(place: Place) -> bool:
    """The other side still has repetitions to go."""
    return bool(place.sides) and place.done[1 - place.side] < place.repetitions


def counted(place: Place, n: int) -> Place:
    """The place with `n` repetitions on the present side."""
    done = (n, place.done[1]) if place.side == 0 else (place.done[0], n)
    return replace(place, done=done)


def _about(place: Place) -> dict[str, SlotValue]:
    """What a technique's sentences may name: the side, the other one, and the dose."""
    values: dict[str, SlotValue] = {"count": place.repetitions - place.n}
    if place.sides:
        values["side"] = place.side_name
        values["other_side"] = place.sides[1 - place.side]
    return values


def spoken(place: Place, text: str) -> Line:
    """A sentence of the technique, said of this place."""
    return line("line", text=text, **_about(place))


def instruction(library: Library, place: Place) -> tuple[Line, ...]:
    """How to do the step: posture, hands, where, direction, what it feels like, cautions; then the ready question."""
    words = words_at(library, place)
    texts = [words.posture, words.hands, words.where, words.direction, words.sensation, *words.cautions]
    opening = line("step", n=place.step + 1, of=steps_in(library, place), technique=words.name)
    return (opening, *(spoken(place, text) for text in texts if text), line("say_ready"))


def switching(library: Library, place: Place) -> tuple[Line, ...]:
    """How to go on with the other side, named in `place`."""
    words = words_at(library, place)
    return (spoken(place, words.switch or words.hands), line("say_ready"))


def leading(library: Library, place: Place) -> Line:
    """The last sentence before the count: what to do, how many times."""
    return spoken(place, words_at(library, place).action)
