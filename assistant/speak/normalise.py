"""Normalises a rendered clip: one rate, one level, no silence at the ends. Refuses silence and invalid samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip, Pcm
from assistant.speak.gain_and_fade import FULL_SCALE, KNEE
from assistant.speak.loudness import LOUDNESS, limit, lufs

MOST_AIMS, NEAR_LU = 12, 0.02
"""Times that the gain is set at most, since limiting lowers the loudness, and how near is enough. Three times left
hibari's "six" at -17.22 LUFS on one processor, where its 156 texts lay within 0.02 LU on another."""
EDGE_DB = -46.0  # under the clip's peak: the "th" of hibari's "thirty" begins at -50 to -40, its noise lies under -120
SILENCE = 1e-3  # of full scale: a raw peak under it is a broken voice; espeak-ng's muted output was exactly 0
TAIL_S = 0.010  # kept after the last loud sample, fading
SHORTEST_S, LONGEST_S = 0.05, 60.0


def finish(samples: npt.NDArray[np.float32], rate_hz: int, text: str, voice: str) -> Clip:
    """Return the clip, which begins with its first audible sample.

    `samples` are mono, full scale is 1.0. Raises VoiceError when they are silent, not finite, or last less than 0.05 s
    or more than 60 s.
    """
    peak = float(np.abs(samples).max()) if samples.size else 0.0
    if not SILENCE <= peak < float("inf"):
        raise VoiceError(f"the voice gave no sound for {text!r}", where=voice, remedy="try another voice: --voice")
    if rate_hz != MOUTH_RATE_HZ:
        import soxr

        samples = soxr.resample(samples, rate_hz, MOUTH_RATE_HZ)
    trimmed = _trim(samples)
    seconds = len(trimmed) / MOUTH_RATE_HZ
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise VoiceError(
            f"the voice gave {seconds:.2f} s of sound for {text!r}", where=voice, remedy="try another voice: --voice"
        )
    return Clip(pcm=_level(trimmed), rate_hz=MOUTH_RATE_HZ)


def fade_out(pcm: Pcm, samples: int) -> Pcm:
    """Return a copy whose last `samples` fall to zero linearly."""
    faded: Pcm = pcm.copy()
    length = min(samples, len(faded))
    faded[len(faded) - length :] = (faded[len(faded) - length :] * np.linspace(1.0, 0.0, length)).astype(np.int16)
    return faded


def _trim(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    size = np.abs(samples)
    loud = np.flatnonzero(size > size.max() * 10 ** (EDGE_DB / 20))
    tail = round(TAIL_S * MOUTH_RATE_HZ)
    kept: npt.NDArray[np.float32] = samples[loud[0] : loud[-1] + 1 + tail]
    return kept


def _level(samples: npt.NDArray[np.float32]) -> Pcm:
    gain, limited = 1.0, samples
    for _ in range(MOST_AIMS):
        off_lu = LOUDNESS - lufs(limited, MOUTH_RATE_HZ)
        if abs(off_lu) < NEAR_LU:
            break
        gain *= 10 ** (off_lu / 20)
        limited = limit(samples * np.float32(gain), KNEE / FULL_SCALE, MOUTH_RATE_HZ)
    return fade_out(np.rint(limited * FULL_SCALE).astype(np.int16), round(TAIL_S * MOUTH_RATE_HZ))
