"""The checks of `tuina doctor`: each part is really tried, and each finding has a remedy.

A check takes its subject as a callable, raises no error that a machine can cause, and changes nothing permanently.
`this_machine.py` beside this file names the real parts.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import soxr

from assistant.decode.recogniser import Recogniser
from assistant.errors import BadFiles, DeviceError, EngineError, Problem, TuinaError, VoiceError
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Clip, Pcm, Phrase
from assistant.speak.voice import Voice
from assistant.store.emergency import emergency_number
from assistant.store.models.installed import Model, verify
from assistant.terminal.acoustics.room import SILENT_DBFS, MeasuredEcho
from assistant.terminal.acoustics.wording import heard
from assistant.wire.build import LoadedFiles

PartVerdict: TypeAlias = Literal["good", "missing", "broken"]
ESSENTIAL = frozenset({"python", "files"})  # without any other part a session still runs: typed, or as text
OLDEST_PYTHON = (3, 10)
LEAST_CANCELLED_DB = 10.0  # after two seconds; chosen below the 14 of docs/audio.md, "Echo cancellation"
_QUIET_S = 0.5  # before and after the test sentence: the segmenter needs a beginning and an end


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the report."""

    part: str
    verdict: PartVerdict
    what: str
    remedy: str = ""
    """The remedy; empty where nothing is wrong."""


def can_run(findings: Iterable[Finding]) -> bool:
    """True if a session can run in some form, perhaps typed and without sound."""
    return all(finding.verdict == "good" for finding in findings if finding.part in ESSENTIAL)


def check_emergency(chosen: str | None, note: Callable[[str], None]) -> Finding:
    """Tell the number that is read out in an emergency, and where it comes from; `note` receives a guess."""
    digits = emergency_number(chosen, note)
    if chosen is not None:
        return Finding(part="emergency", verdict="good", what=f"In an emergency it says: call {digits}.")
    remedy = "Write emergency_number: and the digits into settings.yaml, so that it is the one of where you are."
    if not digits:
        return Finding(
            part="emergency", verdict="missing", what="It knows no emergency number, and says none.", remedy=remedy
        )
    return Finding(
        part="emergency",
        verdict="good",
        what=f"In an emergency it says: call {digits}, by your system's locale.",
        remedy=remedy,
    )


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """Check the interpreter and the system on which it runs."""
    told = f"Python {'.'.join(map(str, version))} on {platform.system()} {platform.machine()}"
    if version < OLDEST_PYTHON:
        remedy = f"install Python {'.'.join(map(str, OLDEST_PYTHON))} or newer"
        return Finding(part="python", verdict="broken", what=told, remedy=remedy)
    return Finding(part="python", verdict="good", what=told)


def check_files(load: Callable[[], LoadedFiles]) -> tuple[Finding, LoadedFiles | None]:
    """Read and validate all routines and the words of the language."""
    try:
        loaded = load()
    except BadFiles as error:
        what = f"{error.what}; the first: {error.problems[0]}"
        return Finding(part="files", verdict="broken", what=what, remedy="see them all with: tuina check"), None
    except TuinaError as error:
        return _found("files", "broken", error), None
    library = loaded.library
    what = (
        f"{len(library.routines)} routines, {len(library.techniques)} techniques, {len(loaded.pack.commands)} commands"
    )
    if not loaded.problems:
        return Finding(part="files", verdict="good", what=what), loaded
    what += f"; {len(loaded.problems)} problems in your own files, which are left out"
    return Finding(part="files", verdict="good", what=what, remedy="see them with: tuina check"), loaded


def check_microphone(find: Callable[[], str], listen: Callable[[], Pcm]) -> Finding:
    """Find the input device's name, then listen for a moment and report the level."""
    try:
        name = find()
    except DeviceError as error:
        return _found("microphone", "missing", error, otherwise="without one: tuina start --typed")
    try:
        heard = listen()
    except DeviceError as error:
        return _found("microphone", "broken", error)
    if not len(heard):
        remedy = "unplug it and plug it in again, or choose another with --mic"
        return Finding(part="microphone", verdict="broken", what=f"{name} opens, but gives no sound", remedy=remedy)
    level = level_dbfs(heard)
    if level < SILENT_DBFS:
        remedy = "turn it on: its switch, the system's volume, and the permission to use the microphone"
        return Finding(part="microphone", verdict="broken", what=f"{name} gives pure silence", remedy=remedy)
    return Finding(part="microphone", verdict="good", what=f"{name}, {level:.0f} dBFS now")


def check_speaker(find: Callable[[], str], play: Callable[[], int]) -> Finding:
    """Find the output device's name, then play an earcon; `play` returns the samples that the device took."""
    try:
        name = find()
    except DeviceError as error:
        return _found("speaker", "missing", error, otherwise="without one: text on the screen")
    try:
        taken = play()
    except DeviceError as error:
        return _found("speaker", "broken", error)
    if not taken:
        remedy = "unplug it and plug it in again, or choose another with --speaker"
        return Finding(part="speaker", verdict="broken", what=f"{name} opens, but takes no sound", remedy=remedy)
    return Finding(part="speaker", verdict="good", what=f"{name} took a short sound: did you hear it?")


