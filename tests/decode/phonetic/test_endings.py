"""Sentences that are not over, by their last word."""

from __future__ import annotations

import pytest

from assistant.decode.phonetic.endings import LAST, ends_no_sentence


@pytest.mark.parametrize("text", ["go to", "and then the", "where are", "um", "wait for a"])
def test_more_is_to_come(text: str) -> None:
    """Articles, prepositions, conjunctions and auxiliary verbs call for another word."""
    assert ends_no_sentence(text)


@pytest.mark.parametrize("text", ["", "stop", "go on", "slow down", "what can you do", "stop this", "wait for it"])
def test_it_may_be_over(text: str) -> None:
    """Commands end with a verb, a noun, an adverb or a demonstrative."""
    assert not ends_no_sentence(text)


def test_hardly_a_phrase_ends_so(loaded) -> None:
    """An answer of the check does, and it is a phrase of the book, which is believed at once."""
    assert {p.text for p in loaded.phrases if p.text.split()[-1] in LAST} == {"not that i know of"}


def test_what_ends_no_wish_ends_no_sentence(loaded) -> None:
    """The words of wishes.yaml after which more is to come are among them: two lists, one of them for the ear alone."""
    assert set(loaded.pack.wishes.cut_off) <= LAST
