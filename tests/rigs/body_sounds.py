"""Sounds of a body and a room that are no words, by arithmetic: breath, groan, cough, slap, cloth, music, hum.

Each is drawn anew from a generator of random numbers: pitch, vowel, speed. Voices are a glottal source through
formants, so that they come as near to words as a sound without words can. They are no recordings: people groan in
more ways.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Wave: TypeAlias = npt.NDArray[np.float64]
Rng: TypeAlias = np.random.Generator

RATE_HZ = 16_000
HARMONICS_TO_HZ = 5_000.0

# Formants in Hz of a grown man, after Peterson and Barney (1952); "mm" has its nasal murmur at 250.
VOWELS = {
    "ah": (730.0, 1090.0, 2440.0),
    "uh": (640.0, 1190.0, 2390.0),
    "oh": (570.0, 840.0, 2410.0),
    "oo": (300.0, 870.0, 2240.0),
    "er": (490.0, 1350.0, 1690.0),
    "eh": (530.0, 1840.0, 2480.0),
    "mm": (250.0, 1200.0, 2100.0),
}
WIDTHS = (90.0, 110.0, 170.0)


def length(seconds: float) -> int:
    """Samples."""
    return round(seconds * RATE_HZ)


def chance(rng: Rng, part: float) -> bool:
    """True with the probability `part`."""
    return bool(rng.random() < part)


def above(hz: Wave, lowest: float) -> Wave:
    """A filter that passes what is higher."""
    return np.asarray(hz > lowest, np.float64)


def fade(wave: Wave, seconds: float = 0.01) -> Wave:
    """The same without a click at its ends."""
    n = min(length(seconds), len(wave) // 2)
    shape = np.ones(len(wave))
    shape[:n] = np.linspace(0, 1, n)
    shape[len(wave) - n :] = np.linspace(1, 0, n)
    return wave * shape


def shaped_noise(rng: Rng, n: int, gain: Callable[[Wave], Wave | npt.NDArray[np.bool_]]) -> Wave:
    """Noise with this gain at each frequency in Hz; root mean square 1."""
    spectrum = np.fft.rfft(rng.standard_normal(n)) * gain(np.asarray(np.fft.rfftfreq(n, 1 / RATE_HZ), np.float64))
    wave = np.fft.irfft(spectrum, n)
    return np.asarray(wave / max(float(np.sqrt(np.mean(wave**2))), 1e-9))


def wander(rng: Rng, n: int, per_second: float) -> Wave:
    """A smooth random curve between about -1 and 1."""
    knots = rng.standard_normal(max(2, round(n / RATE_HZ * per_second) + 2))
    return np.interp(np.linspace(0, len(knots) - 1, n), np.arange(len(knots)), np.clip(knots, -2, 2) / 2)


def resonance(hz: Wave, formants: list[Wave], scale: float) -> Wave:
    """Return the gain of a vocal tract of this length at each frequency; all arrays have the same shape."""
    gain = np.ones_like(hz)
    for formant, width in zip(formants, WIDTHS, strict=True):
        centre = formant * scale
        gain = gain * centre**2 / np.sqrt((hz**2 - centre**2) ** 2 + (hz * width) ** 2 + 1.0)
    return gain


def voiced(rng: Rng, vowels: list[str], pitch_hz: Wave, *, breath: float = 0.1, scale: float | None = None) -> Wave:
    """A voice that glides through vowels at this pitch (one value a sample), with jitter, shimmer and breath."""
    n = len(pitch_hz)
    size = rng.uniform(0.95, 1.25) if scale is None else scale
    pitch = pitch_hz * (1 + 0.015 * wander(rng, n, 60))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    points, along = np.linspace(0, 1, len(vowels)), np.linspace(0, 1, n)
    formants = [np.interp(along, points, [VOWELS[vowel][i] for vowel in vowels]) for i in range(3)]
    tilt = rng.uniform(0.7, 1.3)  # of the glottal source with the lips: about -6 dB an octave
    wave = np.zeros(n)
    for k in range(1, int(HARMONICS_TO_HZ / max(60.0, float(pitch.mean()))) + 1):
        wave += resonance(k * pitch, formants, size) / k**tilt * np.sin(k * phase + rng.uniform(0, 6))
    wave *= 1 + 0.1 * wander(rng, n, 40)
    middle = [np.array([float(formant.mean())]) for formant in formants]
    air = shaped_noise(rng, n, lambda hz: resonance(hz, middle, size) * above(hz, 200))
    return np.asarray(wave / max(float(np.sqrt(np.mean(wave**2))), 1e-9) + breath * air)


def swell(n: int, rise: float, fall: float) -> Wave:
    """Loudness that rises and falls within these parts of the whole."""
    return np.interp(np.linspace(0, 1, n), [0, rise, 1 - fall, 1], [0, 1, 0.8, 0])


def pitch_of(rng: Rng, n: int) -> Wave:
    """A person's pitch that glides, man or woman."""
    start = rng.choice([rng.uniform(75, 150), rng.uniform(160, 300)])
    return np.linspace(start, start * rng.uniform(0.6, 1.5), n) * (1 + 0.03 * wander(rng, n, 6))


