"""Questions in people's own words get a topic, the technique that they name, and the word that they ask for."""

from __future__ import annotations

import pytest

from assistant.interpret.questions import QuestionReader
from assistant.store.library import load
from assistant.wire import build


@pytest.fixture(scope="module")
def reader() -> QuestionReader:
    return QuestionReader(load().pack, build.meaning("en"))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("would it be all right to sit for this bit", "posture"),
        ("is it this thumb or that thumb", "hand"),
        ("do i circle to the left or to the right", "direction"),
        ("do i let my breath out now", "breathing"),
        ("shall i have some cream on my hands", "oil"),
        ("may my sister do my back for me", "helper"),
        ("how many days a week is sensible", "how_often"),
        ("i've a stent may i do this", "condition"),
        ("what on earth is this good for", "why"),
    ],
)
def test_a_question_has_its_topic(reader, text, topic):
    """Sentences that stand in no wordings."""
    assert reader.read(text)["topic"] == topic


@pytest.mark.parametrize(
    ("text", "technique"),
    [
        ("how low do i go in the pinching one", "leg pinch"),
        ("do i sit for the cross push", "cross push"),
        ("can i pinch my thumb", None),
        ("is it all right to hit over the kidneys", None),
    ],
)
def test_a_technique_is_named_by_its_name_only(reader, text, technique):
    """A word that may mean something else leaves the question with the technique that is being done."""
    assert reader.read(text).get("technique") == technique


def test_a_word_that_is_asked_for_is_found(reader):
    """Only in a question about a word."""
    assert reader.read("what is a lumbar vertebra")["term"] == "lumbar"
    assert "term" not in reader.read("how far down the calf do i push")


def test_nothing_learned_is_nothing_known():
    """A language without wordings has no topics: the answer is an honest one."""
    assert QuestionReader(load().pack, None).read("do i sit")["topic"] == "unknown"
