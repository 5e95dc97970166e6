"""Mixes noise into recordings and lets microphones hear them, reproducibly. Reads noise files, never clips.

The level of speech, the seeds and the order of the draws are those of augment.py, which came with the development
recordings: SNR is the level of active speech over the level of the noise, and 10 ms frames within 25 dB of the loudest
count as active. So `kitchen.wav` at 12 dB here gives the samples of its condition `kitchen12`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.capture.wav_file import WavFile
from assistant.errors import BadAudio, UnknownName
from assistant.messages import EAR_RATE_HZ, Pcm
from assistant.terminal.bench.microphones import MICROPHONES, Wave, through

FRAME = 160  # samples, 10 ms
LOWEST_DB, HIGHEST_DB = -60, 100  # of speech over noise; beyond them one of the two is silence
ACTIVE_DB = 25.0  # below the loudest frame
LEVELS = f"Give a number from {LOWEST_DB} to {HIGHEST_DB}"
PEAK = 0.97  # louder sound is attenuated as a whole, never clipped
LOUDEST_PEAK = 0.5  # of a clip that is mixed by its loudest frame
PINK, CLIPPED = "pink", "clipped"


@dataclass(frozen=True, slots=True)
class Condition:
    """One noise at one level, a microphone that hears, or both: the noise is in the room with the person."""

    noise: str = ""
    """A file's path, or `pink`; empty: none."""
    snr_db: float = 0.0
    by_loudest: bool = False
    """True: the level of speech is that of its loudest frame, and the noisy clip's peak is at 0.5, as in the public
    benchmark that docs/recognition.md names under "Blank bias and beam"; else it is the mean of active frames."""
    microphone: str = ""
    """A name of microphones.py, or the path of an impulse response; empty: the recording's own."""

    @property
    def name(self) -> str:
        """Return the name in augment.py's form: `kitchen12`, `far-kitchen12`, and `kitchen12-loudest`."""
        loud = "-loudest" if self.by_loudest else ""
        noise = f"{Path(self.noise).stem}{self.snr_db:g}{loud}" if self.noise else ""
        return "-".join(filter(None, (Path(self.microphone).stem if self.microphone else "", noise)))

    def without_noise(self) -> Condition | None:
        """Return the microphone alone; None where there is none."""
        return Condition(microphone=self.microphone) if self.microphone else None


def active_rms(x: Wave) -> float:
    """Return the level of the speech: root mean square of the frames within 25 dB of the loudest."""
    count = len(x) // FRAME
    power = (x[: count * FRAME].reshape(count, FRAME) ** 2).mean(1) if count else np.array([np.mean(x**2)])
    return float(np.sqrt(power[power >= power.max() * 10 ** (-ACTIVE_DB / 10)].mean() + 1e-12))


def loudest_rms(x: Wave) -> float:
    """Return the root mean square of the loudest frame."""
    frames = np.pad(x, (0, -len(x) % FRAME)).reshape(-1, FRAME)
    return float(np.sqrt((frames**2).mean(1).max() + 1e-12))


class Noises:
    """The noises and impulse responses of a run, each file read once."""

    def __init__(self) -> None:
        """Start without any noise."""
        self._read: dict[str, Wave] = {}

    def mixed(self, pcm: Pcm, file: str, condition: Condition) -> Pcm:
        """Return the clip in noise, by a microphone, or both; one under 10 ms as it is. Raises BadAudio for a bad file.

        `file`, its name in the manifest, and the condition determine every random draw.
        """
        if len(pcm) < FRAME:
            return pcm
        rng = np.random.default_rng(zlib.crc32(f"{file}|{condition.name}".encode()))
        both = pcm / 32768.0
        if condition.noise:
            both = self._in_noise(both, condition, rng)
        if condition.microphone in MICROPHONES:
            both = MICROPHONES[condition.microphone](both, rng)
        elif condition.microphone:
            both = through(both, self._file(condition.microphone))
        peak = float(np.abs(both).max())
        if peak > PEAK and condition.microphone != CLIPPED:
            both *= PEAK / peak
        made: Pcm = np.round(np.clip(both, -1, 1) * 32767).astype(np.int16)
        return made

    def _in_noise(self, speech: Wave, condition: Condition, rng: np.random.Generator) -> Wave:
        noise = self._stretch(condition.noise, len(speech), rng)
        level = loudest_rms(speech) if condition.by_loudest else active_rms(speech)
        both = speech + noise * level * 10 ** (-condition.snr_db / 20) / (np.sqrt(np.mean(noise**2)) + 1e-12)
        if condition.by_loudest:
            both = both * (LOUDEST_PEAK / (float(np.abs(both).max()) or 1.0))
        return np.asarray(both)

    def _file(self, name: str) -> Wave:
        if name not in self._read:
            self._read[name] = read_noise(Path(name))
        return self._read[name]

    def _stretch(self, name: str, length: int, rng: np.random.Generator) -> Wave:
        if name == PINK:
            return pink(length, rng)
        noise = self._file(name)
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


def conditions(
    noises: list[str], snrs_db: list[float], microphones: list[str], *, by_loudest: bool
) -> tuple[Condition, ...]:
    """Return every noise at every level by every microphone, in the given order; a microphone alone where no noise is.

    Raises UnknownName where a part is missing, twice there, or unknown.
    """
    if snrs_db and not noises:
        raise UnknownName("--snr says how loud, but not what noise", remedy="Add --noise kitchen.wav, or --noise pink")
    if noises and not snrs_db:
        raise UnknownName("--noise says what, but not how loud", remedy="Add --snr 12; more than one may be given")
    if by_loudest and not noises:
        raise UnknownName("--by-loudest says how noise is mixed, but not what noise", remedy="Add --noise and --snr")
    for name in microphones:
        if name not in MICROPHONES and not Path(name).is_file():
            known = ", ".join(MICROPHONES)
            raise UnknownName(
                f"there is no microphone '{name}'",
                remedy=f"Known: {known}; or name a WAV file with an impulse response",
            )
    levels = [(noise, snr_db) for noise in noises for snr_db in snrs_db] or [("", 0.0)]
    made = tuple(
        Condition(noise, snr_db, by_loudest=by_loudest, microphone=microphone)
        for microphone in microphones or [""]
        for noise, snr_db in levels
        if noise or microphone
    )
    names = [one.name for one in made]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnknownName(f"{', '.join(twice)} is asked for twice", remedy="Name each noise, level and microphone once")
    bad = [one.snr_db for one in made if not LOWEST_DB <= one.snr_db <= HIGHEST_DB]
    if bad:
        raise UnknownName(f"--snr {bad[0]:g} is no level in decibels", remedy=LEVELS)
    return made
