"""Connects the doctor's checks to the real parts of this machine: devices, voice, ear, files. Prints nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from assistant.capture.devices import find_device
from assistant.capture.echo import EchoCanceller
from assistant.capture.microphone import Microphone
from assistant.decode.recogniser import Recogniser
from assistant.errors import Problem
from assistant.messages import MOUTH_RATE_HZ, Intent, Pcm
from assistant.speak.player import Player
from assistant.speak.voice import Voice
from assistant.speak.wording import aloud
from assistant.store.models.installed import load_manifest, manifest_path
from assistant.store.pronunciations import Pronunciations
from assistant.store.settings import Folders, Settings
from assistant.terminal.acoustics.room import MeasuredEcho
from assistant.terminal.doctor.checks import (
    Finding,
    check_echo,
    check_emergency,
    check_engine,
    check_files,
    check_microphone,
    check_models,
    check_python,
    check_rehearsed,
    check_speaker,
    check_voice,
)
from assistant.terminal.doctor.own_voice import hear_myself
from assistant.terminal.doctor.stored import (
    check_alone,
    check_database,
    check_disk,
    check_journal,
    check_keyboard,
    check_screen,
    check_settings,
)
from assistant.wire import build
from assistant.wire.deadline import finish_within
from assistant.wire.devices.speaker import Speaker

LISTEN_S = 0.3  # enough for a level, and not annoying
PATIENCE_S = 2.0  # a device without a block by then is broken (a session's watchdogs wait 1 s)
_STEP_S = 0.02
GREETING = ("advice_causes", "advice_limits")  # 8 s: the canceller finds the echo after two, and has adapted after four


def examine(
    settings: Settings,
    where: Folders,
    keep: Callable[[MeasuredEcho], None] = lambda _: None,
    problems: Sequence[Problem] = (),
) -> Iterator[Finding]:
    """Yield every part's finding once it was tried; takes three seconds, and ten more for our own echo.

    `keep` receives our own echo; `problems` are those of settings.yaml.
    """
    yield check_python()
    yield check_settings(problems)
    yield check_emergency(settings.emergency_number, lambda _: None)
    yield check_alone(where.lock)
    yield check_disk(where.data)
    yield check_journal(where.journal)
    if settings.journal is not None:
        yield check_database(settings.journal.get_secret_value())
    yield check_screen(sys.stdout)
    yield check_keyboard(sys.stdin)
    files, loaded = check_files(lambda: build.load_files(settings, where))
    yield files
    microphone = check_microphone(lambda: find_device(settings.microphone, "input").name, lambda: _listen(settings))
    yield microphone
    speaker = check_speaker(lambda: find_device(settings.speaker, "output").name, lambda: _play(settings))
    yield speaker
    phrases = loaded.phrases if loaded else ()
    text = next((phrase.text for phrase in phrases if phrase.intent is Intent.HOW_MANY_LEFT), "how many left")
    made: list[Voice] = []
    voice, clip = check_voice(lambda tell: _made(settings, made, tell), text)
    yield voice
    can_hear_itself = clip is not None and microphone.verdict == speaker.verdict == "good"
    yield check_echo(
        EchoCanceller, partial(_greet, settings, loaded, made, keep) if loaded and can_hear_itself else None
    )
    if loaded:
        yield check_engine(lambda: _ear(settings, where), phrases, text, clip)
    if build.learns_pronunciations(settings, where):
        yield _rehearsed(settings, where)
    yield check_models(where.models, load_manifest(manifest_path()))


def _made(settings: Settings, made: list[Voice], tell: build.Notify) -> Voice:
    """Make the voice, and keep it for later."""
    made.append(build.voice(settings.voice, settings.language, tell))
    return made[-1]


def _greet(
    settings: Settings, loaded: build.LoadedFiles, made: list[Voice], keep: Callable[[MeasuredEcho], None]
) -> MeasuredEcho | None:
    """Say the greeting and a little more, and measure its echo."""
    clips = build.clips(made[-1], None)
    echo = hear_myself(settings, [clips.get(aloud(loaded.pack.replies[key])) for key in GREETING])
    if echo is not None:
        keep(echo)
    return echo


def _rehearsed(settings: Settings, where: Folders) -> Finding:
    kept = Pronunciations(where.config)
    people = kept.people()
    _, problems = build.pronunciations(settings, where)
    chosen = None if problems else kept.person(settings.person)
    return check_rehearsed(people, chosen, problems)


def _ear(settings: Settings, where: Folders) -> Recogniser:
    """Return the ear of a session. Raises EngineError."""
    make = build.engine_maker(settings.engine, settings.language, where.models)
    return make()


def _listen(settings: Settings) -> Pcm:
    """Return a moment of the microphone at 16 000 Hz; empty if it gives nothing. Raises DeviceError."""
    taken: list[tuple[bytes, float]] = []
    microphone = Microphone(settings.microphone, lambda frames, at_s: taken.append((frames, at_s)))
    microphone.start()
    _wait(lambda: microphone.frames >= LISTEN_S * microphone.rate_hz)
    finish_within(microphone.stop, PATIENCE_S)
    blocks = [block.pcm for frames, at_s in taken for block in microphone.blocks_of(frames, at_s)]
    return np.concatenate([np.zeros(0, np.int16), *blocks])


def _play(settings: Settings) -> int:
    """Play the earcon for "heard"; return the samples that the speaker took. Raises DeviceError."""
    player = Player(MOUTH_RATE_HZ)
    player.sound("heard")
    speaker = Speaker(settings.speaker, player.render)
    speaker.start()
    _wait(lambda: speaker.frames >= LISTEN_S * MOUTH_RATE_HZ)
    speaker.stop()
    return speaker.frames


def _wait(is_enough: Callable[[], bool]) -> None:
    patience = round(PATIENCE_S / _STEP_S)
    while patience and not is_enough():
        time.sleep(_STEP_S)
        patience -= 1
