"""Synthesises the earcons and the tick under every beat from sine waves: no sound file, no licence.

Pitch, length and loudness are an untried guess; each earcon differs from the others in rhythm and in direction, so that
a cheap loudspeaker and people who hear pitch badly can still distinguish them.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.messages import Clip
from assistant.speak.gain_and_fade import FULL_SCALE
from assistant.speak.loudness import LOUDNESS, lufs

Earcon: TypeAlias = Literal["heard", "not_understood", "switch_side", "finished"]

Wave: TypeAlias = npt.NDArray[np.float64]

SPEECH_PEAK = 0.5  # of full scale: what most syllables of a clip reach (its highest peak lies at 0.7)
TICK_DB = -26.0  # under that peak: felt as a pulse, not heard as a separate sound; an untried guess
SIGN_LUFS = LOUDNESS - 1.5  # so even the shortest is within 6 dB of speech over 0.4 s, as meters show it
ATTACK_S = 0.008  # a sine without an attack clicks

NOTES: dict[Earcon, tuple[tuple[float, float, float], ...]] = {
    # begins after s, lasts s, Hz
    # All between 700 and 1,700 Hz: a laptop's loudspeaker gives little under 500, older ears hear little over 4,000.
    "heard": ((0.0, 0.16, 1_480.0),),
    "not_understood": ((0.0, 0.14, 988.0), (0.16, 0.22, 740.0)),
    "switch_side": ((0.0, 0.12, 880.0), (0.14, 0.12, 1_319.0), (0.28, 0.12, 880.0)),
    "finished": ((0.0, 0.16, 1_047.0), (0.16, 0.16, 1_319.0), (0.32, 0.45, 1_568.0)),
}


def earcon(name: Earcon, rate_hz: int) -> Clip:
    """Return an earcon as a clip: 0.1 to 0.8 s, with silence at both ends."""
    notes = NOTES[name]
    length = max(begin + lasts for begin, lasts, _ in notes)
    wave = np.zeros(round(length * rate_hz), dtype=np.float64)
    for begin, lasts, pitch_hz in notes:
        note = _note(pitch_hz, round(lasts * rate_hz), rate_hz)
        first = round(begin * rate_hz)
        wave[first : first + len(note)] += note[: len(wave) - first]
    gain = 10 ** ((SIGN_LUFS - lufs(wave.astype(np.float32), rate_hz)) / 20)
    return Clip(pcm=np.rint(wave * gain * FULL_SCALE).astype(np.int16), rate_hz=rate_hz)


def tick(rate_hz: int) -> Clip:
    """Return the pulse under every beat: 15 ms, dull, audible from its first sample."""
    time_s = np.arange(1, round(0.015 * rate_hz) + 1) / rate_hz
    wave = np.sin(2 * np.pi * 1_200.0 * time_s) * np.exp(-time_s / 0.003)
    wave *= np.linspace(1.0, 0.0, len(wave))
    peak = FULL_SCALE * SPEECH_PEAK * 10 ** (TICK_DB / 20)
    return Clip(pcm=np.rint(wave * (peak / np.abs(wave).max())).astype(np.int16), rate_hz=rate_hz)


def _note(pitch_hz: float, samples: int, rate_hz: int) -> Wave:
    """Return one soft note: a sine with a little of its octave, with a quick attack and a decay."""
    time_s = np.arange(samples) / rate_hz
    wave = np.sin(2 * np.pi * pitch_hz * time_s) + 0.2 * np.sin(4 * np.pi * pitch_hz * time_s)
    swell = np.minimum(1.0, time_s / ATTACK_S)
    end_s = samples / rate_hz
    away = np.exp(-3.0 * time_s / end_s) * np.minimum(1.0, (end_s - time_s) / ATTACK_S)
    return np.asarray(wave * swell * away)
