"""Every sentence is spoken at about 150 words a minute, whatever the voice does by itself."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.hibari_voice import OWN_RATE, HibariVoice
from assistant.speak.paced_voice import PacedVoice, words_in

SENTENCES = [
    "Do not press at the back of the knee.",  # 369 words a minute by hibari itself
    "Evening routine: eight techniques, about fourteen minutes.",  # 135
    "That is too short for any of it.",
    "Now bring your left thumb to the left side.",
    "Use only as much pressure as feels comfortable.",
    "Keep your head up while you bend.",
]
USUAL = [
    "Say start when you are ready.",
    "Stand with your feet shoulder-width apart.",
    "Make fists with both hands, and bring them behind you.",
    "Use only as much pressure as feels comfortable.",
    "See a doctor at a good hospital first, and get a clear diagnosis.",
    "Start at the sacrum, the flat bone at the bottom of your back.",
    "Rest a while before you move on.",
    "Find the small hollow in the middle.",
    "Press until slightly sore.",
]


class Talker:
    """A voice with a rate of its own for each text, whose length falls faster than its speed rises."""

    name, version = "talker", "1"

    def __init__(self, seconds):
        self.seconds = seconds
        self.speeds = []

    def synthesise(self, text, *, speed=1.0):
        self.speeds.append(speed)
        return Clip(pcm=np.zeros(round(self.seconds / speed**1.2 * MOUTH_RATE_HZ), np.int16), rate_hz=MOUTH_RATE_HZ)


def rate_of(voice, text, speed=1.0):
    return 60 * words_in(text) / voice.synthesise(text, speed=speed).seconds


@pytest.fixture(scope="module")
def guide():
    """The natural voice as the guide uses it."""
    return PacedVoice(HibariVoice(), OWN_RATE)


@pytest.fixture(scope="module")
def usual(guide):
    """The rate of each usual sentence, at the usual speed."""
    return [rate_of(guide, text) for text in USUAL]


@pytest.mark.parametrize("text", SENTENCES)
def test_no_sentence_is_hurried_or_dragged(guide, text):
    """120 to 190 words a minute at the usual rate."""
    assert 118 < rate_of(guide, text) < 190


def test_the_middle_of_the_sentences_is_150(usual):
    """Half of them are slower, half are faster."""
    assert np.median(usual) == pytest.approx(150, rel=0.07)


@pytest.mark.parametrize("percent", [70, 85, 120, 150])
def test_another_rate_is_that_much_slower_or_faster(guide, usual, percent):
    """Within a tenth over all, so that "slower" is always heard as slower."""
    other = [rate_of(guide, text, percent / 100) for text in USUAL]

    assert np.mean(other) / np.mean(usual) == pytest.approx(percent / 100, rel=0.12)


@pytest.mark.parametrize("natural", [100, 218, 370, 600])
def test_a_voice_that_hurries_is_slowed_down_for_that_sentence(natural):
    """A quick sentence stays a little quicker than others, a slow one is never made quicker than its voice does it."""
    voice = Talker(60 * 9 / natural)

    rate = rate_of(PacedVoice(voice, 218), "Do not press at the back of the knee.")

    assert rate == pytest.approx(min(175, max(150 * (natural / 218) ** 0.5, 125), natural), rel=0.08)
    assert len(voice.speeds) <= 4


@pytest.mark.parametrize(
    ("text", "count"),
    [("thirty-six", 2), ("Don't.", 1), ("your doctor\u2019s", 2), ("Call 911.", 4), ("left, right!", 2), ("...", 0)],
)
def test_words_are_counted_as_they_are_spoken(text, count):
    """Each digit is a word, and so is each part of "thirty-six"."""
    assert words_in(text) == count


def test_a_text_without_words_is_left_to_the_voice():
    """It is rendered once, and its voice may refuse it."""
    voice = Talker(1.0)
    PacedVoice(voice, 218).synthesise("...")

    assert len(voice.speeds) == 1
