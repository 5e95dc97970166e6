"""Any voice of the operating system, through pyttsx3: synthesis to a file, never its playback. Runs in a child process.

The driver can hang and can crash the interpreter, so `wire` puts this class behind a process border with a deadline; it
is made of plain values and can be pickled as long as it has not spoken. Each rule below answers a measured fault of
pyttsx3 2.99 (docs/audio.md, "Voices of the operating system"): one text per `runAndWait` (a second one overwrites the
first); `say` is never called (it turns later saves into the wrong file); `runAndWait` returns before the file is
written, so the finished event is awaited; `runAndWait` also cancels whatever espeak-ng still has in its queue, a new
rate or the new sentence itself, so that queue must be empty first; the driver prints on standard output, which belongs
to others.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.errors import VoiceError
from assistant.messages import Clip
from assistant.speak.clean_text import clean_text
from assistant.speak.normalise import finish

WORDS_A_MINUTE = 165  # at speed 1.0: a little under espeak-ng's own 175, for people who listen bent forward; by ear
OWN_RATE = 236.0  # words a minute of espeak-ng at that setting: median of 92 sentences of the full routine (2026-11)
DEADLINE_S, DEADLINE_S_PER_CHARACTER = 2.0, 0.15  # docs/faults.md, "Voice that hangs"
FINISHED, CUT_SHORT = "finished", "it was cut short"
TRIES = 2  # of a sentence that the driver says it cut short: seen once in some hundred runs of the tests, under load
STEADY_S = 0.5  # a file that has not grown for so long is complete: macOS may not send the finished event
SUFFIX = ".aiff" if sys.platform == "darwin" else ".wav"  # macOS writes AIFF whatever the name says (pyttsx3 issue 361)
MBROLA = "mb/"  # espeak-ng lists these voices even where their data is not installed; they give no sound


class Pyttsx3Voice:
    """Speaks the language with a voice of the system: espeak-ng on Linux, the native ones on macOS and Windows."""

    name = "pyttsx3"

    def __init__(self, language: str = "en", voice_id: str = "") -> None:
        """Take a language code such as en or pt-br; `voice_id`, from the machine's list, overrides the choice."""
        self.language = language
        self.voice_id = voice_id
        try:
            package = version("pyttsx3")
        except PackageNotFoundError as error:
            raise VoiceError("pyttsx3 is not installed", where=self.name, remedy="run make run again") from error
        self.version = f"{package}-{language}-{voice_id}"
        self._engine: Any = None
        self._words_a_minute = 0
        self._events: list[str] = []

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Implement `Voice.synthesise` in 5 ms (espeak-ng), at most 2 s + 0.15 s a character. Raises VoiceError."""
        plain = clean_text(text)
        if not plain:
            raise VoiceError(f"there is nothing to speak in {text!r}", where=self.name, remedy="write it in words")
        try:
            with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory(prefix="tuina-") as folder:
                self._prepare(round(WORDS_A_MINUTE * min(max(speed, 0.5), 2.0)))
                return self._say(plain, Path(folder))
        except VoiceError:
            self._engine = None  # its state is unknown: the next sentence begins with a new one
            raise
        except Exception as error:  # the boundary to a driver: RuntimeError, OSError, ReferenceError … were all seen
            self._engine = None
            raise VoiceError(f"could not say {plain!r}: {error}", where=self.name, remedy=_remedy()) from error

    def _prepare(self, words_a_minute: int) -> None:
        if self._engine is None:
            import pyttsx3

            self._engine = pyttsx3.init()
            self._engine.connect("finished-utterance", self._on_finished)
            self._engine.connect("error", self._on_error)
            self._words_a_minute = 0
            self.voice_id = choose_voice(self._engine.getProperty("voices"), self.language, self.voice_id)
            self._set("voice", self.voice_id)
        if words_a_minute != self._words_a_minute:
            self._set("rate", words_a_minute)
            self._words_a_minute = words_a_minute

    def _set(self, name: str, value: object) -> None:
        """Give the driver a setting, and wait until it has it. Raises VoiceError where it refuses.

        Left in pyttsx3's queue, the setting would run inside `runAndWait`, right before the call that cancels: once in
        some hundred runs of the tests a sentence was spoken at pyttsx3's own 200 words a minute.
        """
        self._events.clear()
        self._engine.proxy.setBusy(False)  # run it now, in place of queueing it
        self._engine.setProperty(name, value)
        self._engine.proxy.setBusy(True)  # as `runAndWait` expects it
        _settle()
        if self._events:
            raise VoiceError(f"it took no {name} {value!r} ({self._events[0]})", where=self.name, remedy=_remedy())

    def _say(self, text: str, folder: Path) -> Clip:
        """Return the sentence; retry where the driver cut it short. Raises VoiceError where that fails."""
        for number in range(TRIES):
            path = folder / f"clip{number}{SUFFIX}"
            wrong = self._save(text, path)
            if wrong != CUT_SHORT:
                break
        if wrong:
            raise VoiceError(f"could not say {text!r} ({wrong})", where=self.name, remedy=_remedy())
        return _read(path, text)

    def _save(self, text: str, path: Path) -> str:
        """Write the sentence to a file; return the fault, or nothing."""
        _settle()
        self._events.clear()
        self._engine.save_to_file(text, str(path))
        self._engine.runAndWait()
        is_in_time = self._wait_for(path, DEADLINE_S + DEADLINE_S_PER_CHARACTER * len(text))
        wrong = [event for event in self._events if event != FINISHED]
        return "; ".join(wrong) or ("" if is_in_time else "no answer in time")

    def _wait_for(self, path: Path, seconds: float) -> bool:
        """True if the driver reported its end, or the file stopped growing, within that time."""
        give_up = time.monotonic() + seconds
        size, steady_since = 0, time.monotonic()
        while not self._events:
            now, grown = time.monotonic(), path.stat().st_size if path.exists() else 0
            if grown != size:
                size, steady_since = grown, now
            if size and now - steady_since > STEADY_S:
                return True
            if now > give_up:
                return False
            time.sleep(0.005)
        return True

    def _on_finished(self, *, completed: bool = True, **_: object) -> None:
        self._events.append(FINISHED if completed else CUT_SHORT)

    def _on_error(self, *, exception: object = None, **_: object) -> None:
        self._events.append(str(exception))


def _settle() -> None:
    """Wait until espeak-ng's queue is empty; only its own module of pyttsx3 can tell."""
    espeak = sys.modules.get("pyttsx3.drivers._espeak")
    give_up = time.monotonic() + DEADLINE_S
    while espeak and espeak.IsPlaying() and time.monotonic() < give_up:
        time.sleep(0.001)


