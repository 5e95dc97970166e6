"""The pause after words that may go on."""

from __future__ import annotations

import numpy as np

from assistant.decode.phonetic.phrasebook import Phrasebook, Verdict
from assistant.messages import Intent, Phrase

PHRASES = (
    Phrase(text="stop", intent=Intent.STOP),
    Phrase(text="go back", intent=Intent.PREVIOUS),
    Phrase(text="go back to step one", intent=Intent.GO_TO, slots={"number": 1}),
    Phrase(text="stop now please", intent=Intent.STOP),
)


def judge(best: str, book: Phrasebook) -> Verdict:
    """The verdict where this text alone fits."""
    scores = np.array([-2.0 if text == best else -90.0 for text in book.texts], np.float32)
    return book.judge(scores, [4] * len(book.texts), loop=-20.0, free=0.0, speech=1.0)


def test_beginning_of_a_longer_phrase_may_go_on() -> None:
    """After "go back" the person may still say where to."""
    assert judge("go back", Phrasebook(PHRASES)).may_go_on
    assert not judge("go back to step one", Phrasebook(PHRASES)).may_go_on


def test_safety_never_waits() -> None:
    """After "stop" nobody waits for a longer phrase."""
    assert not judge("stop", Phrasebook(PHRASES)).may_go_on


def test_illegal_longer_phrase_makes_nobody_wait() -> None:
    """Only what is legal now makes the pause longer."""
    book = Phrasebook(PHRASES)
    book.expect(frozenset({Intent.PREVIOUS}))

    verdict = judge("go back", book)

    assert not verdict.may_go_on
    assert verdict.is_sure
