"""Clip validation: form, level, and a length that fits the text. Pure; the same for every voice.

It cannot distinguish one word from another: only a recogniser could, at a higher cost than the voice.
"""

from __future__ import annotations

import numpy as np

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.clean_text import clean_text

QUIETEST = 10 ** (-40 / 20)  # of full scale, RMS; clips are levelled to -17 LUFS (normalise.py)
# Of 593 sentences and numbers of the routines (2026-11) hibari's lie at least 10.2 dB under their peaks, espeak-ng's
# 13.2; white noise lies 4.8 dB under, a sine 3, a square wave and a constant 0.
FLATTEST = 10 ** (6 / 20)
# Of the same, hibari's last 0.038 to 0.15 s a character, espeak-ng's 0.043 to 0.14 s; digits are read as whole words.
FASTEST_S, SLOWEST_S = 0.02, 0.2
START_S = 1.0  # "A" alone lasts 0.34 s, "Hm" 0.5 s
DIGIT = 8  # characters: "7" is "seven"


def refuse_garbage(clip: Clip, text: str, speed: float, voice: str) -> None:
    """Raise VoiceError when the clip cannot be this text.

    It cannot if it is not int16 mono at the mouth's rate, or is silent, flat, or too short or too long for the text.
    """
    what = _wrong(clip, text, speed)
    if what:
        raise VoiceError(f"the voice gave {what} for {text!r}", where=voice, remedy="choose another: --voice")


def _wrong(clip: Clip, text: str, speed: float) -> str:
    pcm = clip.pcm
    if pcm.dtype != np.int16 or pcm.ndim != 1 or clip.rate_hz != MOUTH_RATE_HZ:
        return "no int16 mono at the mouth's rate"
    if not pcm.size:
        return "nothing"
    wave = pcm.astype(np.float32) / 32_767
    rms, peak = float(np.sqrt(np.mean(np.square(wave)))), float(np.abs(wave).max())
    if rms < QUIETEST:
        return "silence"
    if peak < FLATTEST * rms:
        return "a clipped noise"
    plain = clean_text(text)
    shortest = FASTEST_S * len(plain) / max(speed, 1.0)
    most = sum(DIGIT if char.isdigit() else 1 for char in plain)
    longest = (START_S + SLOWEST_S * most) / min(speed, 1.0)
    if not shortest <= clip.seconds <= longest:
        return f"{clip.seconds:.2f} s of sound"
    return ""
