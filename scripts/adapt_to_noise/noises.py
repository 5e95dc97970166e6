"""Noises and rooms for training, all made from random numbers, none is a recording. Sound is 16 kHz mono throughout.

The ranges were set by hand, wide on purpose: a noise need not sound like a kitchen, it need only differ from the next.
No range was tuned on a recording. A noise comes back with no level of its own, see `level_1`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

Wave: TypeAlias = npt.NDArray[np.float64]
"""Mono sound at 16 kHz, shape (samples,)."""

RATE_HZ = 16_000
SILENT = 1e-9
SCALES = (
    (0, 2, 4, 5, 7, 9, 11),
    (0, 2, 3, 5, 7, 8, 10),
    (0, 2, 4, 7, 9, 12, 14),
)  # semitones: major, minor, five tones
BEATS_A_CHORD = 4
FAINTEST_CHORDS = 0.2  # of 1; a fifth of the pieces lie below it and have none
PARTIALS = 12  # of a note, and none above 7 500 Hz
HIGHEST_HZ = 7_500
GUSTS_A_SECOND = 4


def happens(chance: float, rng: np.random.Generator) -> bool:
    """Return true with this probability, 0 to 1."""
    return bool(rng.random() < chance)


def level_1(wave: Wave) -> Wave:
    """Return the sound at an RMS of 1."""
    return np.asarray(wave / (wave.std() + SILENT))


def coloured(samples: int, rng: np.random.Generator) -> Wave:
    """Return steady noise, nearly white to browner than brown, with up to three broad bumps like a fan, or gusts."""
    hz = np.maximum(np.fft.rfftfreq(samples, 1 / RATE_HZ), rng.uniform(20, 150))
    gain = hz ** (-rng.uniform(-0.2, 2.2) / 2)
    for _ in range(rng.integers(0, 4)):
        middle_hz = np.exp(rng.uniform(np.log(80), np.log(7_000)))
        octaves = np.log(hz / middle_hz) / rng.uniform(0.1, 0.6)
        gain *= 1 + rng.uniform(-0.7, 3) * np.exp(-0.5 * octaves**2)
    wave = np.fft.irfft(_white_spectrum(len(hz), rng) * gain, samples)
    if happens(0.3, rng):
        every = RATE_HZ // GUSTS_A_SECOND
        gusts = rng.standard_normal(samples // every + 2)
        wave *= np.exp(rng.uniform(0.1, 0.8) * np.interp(np.arange(samples) / every, np.arange(len(gusts)), gusts))
    return level_1(wave)


def hum(samples: int, rng: np.random.Generator) -> Wave:
    """Return a motor: 3 to 23 harmonics of 45 to 130 Hz, in coloured noise."""
    seconds, base_hz, wave = np.arange(samples) / RATE_HZ, rng.uniform(45, 130), np.zeros(samples)
    falls = rng.uniform(0.5, 1.5)
    for nth in range(1, rng.integers(4, 25)):
        wave += _sine(base_hz * nth * seconds, rng) * rng.uniform(0.3, 1) / nth**falls
    return level_1(level_1(wave) + rng.uniform(0.2, 2) * coloured(samples, rng))


def music(samples: int, rng: np.random.Generator) -> Wave:
    """Return chords, a tune of random notes of one scale, and sometimes a drum, at 0.22 to 0.9 s a beat."""
    wave, scale = np.zeros(samples), np.array(SCALES[rng.integers(len(SCALES))])
    root_hz, beat_s, dull = rng.uniform(55, 180), rng.uniform(0.22, 0.9), rng.uniform(0.8, 2.2)
    chords, tune, drum = rng.uniform(0, 1), rng.uniform(0.3, 1), rng.uniform(0, 0.6) * (happens(0.6, rng))
    has_chords, at, beat = chords > FAINTEST_CHORDS, 0, 0
    while at < samples:
        if has_chords and beat % BEATS_A_CHORD == 0:
            lowest, long = rng.integers(0, 7), int(min(4.4 * beat_s, 6) * RATE_HZ)
            for step in (lowest, lowest + 2, lowest + 4):
                note_hz = root_hz * 2 ** (scale[step % 7] / 12 + step // 7)
                _add(wave, at, chords * 0.5 * _note(note_hz, long, rng, rng.uniform(0.1, 0.6), dull + 0.5))
        if happens(0.8, rng):  # a fifth of the beats are rests
            note_hz = root_hz * 2 ** (rng.integers(1, 4) + rng.choice(scale) / 12)
            long = int(rng.uniform(0.3, 1.5) * RATE_HZ)
            _add(wave, at, tune * _note(note_hz, long, rng, rng.uniform(1.5, 8), dull))
        if drum:
            _add(wave, at, drum * rng.standard_normal(3_000) * np.exp(-np.arange(3_000) / rng.uniform(100, 900)))
        at += int(RATE_HZ * beat_s * (1 if happens(0.7, rng) else 0.5))  # most notes fill their beat
        beat += 1
    return level_1(level_1(wave) + rng.uniform(0, 0.15) * coloured(samples, rng))


def clatter(samples: int, rng: np.random.Generator) -> Wave:
    """Return one to six knocks a second, of 0.03 to 0.4 s, up to 20 dB softer than the loudest, in soft noise."""
    wave = 0.1 * coloured(samples, rng)
    for _ in range(int(samples / RATE_HZ * rng.uniform(1, 6))):
        long = int(rng.uniform(0.03, 0.4) * RATE_HZ)
        seconds, knock = np.arange(long) / RATE_HZ, np.zeros(long)
        for _ in range(rng.integers(1, 6)):
            ring = np.sin(2 * np.pi * np.exp(rng.uniform(5.5, 8.9)) * seconds)  # 245 to 7 300 Hz
            knock += rng.uniform(0.2, 1) * ring * np.exp(-seconds * rng.uniform(15, 120))
        knock += rng.uniform(0, 1) * rng.standard_normal(long) * np.exp(-seconds * rng.uniform(40, 300))
        _add(wave, int(rng.integers(0, samples)), knock * 10 ** rng.uniform(-1, 0))
    return level_1(wave)


KINDS: dict[str, tuple[Callable[[int, np.random.Generator], Wave], int]] = {
    "coloured": (coloured, 90),
    "music": (music, 110),
    "hum": (hum, 25),
    "clatter": (clatter, 35),
}
"""Each kind's maker, and the number of pieces made of it. Kinds that vary most have the most pieces."""


