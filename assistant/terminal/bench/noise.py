"""Mixes noise into recordings, reproducibly. Arrays in, arrays out; reads noise files, never clips.

The level of speech, the seeds and the order of the draws are those of augment.py, which came with the development
recordings: SNR is the level of active speech over the level of the noise, and 10 ms frames within 25 dB of the loudest
count as active. So `kitchen.wav` at 12 dB here gives the samples of its condition `kitchen12`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.capture.wav_file import WavFile
from assistant.errors import BadAudio, UnknownName
from assistant.messages import EAR_RATE_HZ, Pcm

Wave: TypeAlias = NDArray[np.float64]
"""Mono at 16 000 Hz, -1 to 1."""

FRAME = 160  # samples, 10 ms
LOWEST_DB, HIGHEST_DB = -60, 100  # of speech over noise; beyond them one of the two is silence
ACTIVE_DB = 25.0  # below the loudest frame
LEVELS = f"Give a number from {LOWEST_DB} to {HIGHEST_DB}"
PEAK = 0.97  # louder sound is attenuated as a whole, never clipped
PINK = "pink"


@dataclass(frozen=True, slots=True)
class Condition:
    """One noise at one level."""

    noise: str
    """A file's path, or `pink`."""
    snr_db: float

    @property
    def name(self) -> str:
        """Return the name in augment.py's form: `kitchen12`."""
        return f"{Path(self.noise).stem}{self.snr_db:g}"


def active_rms(x: Wave) -> float:
    """Return the level of the speech: root mean square of the frames within 25 dB of the loudest."""
    count = len(x) // FRAME
    power = (x[: count * FRAME].reshape(count, FRAME) ** 2).mean(1) if count else np.array([np.mean(x**2)])
    return float(np.sqrt(power[power >= power.max() * 10 ** (-ACTIVE_DB / 10)].mean() + 1e-12))


class Noises:
    """The noises of a run, each file read once."""

    def __init__(self) -> None:
        """Start without any noise."""
        self._read: dict[str, Wave] = {}

    def mixed(self, pcm: Pcm, file: str, condition: Condition) -> Pcm:
        """Return the clip in noise; `file`, its name in the manifest, and the condition determine every random draw.

        Raises BadAudio where the noise cannot be read.
        """
        rng = np.random.default_rng(zlib.crc32(f"{file}|{condition.name}".encode()))
        speech = pcm / 32768.0
        noise = self._stretch(condition.noise, len(speech), rng)
        gain = active_rms(speech) * 10 ** (-condition.snr_db / 20) / (np.sqrt(np.mean(noise**2)) + 1e-12)
        both = speech + noise * gain
        peak = float(np.abs(both).max())
        if peak > PEAK:
            both *= PEAK / peak
        made: Pcm = np.round(np.clip(both, -1, 1) * 32767).astype(np.int16)
        return made

    def _stretch(self, name: str, length: int, rng: np.random.Generator) -> Wave:
        if name == PINK:
            return pink(length, rng)
        if name not in self._read:
            self._read[name] = read_noise(Path(name))
        noise = self._read[name]
        start = int(rng.integers(0, max(1, len(noise) - length)))
        return np.resize(noise[start : start + length], length)


def pink(length: int, rng: np.random.Generator) -> Wave:
    """Return noise whose power falls as 1/f, shaped in the frequency domain, flat below 40 Hz (augment.py)."""
    bins = length // 2 + 1
    spectrum = rng.standard_normal(bins) + 1j * rng.standard_normal(bins)
    rise_hz = np.maximum(np.fft.rfftfreq(length, 1 / EAR_RATE_HZ), 40)
    return np.fft.irfft(spectrum / np.sqrt(rise_hz), length)


def read_noise(path: Path) -> Wave:
    """Return a WAV or FLAC of any rate as mono at 16 000 Hz. Raises BadAudio if it cannot be read or is silent."""
    noise = read_clip(path) / 32768.0
    if not np.any(noise):
        raise BadAudio("this noise is silence", where=str(path), remedy="Name a recording of the noise alone")
    return noise


def read_clip(path: Path) -> Pcm:
    """Return the whole recording as int16 mono at 16 000 Hz. Raises BadAudio also where a part of it is missing."""
    file = WavFile(path)
    pcm = np.concatenate([block.pcm for block in file.blocks()])
    if file.problem:
        raise BadAudio(file.problem, where=str(path), remedy="Copy or record it again")
    whole = round(file.seconds * EAR_RATE_HZ)
    return pcm[:whole] if whole else pcm  # without the padding of the last block


def conditions(noises: list[str], snrs_db: list[float]) -> tuple[Condition, ...]:
    """Return every noise at every level, in the given order. Raises UnknownName where noise or level is missing."""
    if snrs_db and not noises:
        raise UnknownName("--snr says how loud, but not what noise", remedy="Add --noise kitchen.wav, or --noise pink")
    if noises and not snrs_db:
        raise UnknownName("--noise says what, but not how loud", remedy="Add --snr 12; more than one may be given")
    made = tuple(Condition(noise, snr_db) for noise in noises for snr_db in snrs_db)
    names = [one.name for one in made]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnknownName(f"{', '.join(twice)} is asked for twice", remedy="Name each noise and level once")
    bad = [one.snr_db for one in made if not LOWEST_DB <= one.snr_db <= HIGHEST_DB]
    if bad:
        raise UnknownName(f"--snr {bad[0]:g} is no level in decibels", remedy=LEVELS)
    return made
