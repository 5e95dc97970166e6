"""When a voice breaks, the next one says the same sentence."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.wire.voices import VoiceChain


class FakeVoice:
    """Says a number of sentences, then breaks."""

    def __init__(self, name: str, lasts: int = 1_000) -> None:
        self.name, self.version, self.lasts = name, f"{name} 1.0", lasts
        self.said: list[tuple[str, float]] = []

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        if len(self.said) == self.lasts:
            raise VoiceError(f"{self.name} broke")
        self.said.append((text, speed))
        return Clip(pcm=np.zeros(10, np.int16), rate_hz=MOUTH_RATE_HZ)


def missing(what: str):
    def make():
        raise VoiceError(what)

    return make


def test_the_first_voice_speaks_while_it_can():
    """The others are not even made."""
    first = FakeVoice("first")
    chain = VoiceChain([lambda: first, missing("never made")], pytest.fail)

    chain.synthesise("hello", speed=1.2)

    assert first.said == [("hello", 1.2)]
    assert (chain.name, chain.version) == ("first", "first 1.0")


def test_a_sentence_that_breaks_the_first_voice_is_said_by_the_second():
    """No sentence is lost; the reason is told; there is no way back."""
    first, second, told = FakeVoice("first", lasts=1), FakeVoice("second"), []
    chain = VoiceChain([lambda: first, lambda: second], told.append)

    for text in ("one", "two", "three"):
        chain.synthesise(text)

    assert [text for text, _ in first.said] == ["one"]
    assert [text for text, _ in second.said] == ["two", "three"]
    assert told == ["first broke."]
    assert (chain.name, chain.version) == ("second", "second 1.0")


def test_voices_that_cannot_be_made_are_passed_over():
    """Each with its reason."""
    told = []
    chain = VoiceChain([missing("a is missing"), missing("b is missing"), lambda: FakeVoice("c")], told.append)

    assert chain.name == "c"
    assert told == ["a is missing.", "b is missing."]


def test_the_last_reason_is_raised_when_no_voice_is_left():
    """By the sentence that nobody could say, with the voice that was tried last."""
    chain = VoiceChain([lambda: FakeVoice("first", lasts=0), lambda: FakeVoice("second", lasts=0)], lambda _: None)

    with pytest.raises(VoiceError, match="second broke"):
        chain.synthesise("hello")


@pytest.mark.parametrize(("makers", "what"), [([], "no voice"), ([missing("gone")], "gone")])
def test_no_voice_at_all_is_an_error(makers, what):
    """Told at once, not at the first sentence."""
    with pytest.raises(VoiceError, match=what):
        VoiceChain(makers, lambda _: None)