def breath_gain(lows: float, bump: float, hz: Wave) -> Wave:
    """Nothing below `lows` Hz, most at `bump` Hz."""
    return (hz > lows) / (1 + (hz / bump - 1) ** 2)


def breath(rng: Rng) -> Wave:
    """In and out through nose or mouth, now and then with a little voice."""
    parts = []
    for seconds, edge in ((rng.uniform(0.5, 1.8), 0.4), (rng.uniform(0.6, 2.5), 0.1)):
        n, lows = length(seconds), rng.uniform(300, 1500)
        bump = rng.uniform(500, 2500)
        noise = shaped_noise(rng, n, partial(breath_gain, lows, bump))
        parts += [noise * swell(n, edge, 0.5), np.zeros(length(rng.uniform(0.1, 0.4)))]
    if chance(rng, 0.3):
        n = len(parts[2])
        parts[2] = parts[2] + voiced(rng, ["uh", "ah"], pitch_of(rng, n), breath=1.0) * swell(n, 0.2, 0.6) * 0.7
    return np.concatenate(parts)


def groan(rng: Rng) -> Wave:
    """Of effort or pressure: one to three vowels that glide."""
    n = length(rng.uniform(0.25, 2.0))
    vowels = list(rng.choice(list(VOWELS), size=rng.integers(1, 4)))
    strain = rng.uniform(0.05, 0.5)
    return voiced(rng, [str(vowel) for vowel in vowels], pitch_of(rng, n), breath=strain) * swell(n, 0.15, 0.3)


def sigh(rng: Rng) -> Wave:
    """Relief: breathy, falling, long."""
    n = length(rng.uniform(0.8, 2.2))
    falling = np.linspace(1.3, 0.7, n) * rng.uniform(90, 220)
    return voiced(rng, [str(rng.choice(["ah", "uh"])), "uh", "mm"], falling, breath=0.8) * swell(n, 0.1, 0.6)


def cough(rng: Rng) -> Wave:
    """One to four bursts of noise, each with a voiced tail."""
    parts = []
    for _ in range(rng.integers(1, 5)):
        n, tail = length(rng.uniform(0.04, 0.09)), length(rng.uniform(0.08, 0.22))
        burst = shaped_noise(rng, n, lambda hz: above(hz, 150) / (1 + hz / 2500)) * np.linspace(1, 0.5, n) * 2
        rest = voiced(rng, ["uh", "er"], pitch_of(rng, tail), breath=0.9) * np.linspace(0.9, 0, tail)
        parts += [burst, rest, np.zeros(length(rng.uniform(0.08, 0.4)))]
    return np.concatenate(parts)


def throat(rng: Rng) -> Wave:
    """Clearing it: creaky, closed lips, often twice."""
    parts = []
    for _ in range(rng.integers(1, 3)):
        n = length(rng.uniform(0.15, 0.5))
        parts += [voiced(rng, ["er", "mm"], pitch_of(rng, n) * 0.5, breath=1.2) * swell(n, 0.1, 0.3), np.zeros(1600)]
    return np.concatenate(parts)


def sniff(rng: Rng) -> Wave:
    """Short and high."""
    n = length(rng.uniform(0.15, 0.4))
    return shaped_noise(rng, n, lambda hz: above(hz, 1200) / (1 + (hz / 3500 - 1) ** 2)) * swell(n, 0.5, 0.1)


def laugh(rng: Rng) -> Wave:
    """Three to nine times "ha", "heh" or "ho"."""
    vowel, pitch = str(rng.choice(["ah", "eh", "uh", "oh"])), rng.uniform(120, 320)
    parts = []
    for i in range(rng.integers(3, 10)):
        n, air = length(rng.uniform(0.06, 0.14)), length(rng.uniform(0.05, 0.1))
        glide = np.linspace(pitch, pitch * 0.85, n) * 0.96**i
        parts += [shaped_noise(rng, air, lambda hz: above(hz, 300) / (1 + hz / 2000)) * 0.3]
        parts += [voiced(rng, [vowel], glide, breath=0.4, scale=1.1) * swell(n, 0.2, 0.5)]
    return np.concatenate(parts)


def slap(rng: Rng) -> Wave:
    """A flat hand on skin: a click, the body under it, and the room."""
    n = length(0.15)
    t = np.arange(n) / RATE_HZ
    body = np.sin(2 * np.pi * rng.uniform(120, 400) * t) * np.exp(-t / rng.uniform(0.01, 0.03))
    skin = shaped_noise(rng, n, lambda hz: 1 / (1 + (hz / 1500) ** 2)) * np.exp(-t / rng.uniform(0.003, 0.012))
    return np.asarray(body + rng.uniform(0.5, 3) * skin)


