"""A yes or a no is answered at once where no longer phrase is a possible answer."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.decode.phonetic.phrasebook import Phrasebook
from assistant.interpret import expand
from assistant.messages import Intent, Phrase
from assistant.respond.transitions import legal_in
from assistant.store.library import load


@pytest.fixture(scope="module")
def phrases() -> tuple[Phrase, ...]:
    return expand(load("en").pack)


def waits(phrases: tuple[Phrase, ...], text: str, legal: frozenset[Intent]) -> bool:
    """True if the ear waits for the long pause after these words."""
    book = Phrasebook(phrases)
    book.expect(legal)
    scores = np.full(len(book.texts), -99.0, np.float32)
    scores[book.texts.index(text)] = 0.0
    return book.judge(scores, [3] * len(book.texts), loop=-50.0, free=0.0, speech=1.0).may_go_on


@pytest.mark.parametrize("state", ["confirm", "screening"])
@pytest.mark.parametrize("text", ["yes", "no", "okay"])
def test_an_answer_is_over_at_the_short_pause(phrases: tuple[Phrase, ...], state: str, text: str) -> None:
    """In the states that wait for an answer, yes and no are not kept open for a longer phrase."""
    assert not waits(phrases, text, legal_in(state))


def test_a_legal_longer_phrase_keeps_a_no_open(phrases: tuple[Phrase, ...]) -> None:
    """A legal "no counting" makes the ear wait after "no"; after pain "no pain" does, which is the other answer."""
    assert waits(phrases, "no", legal_in("ready_prompt"))
    assert waits(phrases, "no", legal_in("pain_asked"))
