"""THE VOICES: one row for each, in the order in which they step in for each other. Settings and commands read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from assistant.speak.paced_voice import PacedVoice
from assistant.speak.voice import Voice
from assistant.wire.voices import InTime, VoiceChain

AUTO = "auto"
PACED = "en"  # the language in which words a minute were measured; others have longer or shorter words


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRow:
    """One voice."""

    make: Callable[[str], Voice]
    """The voice for a language, two letters. Raises VoiceError."""
    languages: frozenset[str] | None = None
    """The languages that it speaks; None: any."""

    def speaks(self, language: str) -> bool:
        """It can say sentences of this language."""
        return self.languages is None or language in self.languages


def _hibari(_language: str) -> Voice:
    from assistant.speak.hibari_voice import OWN_RATE, HibariVoice  # loads onnxruntime

    return PacedVoice(InTime(HibariVoice()), OWN_RATE)  # each try of a sentence has a deadline of its own


def _pyttsx3(language: str) -> Voice:
    from assistant.speak.pyttsx3_voice import OWN_RATE, Pyttsx3Voice  # loads the system's speech library
    from assistant.wire.processes.proxies import ChildVoice

    voice = ChildVoice(Pyttsx3Voice, language)
    return PacedVoice(voice, OWN_RATE) if language == PACED else voice


def _silent(_language: str) -> Voice:
    from assistant.speak.silent_voice import SilentVoice

    return SilentVoice()


VOICES: dict[str, VoiceRow] = {
    "hibari": VoiceRow(make=_hibari, languages=frozenset({"en"})),  # languages of the voice inside the package
    "pyttsx3": VoiceRow(make=_pyttsx3),
    "silent": VoiceRow(make=_silent),
}


def voice_names() -> tuple[str, ...]:
    """Return the values of the settings' `voice`: `auto`, then the table's names."""
    return (AUTO, *VOICES)


def voice_chain(name: str, language: str, on_failure: Callable[[str], None]) -> VoiceChain:
    """The voice that was asked for, and those below it in the table, which step in for it.

    `auto`: the first that speaks the language. Raises ValueError for a name that is not in the table, VoiceError where
    none of them can be made.
    """
    names = list(VOICES)
    by_language = [one for one in names if VOICES[one].speaks(language)]
    order = by_language if name == AUTO else names[names.index(name) :]
    return VoiceChain([partial(VOICES[one].make, language) for one in order], on_failure)
