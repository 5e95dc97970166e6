"""A choice of techniques: every word belongs to it, or it is none."""

from __future__ import annotations

import pytest

from assistant.interpret.slots import SlotReader
from assistant.messages import Intent

CHOSEN = [
    ("just the kidney point", {"only": "kidney point"}),
    ("only rub the lower back", {"only": "lower back rub"}),
    ("the kidney point and the pounding", {"only": "kidney point, back pound"}),
    ("the kidney point and the pounding, ten each", {"only": "kidney point, back pound", "number": 10}),
    ("first the kidney point, then the pounding", {"only": "kidney point, back pound"}),
    ("the Kidney Transporting point and the Gate of Life", {"only": "kidney point, gate of life"}),
    ("twenty of the pounding", {"only": "back pound", "number": 20}),
    ("technique four and technique eight", {"only": "4, 8"}),
    ("only the first three", {"only": "1, 2, 3"}),
    ("the last two", {"only": "-2, -1"}),
    ("the evening routine without the legs", {"routine": "evening", "without": "legs"}),
    ("everything but the pounding", {"without": "back pound"}),
    ("no legs today", {"without": "legs"}),
    ("i don't want the pounding", {"without": "back pound"}),
    ("the lower back routine, ten each", {"routine": "lower back", "number": 10}),
]
NONE = [
    "the kidney point",  # a bare name is another command
    "the legs routine",
    "no, the pounding",
    "just one technique",
    "please stop the pounding",
    "the pounding hurts",
    "i have kidney pain",
    "the kidney point and the pounding, ten or twenty each",
    "is it only the pounding",
    "without you",
]


@pytest.fixture(scope="module")
def reader(loaded) -> SlotReader:
    return SlotReader(loaded.pack)


@pytest.mark.parametrize(("text", "slots"), CHOSEN)
def test_a_choice_is_read_with_names_dose_and_what_is_left_out(reader, text, slots):
    """Names as people and the guide say them, in their order."""
    assert reader.chosen(text) == slots


@pytest.mark.parametrize("text", NONE)
def test_what_holds_another_word_or_another_number_chooses_nothing(reader, text):
    """Nothing is left out or started on a guess."""
    assert reader.chosen(text) is None


def test_words_around_a_choice_are_passed_over_where_its_meaning_is_known(reader):
    """The classifier tells that it is a choice; the names are read all the same."""
    assert reader.read(Intent.CHOOSE, "i fancy nothing but the pounding tonight my dear") == {"only": "back pound"}