def thump(rng: Rng) -> Wave:
    """A loose fist: lower, and with less skin."""
    t = np.arange(length(0.2)) / RATE_HZ
    low = np.sin(2 * np.pi * rng.uniform(60, 140) * t * np.exp(-t)) * np.exp(-t / rng.uniform(0.02, 0.06))
    return np.asarray(low + 0.4 * np.pad(slap(rng), (0, len(t) - length(0.15))))


def beaten(rng: Rng, seconds: float) -> Wave:
    """Two blows a second, as exactly as people do it."""
    wave = np.zeros(length(seconds + 0.5))
    kind = slap if chance(rng, 0.4) else thump
    for at_s in np.arange(0.05, seconds, 0.5):
        one, start = kind(rng) * rng.uniform(0.6, 1.0), length(max(0.0, at_s + rng.normal(0, 0.02)))
        wave[start : start + len(one)] += one[: len(wave) - start]
    return wave


def pounding(rng: Rng) -> Wave:
    """For some seconds."""
    return beaten(rng, rng.uniform(3, 9))


def pounded_groan(rng: Rng) -> Wave:
    """A long vowel that every blow shakes."""
    wave = beaten(rng, rng.uniform(2, 5))
    n = len(wave)
    shake = 1 + 0.5 * np.interp(np.arange(n) % length(0.5), [0, length(0.08), length(0.5)], [1, -0.5, 0])
    vowels = [str(vowel) for vowel in rng.choice(["ah", "uh", "oh", "mm"], size=2)]
    voice = voiced(rng, vowels, pitch_of(rng, n) * (1 + 0.05 * (shake - 1))) * shake * swell(n, 0.1, 0.2)
    return np.asarray(wave / np.abs(wave).max() + 0.4 * voice)


def cloth(rng: Rng) -> Wave:
    """Rubbing, rustling."""
    n = length(rng.uniform(0.5, 3.0))
    return shaped_noise(rng, n, lambda hz: hz > rng.uniform(800, 2500)) * np.clip(wander(rng, n, 9), 0, 1) ** 2


def creak(rng: Rng) -> Wave:
    """Of a chair: sticks and slips, faster and slower, through wood."""
    n = length(rng.uniform(0.3, 1.2))
    slips = np.diff(np.floor(np.cumsum(np.abs(60 + 80 * wander(rng, n, 4))) / RATE_HZ), prepend=0)
    t = np.arange(length(0.02)) / RATE_HZ
    wood = sum(np.sin(2 * np.pi * hz * t) for hz in rng.uniform(300, 2500, 4)) * np.exp(-t / 0.004)
    return np.convolve(slips, wood)[:n] * swell(n, 0.2, 0.3)


def music(rng: Rng) -> Wave:
    """Chords, a tune and a soft drum."""
    beat, total = rng.uniform(0.3, 0.6), rng.integers(6, 14)
    wave, root = np.zeros(length(beat * (total + 2))), rng.uniform(110, 220)
    for i in range(total):
        start, t = length(i * beat), np.arange(length(beat * 1.5)) / RATE_HZ
        notes = [root * 2 ** (int(step) / 12) for step in (0, 4, 7)] if i % 4 == 0 else []
        notes.append(2 * root * 2 ** (int(rng.choice([0, 2, 4, 5, 7, 9, 11, 12])) / 12))
        for hz in notes:
            tone = sum(np.sin(2 * np.pi * k * hz * t) / k**1.5 for k in range(1, 8)) * np.exp(-t / 0.4)
            wave[start : start + len(t)] += fade(np.asarray(tone))
        drum = thump(rng)
        wave[start : start + len(drum)] += drum * (i % 2)
    return wave


def hum(rng: Rng) -> Wave:
    """A tune with closed lips, or the mains."""
    if chance(rng, 0.2):
        t = np.arange(length(rng.uniform(2, 6))) / RATE_HZ
        return np.asarray(sum(np.sin(2 * np.pi * 50 * k * t) / k for k in (1, 2, 3, 5, 7)))
    notes = rng.uniform(100, 260) * 2 ** (rng.choice([0, 2, 4, 5, 7], size=rng.integers(3, 9)) / 12)
    pitch = np.concatenate([np.full(length(rng.uniform(0.2, 0.6)), hz) for hz in notes])
    return voiced(rng, ["mm", str(rng.choice(["mm", "oo"]))], pitch, breath=0.05) * swell(len(pitch), 0.05, 0.1)


KINDS: dict[str, Callable[[Rng], Wave]] = {
    "breath": breath,
    "groan": groan,
    "sigh": sigh,
    "cough": cough,
    "throat": throat,
    "sniff": sniff,
    "laugh": laugh,
    "slap": slap,
    "pounding": pounding,
    "pounded groan": pounded_groan,
    "cloth": cloth,
    "creak": creak,
    "music": music,
    "hum": hum,
}
HARDEST = ("groan", "sigh", "cough", "throat", "laugh", "pounded groan")
"""Those that the speech detector takes for speech."""