def check_voice(make: Callable[[Callable[[str], None]], Voice], text: str) -> tuple[Finding, Clip | None]:
    """Let the voice say a sentence; its clip serves to try the ear.

    `make` calls its argument for every voice that failed before one worked.
    """
    failures: list[str] = []
    try:
        voice = make(failures.append)
        clip = voice.synthesise(text)
    except VoiceError as error:
        return _found("voice", "broken", error, otherwise="without one: text on the screen"), None
    level = level_dbfs(clip.pcm)
    if level < SILENT_DBFS:
        what = "; ".join([*failures, f"the voice {voice.name} makes no sound"])
        return Finding(part="voice", verdict="missing", what=what, remedy="text on the screen; or --voice hibari"), None
    if failures:
        what = "; ".join([*failures, f"{voice.name} stands in"])
        return Finding(part="voice", verdict="broken", what=what, remedy="make test shows more"), clip
    what = f"{voice.name} said {text!r} in {clip.seconds:.1f} s of sound at {level:.0f} dBFS"
    return Finding(part="voice", verdict="good", what=what), clip


def check_engine(make: Callable[[], Recogniser], phrases: Sequence[Phrase], text: str, clip: Clip | None) -> Finding:
    """Let the ear learn every phrase, and hear `text` in a clip of it."""
    try:
        engine = make()
        engine.learn(phrases)
        if clip is None:
            what = f"knows {len(phrases)} phrases; not tried, because there is no voice to try it with"
            return Finding(part="engine", verdict="good", what=what)
        heard = [each for block in _blocks(clip) for each in engine.feed(block)]
        heard += engine.finish()
    except EngineError as error:
        return _found("engine", "broken", error, otherwise="without one: tuina start --typed")
    told = [each.text for each in heard if each.is_final and each.is_sure]
    if told != [text]:
        what = f"{text!r} was said, {', '.join(map(repr, told)) or 'nothing'} was heard"
        remedy = "run make test, and report what it says"
        return Finding(part="engine", verdict="broken", what=what, remedy=remedy)
    return Finding(part="engine", verdict="good", what=f"heard {text!r} among {len(phrases)} phrases")


def check_echo(load: Callable[[], object], listen: Callable[[], MeasuredEcho | None] | None) -> Finding:
    """Load the canceller; then measure our own echo, where there is a speaker and a microphone."""
    try:
        load()
    except EngineError as error:
        return _found("echo", "missing", error)
    if listen is None:
        what = "the canceller is there; not tried, because that takes a microphone, a speaker and a voice"
        return Finding(part="echo", verdict="good", what=what)
    try:
        echo = listen()
    except (DeviceError, EngineError) as error:
        return _found("echo", "broken", error)
    if echo is None:
        what = "I do not hear myself: headphones, or a speaker that is turned down"
        return Finding(part="echo", verdict="good", what=what)
    what = f"I hear myself at {heard(echo)}"
    if echo.left_dbfs is not None and echo.level_dbfs - echo.left_dbfs < LEAST_CANCELLED_DB:
        remedy = "turn the speaker down or move it away from the microphone, or use headphones"
        return Finding(part="echo", verdict="broken", what=what, remedy=remedy)
    return Finding(part="echo", verdict="good", what=what)


def check_rehearsed(people: Sequence[str], chosen: str | None, problems: Sequence[Problem]) -> Finding:
    """List the people with stored pronunciations, and the one that a session would use."""
    if problems:
        first = problems[0]
        return Finding(part="rehearsed", verdict="missing", what=first.what, remedy=first.remedy)
    if not people:
        remedy = "if it hears you badly: tuina rehearse"
        return Finding(part="rehearsed", verdict="good", what="nobody, and nobody needs to", remedy=remedy)
    told = f"{', '.join(people)}; a session takes those of {chosen}"
    return Finding(part="rehearsed", verdict="good", what=told)


def check_models(folder: Path, models: Sequence[Model]) -> Finding:
    """Read every downloaded model to its last byte. No model at all is good: English needs none."""
    installed = [folder / model.name for model in models if (folder / model.name).is_dir()]
    for path in installed:
        try:
            verify(path)
        except EngineError as error:
            return _found("models", "broken", error)
    if not installed:
        return Finding(part="models", verdict="good", what="none fetched, and none needed for English")
    return Finding(part="models", verdict="good", what=", ".join(path.name for path in installed))


def level_dbfs(pcm: Pcm) -> float:
    """Return the RMS of int16 samples, in dB below a full-scale square wave; -inf for silence."""
    power = float(np.mean(np.square(pcm.astype(np.float64) / 32_768)))
    return float(10 * np.log10(power)) if power else float("-inf")


def _blocks(clip: Clip) -> Iterable[AudioBlock]:
    """Yield the clip at the ear's rate, with quiet around it, in blocks of 20 ms."""
    sound = soxr.resample(clip.pcm, clip.rate_hz, EAR_RATE_HZ)
    quiet = np.zeros(round(_QUIET_S * EAR_RATE_HZ), np.int16)
    pcm = np.concatenate([quiet, sound, quiet])
    size = round(EAR_RATE_HZ * BLOCK_S)
    for first in range(0, len(pcm) - size + 1, size):
        yield AudioBlock(pcm=pcm[first : first + size], rate_hz=EAR_RATE_HZ, at_s=first / EAR_RATE_HZ)


def _found(part: str, verdict: PartVerdict, error: TuinaError, otherwise: str = "") -> Finding:
    what = f"{error.where}: {error.what}" if error.where else error.what
    remedy = "; ".join(words for words in (error.remedy, otherwise) if words)
    return Finding(part=part, verdict=verdict, what=what, remedy=remedy)
