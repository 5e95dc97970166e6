"""The sentences of a technique at a place: time to act, parts, what is never left out; and the time that is left."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.respond.places import (
    LONG,
    PART_S,
    closed,
    counted,
    full_instruction,
    instruction,
    minutes_left,
    place_at,
    planned,
)
from assistant.respond.states import Talk

STEPS = range(8)
MOVES = ("posture", "hands", "where", "switch")


def texts(lines):
    return [one.values["text"] for one in lines if "text" in one.values]


@pytest.mark.parametrize("step", STEPS)
def test_a_movement_has_time(step, library):
    """1.5 to 4 s after each sentence that asks for one, or the pause after a part; shorter in the short form."""
    place = place_at(library, "full", step)
    words = library.words(library.routines["full"].steps[step].technique)
    moves = {getattr(words, key) for key in MOVES} - {None}
    full = {one.values.get("text"): one.then_s for one in full_instruction(library, place)}
    short = instruction(library, place, Talk(detail="less"))

    assert all(1.5 <= full[text] <= 4.0 or full[text] == PART_S for text in moves if text in full)
    assert all(1.5 <= one.then_s <= full[one.values["text"]] for one in short if one.values.get("text") in moves)


@pytest.mark.parametrize("step", STEPS)
def test_a_long_instruction_comes_in_parts(step, library):
    """No part has more sentences than a person remembers; the short ones need none."""
    lines = full_instruction(library, place_at(library, "full", step))[1:-1]
    pauses = [i for i, one in enumerate(lines) if one.then_s == PART_S]

    assert len(pauses) == (0 if len(lines) <= LONG else 2)
    ends = [-1, *pauses, len(lines) - 1]
    assert all(1 <= end - begin <= LONG for begin, end in pairwise(ends))


@pytest.mark.parametrize("step", STEPS)
def test_no_form_leaves_out_posture_or_cautions(step, library):
    """A known technique is short, but as careful as a new one; what bends or pounds must be heard to its end."""
    place = place_at(library, "full", step)
    technique = library.routines["full"].steps[step].technique
    words = library.words(technique)
    for detail in ("less", "more"):
        lines = instruction(library, place, Talk(detail=detail))

        assert {words.posture, *words.cautions} <= set(texts(lines))
        is_caution = {one.is_caution for one in lines if one.values.get("text") in words.cautions}
        assert is_caution == {technique in {"back-to-calf-push", "leg-pinch", "back-pound"}}


def test_the_time_left_follows_dose_side_and_tempo(library):
    """It shrinks with every repetition, with fewer of them and with a finished side; slower makes it longer."""
    place = place_at(library, "lower-back", 1)
    whole = minutes_left(library, place, 100)
    slow = place_at(library, "lower-back", 1, tempo=60)

    assert minutes_left(library, slow, 60) > whole
    assert minutes_left(library, planned(place, 24), 100) <= whole
    steps = [minutes_left(library, counted(place, n), 100) for n in range(37)]
    assert steps == sorted(steps, reverse=True)
    assert minutes_left(library, closed(counted(place, 36)), 100) < whole
    last = place_at(library, "lower-back", 4)
    assert minutes_left(library, counted(last, last.repetitions), 100) == 0
    assert minutes_left(library, replace(last, period_s=10.0), 100) > minutes_left(library, last, 100)
