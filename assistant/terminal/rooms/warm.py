"""Loads once, before rooms are forked, what all of them read: files, the understanding, the ear, the voice."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from dataclasses import dataclass

from assistant.decode.recogniser import Recogniser
from assistant.decode.typed_engine import heard_from_line
from assistant.errors import VoiceError
from assistant.messages import Clip, Intent
from assistant.speak.clips import ClipCache
from assistant.speak.voice import Voice
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.mouth import QUICK_S
from assistant.wire.session_run import WARM_NUMBERS, SessionRun
from assistant.wire.voice_table import AUTO, VOICES
from assistant.wire.voices import VoiceChain

SHARED_VOICE = "hibari"  # the one voice that is a model in this process
NEXT_VOICE = "pyttsx3"  # steps in for it, as in the table of voices
FREE_WORDS = "my left leg feels a bit numb"  # no phrase: the model of free wordings is loaded by the first of its kind
SPOKEN = "Hello."


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """Everything that is loaded. None where it is made anew in each room: another ear or voice was chosen."""

    found: build.LoadedFiles
    ear: Recogniser | None
    voice: Voice | None


class KeptVoice:
    """A loaded voice that frees nothing when it rests: the memory is shared, so that nobody would gain."""

    def __init__(self, voice: Voice) -> None:
        """Take the voice."""
        self._voice = voice
        self.name, self.version = voice.name, voice.version

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Implement `Voice.synthesise`. Raises VoiceError."""
        return self._voice.synthesise(text, speed=speed)


class WarmSession(SessionRun):
    """A session with the ear and the voice that are loaded already; `warm` is to be set before it begins."""

    warm: Warm

    def _make_ear(self, failed: build.Notify | None = None) -> Recogniser:
        """Return the loaded ear as if it was new; a new one where the thread of an earlier session still holds it."""
        ear, me = self.warm.ear, threading.current_thread()
        if ear is None or any(one.name == me.name and one is not me for one in threading.enumerate()):
            return super()._make_ear(failed)
        ear.reset()
        ear.expect(frozenset(Intent))
        return ear

    def _clips(self, failed: build.Notify) -> ClipCache:
        voice = self.warm.voice
        if voice is None:
            return super()._clips(failed)
        makers: list[Callable[[], Voice]] = [
            lambda: voice,
            lambda: build.voice(NEXT_VOICE, self._settings.language, failed),
        ]
        clips = build.clips(VoiceChain(makers, failed), self._where)
        self._closing.callback(self._note_unkept, clips)
        return clips


def warm_up(found: build.LoadedFiles, settings: Settings, where: Folders, note: build.Notify, *, hears: bool) -> Warm:
    """Load everything that can be shared. Raises BadFiles or EngineError for damaged files of ours."""
    build.interpreter(found).understand(heard_from_line(FREE_WORDS, 0.0), frozenset(Intent), 0.0)
    ear = None
    if hears and build.learns_pronunciations(settings, where):
        ear = build.ear(settings.engine, settings, where, found.phrases)
    voice = _voice(settings, note)
    if voice is not None:
        _say_numbers(voice, found, where)
    gc.collect()
    gc.freeze()  # the collector writes into what it looks at, and what is written to is shared no more
    return Warm(found=found, ear=ear, voice=voice)


def _say_numbers(voice: Voice, found: build.LoadedFiles, where: Folders) -> None:
    """Render the numbers of counts into the clips that all rooms share: in each of them it would take seconds."""
    clips = build.clips(voice, where)
    for n in range(1, WARM_NUMBERS + 1):
        clips.number(found.pack.numbers[n], QUICK_S)


def _voice(settings: Settings, note: build.Notify) -> Voice | None:
    row = VOICES[SHARED_VOICE]
    if settings.voice not in {AUTO, SHARED_VOICE} or not row.speaks(settings.language):
        return None
    try:
        voice = row.make(settings.language)
        voice.synthesise(SPOKEN)
    except VoiceError as error:
        note(str(error))
        return None
    return KeptVoice(voice)
