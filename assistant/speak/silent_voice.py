"""The voice of tests and of machines without sound: silent clips of the right length."""

from __future__ import annotations

import numpy as np

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.clean_text import clean_text

CHARACTERS_A_SECOND = 18.0  # hibari 0.2.1 at speed 1.0: 17.8 over nine of our prompts (13.5 to 20.8 each)
SHORTEST_S = 0.3  # a hibari number word lasts 0.35 to 0.75 s


class SilentVoice:
    """Gives silence that lasts as long as the sentence would."""

    name = "silent"
    version = "1"

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Implement `Voice.synthesise` with a clip of zeros, which is right for this voice only."""
        plain = clean_text(text)
        if not plain:
            raise VoiceError(f"there is nothing to speak in {text!r}", where=self.name, remedy="write it in words")
        seconds = max(SHORTEST_S, len(plain) / CHARACTERS_A_SECOND) / speed
        return Clip(pcm=np.zeros(round(seconds * MOUTH_RATE_HZ), np.int16), rate_hz=MOUTH_RATE_HZ)
