"""A number behind a correction takes the place of the one before it; a wish behind one is left as it is."""

from __future__ import annotations

import pytest

from assistant.interpret.renumbering import with_last_number
from assistant.interpret.wishes import wish_words
from assistant.store.library import load


@pytest.fixture(scope="module")
def words():
    return wish_words(load().pack)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("twelve more no make it six", "six more"),
        ("ten more please no sorry make it eight please", "eight more please"),
        ("only ten i mean just twenty", "only twenty"),
        ("step two no three", "step three"),
        ("number four sorry i meant number five", "number five"),
        ("wait two minutes no five", "wait five minutes"),
        ("wait a minute and a half no make it two minutes", "wait two minutes"),
        ("a session of half an hour no ten minutes", "a session of ten minutes"),
    ],
)
def test_the_last_number_counts(words, said, meant):
    """It keeps the unit that was said, where it has none."""
    assert with_last_number(said, words) == meant


@pytest.mark.parametrize(
    "text",
    [
        "next no step two",
        "twelve more no five fewer",
        "ten more no wait two minutes",
        "there is no seven here",
        "no make it six",
        "slower no faster",
        "step two no wait a minute",
        "ten no more",
    ],
)
def test_anything_else_stays(words, text):
    """A wish by itself, a number for another thing, and a number without one before it."""
    assert with_last_number(text, words) == text
