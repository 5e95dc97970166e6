"""The length of a routine, and the part of it that fits into a time. Pure: estimates from the files alone."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.routine import Library, Technique

INSTRUCTION_S = 25.0  # with one POSITION_S 35 s: the mean of the form that is told in part, at 150 words a minute and
POSITION_S = 10.0  # with its time to act; 58 s in full, 23 s short. To change sides: 9 s of words and time, rounded up


def technique_seconds(technique: Technique, repetitions: int | None = None, tempo_bpm: float | None = None) -> float:
    """Return the estimated seconds with instruction and both sides; without values, with the defaults."""
    count_s = (repetitions or technique.dose.usual) * 60 / (tempo_bpm or technique.tempo_bpm.usual)
    each = 2 if technique.sides == "each" else 1
    return INSTRUCTION_S + each * (POSITION_S + count_s)


def step_seconds(library: Library, routine: str, step: int, tempo: int = 100, each: int | None = None) -> float:
    """Return the estimated seconds of a step with its routine's overrides, or `each` repetitions; `tempo`: percent."""
    here = library.routines[routine].steps[step]
    technique = library.techniques[here.technique]
    bpm = technique.bpm(here.tempo_bpm or technique.tempo_bpm.usual, tempo)
    return technique_seconds(technique, min(each, technique.dose.most) if each else here.repetitions, bpm)


def minutes(library: Library, routine: str) -> int:
    """Return the estimated whole minutes of a routine, at least 1."""
    return minutes_of(library, routine, range(len(library.routines[routine].steps)))


def minutes_of(library: Library, routine: str, steps: Sequence[int], each: int | None = None) -> int:
    """Return the estimated whole minutes of some of a routine's steps, with `each` repetitions, at least 1."""
    return max(1, round(sum(step_seconds(library, routine, step, each=each) for step in steps) / 60))


def best_fit(library: Library, routine: str, seconds: float) -> tuple[int, ...]:
    """Return the steps that fit into the time, in the routine's order; drops the least important, then the longest."""
    steps = library.routines[routine].steps
    kept = list(range(len(steps)))
    while kept and sum(step_seconds(library, routine, step) for step in kept) > seconds:
        kept.remove(max(kept, key=lambda step: (steps[step].priority, step_seconds(library, routine, step))))
    return tuple(kept)
