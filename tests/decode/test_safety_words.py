"""The words that are listened for wherever they stand are those that make a sentence one of safety."""

from __future__ import annotations

import pytest

from assistant.decode.frequent_words import most_frequent
from assistant.decode.safety_words import COMMON, safety_words
from assistant.messages import Intent, Phrase
from assistant.wire.build import LoadedFiles


def said(intent: Intent, *texts: str) -> list[Phrase]:
    """Phrases of one intent."""
    return [Phrase(text=text, intent=intent) for text in texts]


def test_the_word_that_makes_the_difference_is_taken() -> None:
    """A knee that hurts is one of safety for "hurts"; "my" and "knee" are not urgent."""
    phrases = said(Intent.PAIN, "my knee hurts", "it hurts") + said(Intent.WHERE_IS, "is it my knee")

    assert safety_words(phrases, []) == {"hurts"}


def test_common_words_are_left_out() -> None:
    """An ambulance is urgent, and to "get" one is not, where that is among the most frequent words."""
    phrases = said(Intent.EMERGENCY, "get an ambulance", "get a doctor")

    assert "get" not in safety_words(phrases, ["get", "an", "a"])
    assert {"ambulance", "doctor"} <= safety_words(phrases, ["get", "an", "a"])


def test_without_safety_nothing_is_urgent() -> None:
    """Phrases of other intents give no word."""
    assert safety_words(said(Intent.NEXT, "next", "stop it and go on"), []) == frozenset()


@pytest.mark.parametrize("word", ["stop", "hurts", "pain", "ow", "dizzy", "numb", "emergency", "ambulance"])
def test_the_shipped_phrases_give_the_words_of_need(loaded: LoadedFiles, word: str) -> None:
    """The first words of people in need are among them."""
    assert word in safety_words(loaded.phrases, most_frequent("en", COMMON))


@pytest.mark.parametrize("word", ["my", "back", "left", "i'm", "get", "ready", "next", "slower", "right"])
def test_words_of_other_commands_are_not_among_them(loaded: LoadedFiles, word: str) -> None:
    """Words that are said all the time would only cost time."""
    assert word not in safety_words(loaded.phrases, most_frequent("en", COMMON))
