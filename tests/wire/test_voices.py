"""A broken voice is replaced by the next one, which says the same sentence."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.wire.voices import InTime, VoiceChain


def spoken(seconds, level_db=-20.0):
    """Noise with the peaks, the level and the length of speech."""
    wave = np.random.default_rng(7).laplace(size=round(seconds * MOUTH_RATE_HZ))
    wave *= 10 ** (level_db / 20) * 32_767 / np.sqrt(np.mean(wave**2))
    return Clip(pcm=np.clip(np.rint(wave), -32_767, 32_767).astype(np.int16), rate_hz=MOUTH_RATE_HZ)


class FakeVoice:
    """Says a number of sentences, then breaks."""

    def __init__(self, name: str, lasts: int = 1_000) -> None:
        self.name, self.version, self.lasts = name, f"{name} 1.0", lasts
        self.said: list[tuple[str, float]] = []

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        if len(self.said) == self.lasts:
            raise VoiceError(f"{self.name} broke")
        self.said.append((text, speed))
        return spoken(0.1 * len(text))


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


class Fixed(FakeVoice):
    """Gives one clip whatever the text."""

    def __init__(self, clip: Clip) -> None:
        super().__init__("fixed")
        self.clip = clip

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        return self.clip


def clip(pcm, rate_hz=MOUTH_RATE_HZ):
    return Clip(pcm=np.asarray(pcm), rate_hz=rate_hz)


@pytest.mark.parametrize(
    ("garbage", "what"),
    [
        (clip(np.zeros(0, np.int16)), "nothing"),
        (clip(np.zeros(48_000, np.int16)), "silence"),
        (clip(np.full(48_000, 9_000, np.int16)), "clipped"),
        (clip(np.tile(np.int16([32_767, -32_767]), 24_000)), "clipped"),
        (clip(np.random.default_rng(1).integers(-20_000, 20_000, 48_000, np.int16)), "clipped"),
        (spoken(2.0, level_db=-45), "silence"),
        (spoken(0.3), "0.30 s of sound"),
        (spoken(9.0), "9.00 s of sound"),
        (clip(spoken(2.0).pcm, 16_000), "no int16 mono"),
        (clip(spoken(2.0).pcm.astype(np.float32) / 32_767), "no int16 mono"),
        (clip(np.full(48_000, np.nan, np.float32)), "no int16 mono"),
        (clip(spoken(2.0).pcm.reshape(-1, 2)), "no int16 mono"),
    ],
)
def test_garbage_is_not_played(garbage, what):
    """Silence, a square wave, noise, a wrong length, rate or form: told once, and said by the next voice."""
    second, told = FakeVoice("second"), []
    chain = VoiceChain([lambda: Fixed(garbage), lambda: second], told.append)

    for text in ("Stand, or sit if you like.", "And now the other side."):
        chain.synthesise(text)

    assert [text for text, _ in second.said] == ["Stand, or sit if you like.", "And now the other side."]
    assert len(told) == 1
    assert what in told[0]


def test_the_silent_voice_may_be_silent():
    """A person who asked for no sound gets none."""
    from assistant.speak.silent_voice import SilentVoice

    told = []

    assert not VoiceChain([SilentVoice], told.append).synthesise("hello").pcm.any()
    assert told == []


class Stuck(FakeVoice):
    """Hangs until it is let go."""

    def __init__(self) -> None:
        super().__init__("stuck")
        self.goes_on = threading.Event()

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        self.goes_on.wait(60)
        return super().synthesise(text, speed=speed)


def test_a_voice_that_hangs_is_left_at_its_deadline():
    """2 s and 0.015 s a character, then the next voice says the sentence; nobody waits for the first again."""
    stuck, second, told = Stuck(), FakeVoice("second"), []
    chain = VoiceChain([lambda: InTime(stuck, loading_s=0), lambda: second], told.append)

    for text in ("hello", "you"):
        chain.synthesise(text)
    stuck.goes_on.set()

    assert [text for text, _ in second.said] == ["hello", "you"]
    assert len(told) == 1
    assert "took longer than 2 s" in told[0]


def test_a_deadline_changes_nothing_for_a_voice_that_works():
    """Its clip and its errors come through."""
    voice = InTime(FakeVoice("first", lasts=1))

    assert len(voice.synthesise("hello").pcm) == 12_000
    with pytest.raises(VoiceError, match="first broke"):
        voice.synthesise("hello")
