"""The Voice protocol: text in, a clip out. Synthesis only; nobody but the player makes sound."""

from __future__ import annotations

from typing import Protocol

from assistant.messages import Clip


class Voice(Protocol):
    """Turns one sentence into sound."""

    @property
    def name(self) -> str:
        """hibari, pyttsx3 or silent; part of the clip cache's key."""

    @property
    def version(self) -> str:
        """What else decides the sound: the package's version, the language, the voice's id; part of the key as well."""

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """The sentence as int16 mono at `MOUTH_RATE_HZ`, trimmed, at about -20 dBFS.

        `speed` above 1 speaks faster (0.5 to 2.0). Raises VoiceError when the voice is missing, hangs or gives silence
        or garbage, and when the text holds nothing that can be spoken.
        """
