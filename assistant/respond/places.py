"""A person's place in a routine, and the sentences that belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.messages import SlotValue
from assistant.respond.dialogue_context import Line, Place, SideTotal
from assistant.respond.replies import line
from assistant.respond.states import Asleep, Confirm, State, Talk
from assistant.routine import Library, Side, Technique, TechniqueWords


def place_of(state: State) -> Place | None:
    """Return the person's place, if a step is in progress or held; also behind a question, and during sleep."""
    if isinstance(state, (Asleep, Confirm)):
        return place_of(state.back)
    place = getattr(state, "place", None)
    return place if isinstance(place, Place) else None


def place_at(
    library: Library, routine: str, at: int, steps: Sequence[int] | None = None, *, hurt: Sequence[str] = ()
) -> Place:
    """Return the start of a step (dose, tempo, sides) with the routine's overrides. `at` counts from 0 in `steps`."""
    chosen = tuple(range(len(library.routines[routine].steps))) if steps is None else tuple(steps)
    here = library.routines[routine].steps[chosen[at]]
    technique = library.techniques[here.technique]
    first = here.first_side or technique.first_side
    second: Side = "left" if first == "right" else "right"
    repetitions = here.repetitions or technique.dose.usual
    return Place(
        routine=routine,
        steps=chosen,
        at=at,
        plan=(repetitions, repetitions),
        period_s=60 / (here.tempo_bpm or technique.tempo_bpm.usual),
        sides=(first, second) if technique.sides == "each" else (),
        pains=hurt.count(technique.id),
    )


def technique_at(library: Library, place: Place) -> Technique:
    """Return the technique of the present step."""
    return library.techniques[library.routines[place.routine].steps[place.step].technique]


def words_at(library: Library, place: Place) -> TechniqueWords:
    """Return the texts of the present technique."""
    return library.words(technique_at(library, place).id)


def other_side(place: Place) -> Place:
    """Return the same step on the other side."""
    return replace(place, side=1 - place.side)


def is_other_side_open(place: Place) -> bool:
    """True if the other side is still to do."""
    return bool(place.sides) and not place.closed[1 - place.side]


def counted(place: Place, n: int) -> Place:
    """Return the place with `n` repetitions on the present side."""
    return replace(place, done=_with(place.done, place.side, n))


def closed(place: Place) -> Place:
    """Return the place with the present side finished."""
    return replace(place, closed=(place.side == 0 or place.closed[0], place.side == 1 or place.closed[1]))


def planned(place: Place, repetitions: int) -> Place:
    """Return the place with another plan, alike for both sides so that the dose stays equal; done repetitions stay."""
    here = planned_here(place, repetitions)
    other = 1 - place.side
    return replace(here, plan=_with(here.plan, other, max(repetitions, place.done[other]))) if place.sides else here


def planned_here(place: Place, repetitions: int) -> Place:
    """Return the place with another plan for the present side alone, the sorer one."""
    return replace(place, plan=_with(place.plan, place.side, repetitions))


def _with(pair: tuple[int, int], index: int, value: int) -> tuple[int, int]:
    return (value, pair[1]) if index == 0 else (pair[0], value)


def tally(talk: Talk, library: Library, place: Place) -> Talk:
    """Add the counts of both sides of this step to the session's ledger."""
    technique = technique_at(library, place).id
    sides = place.sides or ("",)
    new = tuple(
        SideTotal(technique=technique, side=side, n=n, seconds=round(n * place.period_s, 1), is_done=closed)
        for side, n, closed in zip(sides, place.done, place.closed, strict=False)
        if n
    )
    return replace(talk, ledger=(*talk.ledger, *new)) if new else talk


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


def title(library: Library, place: Place) -> Line:
    """Return the number of the step and the name of its technique."""
    return line("step", n=place.at + 1, of=len(place.steps), technique=words_at(library, place).name)


def instruction(library: Library, place: Place, talk: Talk) -> tuple[Line, ...]:
    """Return the step's instruction, ending with the ready question: full the first time, short when it is known."""
    if is_short(library, place, talk):
        words = words_at(library, place)
        return (title(library, place), spoken(place, words.hands), line("say_ready"))
    return full_instruction(library, place)


def is_short(library: Library, place: Place, talk: Talk) -> bool:
    """True for a technique done before: it is named, not taught (prompts taper); "talk more" and "less" prevail."""
    known = {*talk.past.known, *(one.technique for one in talk.ledger)}
    return talk.detail == "less" or (talk.detail == "auto" and technique_at(library, place).id in known)


def full_instruction(library: Library, place: Place) -> tuple[Line, ...]:
    """Return posture, hands, place, direction, sensation and cautions; then the ready question."""
    words = words_at(library, place)
    texts = [words.posture, words.hands, words.where, words.direction, words.sensation, *words.cautions]
    return (title(library, place), *(spoken(place, text) for text in texts if text), line("say_ready"))


def switching(library: Library, place: Place) -> tuple[Line, ...]:
    """Return the sentences for going on with the other side, named in `place`."""
    words = words_at(library, place)
    return (spoken(place, words.switch or words.hands), line("say_ready"))


def leading(library: Library, place: Place) -> Line:
    """Return the last sentence before the count: what to do, how many times."""
    if place.repetitions - place.n == 1:
        return line("once")
    return spoken(place, words_at(library, place).action)
