"""The sentences of a technique at a place: time to act, parts, what is never left out; and the time that is left."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.messages import Past
from assistant.respond.dialogue_context import SideTotal
from assistant.respond.places import (
    LONG,
    PART_S,
    closed,
    counted,
    form_of,
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
    for days in (0, 10, 100):
        lines = instruction(library, place, Talk(past=Past(known={technique: days})))

        assert {words.posture, *words.cautions} <= set(texts(lines))
        is_caution = {one.is_caution for one in lines if one.values.get("text") in words.cautions}
        assert is_caution == {technique in {"back-to-calf-push", "leg-pinch", "back-pound"}}


@pytest.mark.parametrize(
    ("days", "form"), [(0, "short"), (3, "short"), (4, "medium"), (30, "medium"), (31, "full"), (None, "full")]
)
def test_a_technique_is_told_in_fewer_words_the_later_it_was_done(days, form, library):
    """Within three days it is named, within thirty told in part, then taught anew; a word of the person prevails."""
    place = place_at(library, "full", 5)
    talk = Talk(past=Past(known={} if days is None else {"cross-push": days}))

    assert form_of(library, place, talk) == form
    lengths = [len(instruction(library, place, replace(talk, detail=detail))) for detail in ("less", "auto", "more")]
    assert lengths == sorted(lengths)
    assert form_of(library, place, replace(talk, ledger=(SideTotal(technique="cross-push", side="", n=3),))) == "short"


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
