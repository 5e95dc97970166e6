"""The voices that may be installed here, each as one function from a text to sound. Downloads none."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile

FLITE = {"slt": (165, 190), "awb": (90, 140), "kal16": (85, 125)}  # the pitch that each is given, Hz
ESPEAK = ("en-us+f3", "en-gb+m2", "en-us+m6")  # formant synthesis, so that not all training data comes from recordings
PICO = ("en-US", "en-GB")
PICO_RATE_HZ = 16_000  # its output has no header
FESTIVAL = "cmu_us_slt_arctic_hts"
ESPEAK_SPEED = 165  # words a minute, at speed 1
LONGEST_S = 60  # a program that takes longer for one text hangs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sound:
    """The output of a voice."""

    wave: npt.NDArray[np.float32]
    """Mono, shape (samples,), full scale 1."""
    rate_hz: int


Speak: TypeAlias = Callable[[str, float, random.Random, Path], Sound]
"""Takes a text, a speed (1 is the voice's own), a generator for its pitch, and a folder for scratch files."""


def installed_voices() -> dict[str, Callable[[], Speak]]:
    """Return a loader for each installed voice, by the name of its folder."""
    found: dict[str, Callable[[], Speak]] = {}
    if flite := shutil.which("flite"):
        listed = subprocess.run([flite, "-lv"], capture_output=True, text=True, check=True).stdout.split()
        found |= {f"flite_{name}": partial(_flite, flite, name) for name in FLITE if name in listed}
    if espeak := shutil.which("espeak-ng"):
        found |= {f"espeak_{name}": partial(_espeak, espeak, name) for name in ESPEAK}
    if (festival := shutil.which("text2wave")) and _has_festival_voice():
        found["festival_slt_hts"] = partial(_festival, festival)
    if find_spec("hibari"):
        found["hibari_heart"] = _hibari
    if find_spec("py_nanotts"):
        found |= {f"pico_{name}": partial(_pico, name) for name in PICO}
    return found


def _flite(program: str, name: str) -> Speak:
    def speak(text: str, speed: float, rng: random.Random, scratch: Path) -> Sound:
        pitch = f"int_f0_target_mean={rng.uniform(*FLITE[name]):.0f}"
        slowness = f"duration_stretch={1 / speed:.3f}"
        return _run([program, "-voice", name, "--setf", slowness, "--setf", pitch, "-t", text, "-o"], scratch)

    return speak


def _espeak(program: str, name: str) -> Speak:
    def speak(text: str, speed: float, rng: random.Random, scratch: Path) -> Sound:
        words_a_minute, pitch = str(round(ESPEAK_SPEED * speed)), str(rng.randint(38, 62))
        return _run([program, "-v", name, "-s", words_a_minute, "-p", pitch, text, "-w"], scratch)

    return speak


def _festival(program: str) -> Speak:
    def speak(text: str, speed: float, rng: random.Random, scratch: Path) -> Sound:
        said = scratch / "said.txt"
        said.write_text(text, encoding="utf-8")
        parameters = f'(list (list "-r" {speed:.3f}) (list "-fm" {rng.uniform(-2, 2):.2f}))'  # speed, semitones
        setting = f"(set! hts_engine_params (append {FESTIVAL}::hts_engine_params {parameters}))"
        return _run([program, "-eval", f"(voice_{FESTIVAL})", "-eval", setting, str(said), "-o"], scratch)

    return speak


def _hibari() -> Speak:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime loads
    from hibari import Hibari
    from hibari.voices import voice_path

    engine = Hibari(voice="heart", model=voice_path("heart", download_missing=False), threads=1)

    def speak(text: str, speed: float, rng: random.Random, _scratch: Path) -> Sound:
        return Sound(wave=engine(text, speed=speed, seed=rng.randrange(2**30)), rate_hz=engine.sample_rate)

    return speak


def _pico(name: str) -> Speak:
    from py_nanotts import NanoTTS

    engine = NanoTTS()

    def speak(text: str, speed: float, rng: random.Random, _scratch: Path) -> Sound:
        pcm = engine.speak(text, voice=name, speed=speed, pitch=rng.uniform(0.85, 1.18))
        return Sound(wave=np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32_768), rate_hz=PICO_RATE_HZ)

    return speak


def _run(command: list[str], scratch: Path) -> Sound:
    """Return the sound that the program writes into the file named last. Raises CalledProcessError, TimeoutExpired."""
    written = scratch / "said.wav"
    subprocess.run([*command, str(written)], check=True, timeout=LONGEST_S, capture_output=True)
    wave, rate_hz = soundfile.read(written, dtype="float32")
    return Sound(wave=wave, rate_hz=rate_hz)


def _has_festival_voice() -> bool:
    return any(Path(root).glob(f"festival/voices/*/{FESTIVAL}") for root in ("/usr/share", "/usr/local/share"))