def choose_voice(voices: Sequence[Any], language: str, voice_id: str = "") -> str:
    """Return the id of the voice that speaks `language` best: the language itself before its regional variants.

    Raises VoiceError when there is none (it names the machine's languages), or when `voice_id` is not on the machine:
    the driver itself would silently use another voice.
    """
    if voice_id:
        if voice_id not in {voice.id for voice in voices}:
            raise VoiceError(
                f"this machine has no voice {voice_id!r}", where="pyttsx3", remedy="leave the choice to it"
            )
        return voice_id
    wanted = language.lower().replace("_", "-")
    ranked = []
    for place, voice in enumerate(voices):
        codes = {_code(code) for code in voice.languages or ()}
        last = voice.id.lower().rsplit("/", 1)[-1]
        if voice.id.startswith(MBROLA):
            continue
        if wanted in {*codes, last}:
            ranked.append((0 if wanted == last else 1, place, voice.id))
        elif any(code.split("-")[0] == wanted.split("-")[0] for code in codes):
            ranked.append((2, place, voice.id))
    if not ranked:
        known = ", ".join(sorted({_code(code).split("-")[0] for voice in voices for code in voice.languages or ()}))
        raise VoiceError(f"no voice of this machine speaks {language!r}", where="pyttsx3", remedy=f"it has: {known}")
    return str(min(ranked)[2])


def _code(code: str | bytes) -> str:
    """Return a language code without the length byte, padding and underscores that drivers leave in it."""
    text = code.decode("utf-8", "ignore") if isinstance(code, bytes) else code
    return "".join(char for char in text if char.isprintable()).lower().replace("_", "-")


def _read(path: Path, text: str) -> Clip:
    import soundfile

    samples, rate_hz = soundfile.read(str(path), dtype="float32", always_2d=True)
    return finish(samples.mean(axis=1), rate_hz, text, "pyttsx3")


def _remedy() -> str:
    if sys.platform.startswith("linux"):
        return "install espeak-ng (apt install espeak-ng), or use --voice silent"
    return "choose another voice in the system's settings, or use --voice silent"
