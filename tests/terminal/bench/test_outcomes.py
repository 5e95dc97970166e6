"""The outcome of what was said, and the figures of it: wishes, safety words, negations, two wishes, word errors."""

from __future__ import annotations

import pytest

from assistant.terminal.bench.judge import JudgedClip
from assistant.terminal.bench.listen import Utter
from assistant.terminal.bench.outcomes import Share, edits, outcome, shares, word_errors
from tests.fakes.judged import item, utter


def double(*utters: Utter) -> JudgedClip:
    return item(None, *utters, row={"intents": ("next", "slower"), "slots": ({}, {"number": 2})})


@pytest.mark.parametrize(
    ("found", "verdict", "becomes"),
    [
        (double(utter("next"), utter("slower", 1.0, slots={"number": 2})), "right", "done right"),
        (double(utter("slower", slots={"number": 2}), utter("next", 1.0)), "rejected", "nothing"),
        (double(utter("next")), "rejected", "nothing"),
        (double(utter("next"), utter("faster", 1.0)), "wrong", "done wrong"),
        (double(), "rejected", "nothing"),
        (double(utter("next", is_sure=False, asked="slower")), "rejected", "asked right"),
    ],
)
def test_two_wishes_are_right_when_both_are_done_in_order(found, verdict, becomes):
    """One of them is not wrong, and not right either."""
    assert (found.verdict, outcome(found)) == (verdict, becomes)


@pytest.mark.parametrize(
    ("found", "becomes"),
    [
        (item("next", utter("next")), "done right"),
        (item("go_to", utter("go_to", slots={"number": 2}), slots={"number": 3}), "done right"),
        (item("next", utter("done"), row={"also": ("done",)}), "done right"),
        (item("next", utter("slower"), row={"also": ("done",)}), "done wrong"),
        (item("next", utter("next"), utter("next", 2.0)), "done wrong"),
        (item("next", utter("next", is_sure=False, asked="next")), "asked right"),
        (item("next", utter("next", is_sure=False, asked="slower")), "asked wrong"),
        (item("next"), "nothing"),
        (item(None, utter("next", is_sure=False, asked="next")), "asked wrong"),
        (item(None), "nothing"),
    ],
)
def test_a_row_has_one_outcome(found, becomes):
    """By intents alone: slots are a line of their own."""
    assert outcome(found) == becomes


def figures(*items: JudgedClip) -> dict[str, tuple[int, int]]:
    return {one.name: (one.part, one.whole) for one in shares(items)}


def test_a_safety_word_is_held_by_any_hold_and_by_a_question_about_one():
    """Stop for pain leaves nobody hurt; "next" does, and so does a question about it."""
    found = figures(
        item("pain", utter("stop")),
        item("pain", utter("pain", is_sure=False, asked="pain")),
        item("stop", utter("end_session"), row={"also": ("end_session",)}),
        item("pain", utter("next", is_sure=False, asked="next")),
        item("pain", utter("next")),
        item("pain"),
    )

    assert found["safety: held, stopped or asked"] == (3, 6)
    assert found["safety: something else done"] == (1, 6)


def test_rows_without_a_wish_tell_negated_and_forgiven_ones_apart():
    """A hold for "alexa, stop" is forgiven, "next" is not."""
    forgiven = {"safe_misfire": True}
    found = figures(
        item(None, utter("stop"), row=forgiven),
        item(None, utter("next"), row=forgiven),
        item(None, utter("pain"), row={"kind": "negated"}),
        item(None, row={"kind": "negated"}),
        item(None, utter("next", is_sure=False, asked="next")),
    )

    assert found["nothing wanted: done"] == (2, 5)
    assert found["nothing wanted: held, and forgiven"] == (1, 5)
    assert found["nothing wanted: asked"] == (1, 5)
    assert found["negated: done"] == (1, 2)


@pytest.mark.parametrize(
    ("wanted", "got", "count"),
    [("", "", 0), ("a b c", "a b c", 0), ("a b c", "a c", 1), ("a b", "a x b", 1), ("a b", "b a", 2), ("a b", "", 2)],
)
def test_word_errors_are_the_fewest_edits(wanted, got, count):
    """Words changed, left out or put in between."""
    assert edits(wanted.split(), got.split()) == count


def test_words_are_counted_where_the_ear_tells_them():
    """The likeliest reading of every utterance counts; a typed line has no word errors."""
    spoken = item("next", utter("next", transcripts=("go two", "go to")), row={"text": "go to"})
    typed = item("next", utter("next", transcripts=("go two",)), row={"text": "go to", "file": None})
    silent = item("next", utter("next"), row={"text": "go to"})

    assert word_errors([spoken, typed, silent]) == Share(name="word errors", part=1, whole=2, is_rate=True)
