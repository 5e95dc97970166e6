"""Confusable words of the phonetic ear: pronunciations written by hand, no model."""

from __future__ import annotations

import pytest

from assistant.decode.phonetic.confusable_words import hard_words
from assistant.decode.phonetic.lexicon import Sounds
from assistant.messages import Intent, Phrase

SOUNDS: dict[str, tuple[Sounds, ...]] = {
    "stop": ((1, 2, 3, 4),),
    "go": ((5, 6),),
    "foot": ((7, 8, 9),),
    "feet": ((7, 10, 9), (7, 11)),
    "fit": ((7, 10, 9),),
    "oh": ((6,), (12,)),
    "long": ((1, 2, 7, 8),),
    "日本": (),
}


def hard(*phrases: Phrase) -> dict[str, str]:
    return dict(hard_words(phrases, SOUNDS.__getitem__))


def test_clear_words_are_not_named() -> None:
    """Words that sound different are fine."""
    assert hard(Phrase(text="stop", intent=Intent.STOP), Phrase(text="go", intent=Intent.NEXT)) == {}


def test_a_word_without_a_pronunciation_is_named() -> None:
    """The person is told how to write it."""
    assert "as it is said" in hard(Phrase(text="stop 日本", intent=Intent.STOP))["日本"]


def test_a_phrase_of_one_sound_is_named() -> None:
    """A single phone can be heard in anything; inside a longer phrase it does no harm."""
    assert "single sound" in hard(Phrase(text="oh", intent=Intent.PAIN))["oh"]
    assert hard(Phrase(text="oh stop", intent=Intent.STOP)) == {}


@pytest.mark.parametrize(("first", "second", "how"), [("foot", "feet", "almost"), ("feet", "fit", "exactly")])
def test_words_that_sound_alike_are_named_with_each_other(first: str, second: str, how: str) -> None:
    """Two meanings that differ by at most one phone have both of their words named."""
    found = hard(
        Phrase(text=f"long {first}", intent=Intent.START_ROUTINE, slots={"routine": first}),
        Phrase(text=f"long {second}", intent=Intent.START_ROUTINE, slots={"routine": second}),
    )

    assert set(found) == {first, second}
    assert how in found[first]
    assert f"'{second}'" in found[first]


def test_same_meaning_may_sound_alike() -> None:
    """Two names for one thing need no telling apart."""
    one = {"routine": "feet"}

    assert hard(*(Phrase(text=word, intent=Intent.START_ROUTINE, slots=one) for word in ("foot", "feet"))) == {}


def test_words_in_different_phrases_may_sound_alike() -> None:
    """The other words of the phrase distinguish them."""
    assert hard(Phrase(text="go foot", intent=Intent.NEXT), Phrase(text="stop feet", intent=Intent.STOP)) == {}
