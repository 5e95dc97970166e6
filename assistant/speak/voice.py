"""The Voice protocol: text in, a clip out. Synthesis only; the player alone makes sound."""

from __future__ import annotations

from typing import Protocol

from assistant.messages import Clip


class Voice(Protocol):
    """Turns one sentence into sound."""

    @property
    def name(self) -> str:
        """Return hibari, pyttsx3 or silent; part of the clip cache's key."""

    @property
    def version(self) -> str:
        """Return what else determines the sound: package version, language, voice id; part of the key as well."""

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Return the sentence as int16 mono at `MOUTH_RATE_HZ`, trimmed, at about -17 LUFS.

        `speed` above 1 speaks faster (0.5 to 2.0). Raises VoiceError when the voice is missing, hangs or gives silence
        or garbage, and when the text holds nothing that can be spoken.
        """