def room(rng: np.random.Generator) -> Wave:
    """Return a room's impulse response: direct sound of 1, 3 to 9 early echoes, a tail of 0.15 to 0.8 s (to -60 dB).

    The sum after the direct sound is between 4 dB louder and 12 dB softer than it.
    """
    decay_s = rng.uniform(0.15, 0.8)
    samples = int(decay_s * RATE_HZ)
    tail = rng.standard_normal(samples) * 10 ** (-3 * np.arange(samples) / samples)
    if happens(0.7, rng):  # most walls swallow the treble
        swallows = rng.uniform(0, 0.7)
        tail = np.asarray(lfilter([1 - swallows], [1, -swallows], tail))
    tail[: int(rng.uniform(0.002, 0.006) * RATE_HZ)] = 0
    for _ in range(rng.integers(3, 10)):
        tail[int(rng.uniform(0.003, 0.05) * RATE_HZ)] += rng.uniform(1, 6) * rng.choice([-1, 1])
    tail *= 10 ** (-rng.uniform(-4, 12) / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1
    return tail


def other_microphone(wave: Wave, rng: np.random.Generator) -> Wave:
    """Tilt the sound by up to 3 dB an octave; sometimes remove its treble (as by a telephone) or its bass."""
    hz = np.maximum(np.fft.rfftfreq(len(wave), 1 / RATE_HZ), 30)
    gain = 10 ** (np.clip(np.log2(hz / 1_000), -4, 3) * rng.uniform(-3, 3) / 20)
    if happens(0.2, rng):
        gain /= np.sqrt(1 + (hz / rng.uniform(3_200, 7_000)) ** 12)
    if happens(0.3, rng):
        gain /= np.sqrt(1 + (rng.uniform(60, 300) / hz) ** 4)
    return np.fft.irfft(np.fft.rfft(wave) * gain, len(wave))


def active_rms(wave: Wave) -> float:
    """Return the level of a voice without its pauses: RMS of the 10 ms blocks within 25 dB of the loudest."""
    energy = (wave[: len(wave) // 160 * 160].reshape(-1, 160) ** 2).mean(1)
    return float(np.sqrt(energy[energy >= energy.max() * 10**-2.5].mean() + SILENT**2))


def _note(hz: float, samples: int, rng: np.random.Generator, fades: float, dull: float) -> Wave:
    """Return a tone with a little vibrato; `fades` is 1/s for its base, `dull` the power of its partials' decay."""
    seconds, wave = np.arange(samples) / RATE_HZ, np.zeros(samples)
    wavers = seconds + rng.uniform(0, 0.004) * np.sin(2 * np.pi * rng.uniform(4, 6) * seconds)
    for nth in range(1, min(PARTIALS, int(HIGHEST_HZ / hz) + 1)):
        wave += nth**-dull * _sine(hz * nth * wavers, rng) * np.exp(-seconds * fades * (1 + 0.2 * nth))
    attack, release = min(samples, int(rng.uniform(0.002, 0.08) * RATE_HZ)), min(samples, 400)
    wave[:attack] *= np.linspace(0, 1, attack)
    wave[samples - release :] *= np.linspace(1, 0, release)
    return wave


def _add(wave: Wave, at: int, sound: Wave) -> None:
    wave[at : at + len(sound)] += sound[: len(wave) - at]


def _sine(turns: Wave, rng: np.random.Generator) -> Wave:
    return np.asarray(np.sin(2 * np.pi * (turns + rng.random())))


def _white_spectrum(size: int, rng: np.random.Generator) -> npt.NDArray[np.complex128]:
    return rng.standard_normal(size) + 1j * rng.standard_normal(size)
