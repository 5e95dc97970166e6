"""Makes a voice speak about 150 words a minute, each sentence near it. Pure but for the voice.

A voice's own rate is one of phones, so a sentence of short words runs away: hibari says "Do not press at the back of
the knee" at 369 words a minute where its median is 225. So each sentence is rendered, measured, and rendered again at
the speed that brings it half of the way from its natural rate to the usual one, and never out of the bounds.
"""

from __future__ import annotations

import math
import re

from assistant.messages import Clip
from assistant.speak.clean_text import clean_text
from assistant.speak.voice import Voice

USUAL = 150.0  # words a minute; instructions for elders are best followed at 130 to 160
LEAST, MOST = 125.0, 175.0  # of one sentence; chosen: a minute's reading of an instruction never sounds hurried
NEAR = 0.08  # of the wanted rate: a smaller difference between two sentences is not heard; chosen by ear
RENDERS = 4  # at most: the length falls faster than the speed rises, so the second or third is near
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d")  # each digit is a word; "thirty-six" is two


def words_in(text: str) -> int:
    """Return how many words are spoken; a number in digits counts as a word a digit."""
    return len(_WORD.findall(text))


class PacedVoice:
    """A voice whose speed 1.0 is about 150 words a minute, where its own median is `own_rate`."""

    def __init__(self, voice: Voice, own_rate: float) -> None:
        """`own_rate`: median words a minute of the voice's sentences at its own speed 1.0."""
        self._voice = voice
        self._own_rate = own_rate

    @property
    def name(self) -> str:
        """Return the voice's own name."""
        return self._voice.name

    @property
    def version(self) -> str:
        """Return the voice's own version, and the rate."""
        return f"{self._voice.version} at {USUAL:.0f} ({LEAST:.0f} to {MOST:.0f})"

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Implement `Voice.synthesise`. Raises VoiceError."""
        words = words_in(clean_text(text))
        own_speed = speed * USUAL / self._own_rate
        clip = self._voice.synthesise(text, speed=own_speed)
        wanted = speed * _usual(_rate(words, clip) / own_speed, self._own_rate)
        for _ in range(1, RENDERS if words else 1):
            rate = _rate(words, clip)
            if abs(rate / wanted - 1) < NEAR:
                break
            own_speed = min(own_speed * wanted / rate, speed)
            clip = self._voice.synthesise(text, speed=own_speed)
        return clip

    def rest(self) -> None:
        """Let the voice free its memory, if it can."""
        give_back = getattr(self._voice, "rest", None)
        if give_back is not None:
            give_back()


def _rate(words: int, clip: Clip) -> float:
    return 60 * words / clip.seconds


def _usual(natural: float, own_rate: float) -> float:
    """Return the rate for a sentence whose natural rate is this one: half of the way to the usual one, by ratio."""
    return min(max(USUAL * math.sqrt(natural / own_rate), LEAST), MOST)
