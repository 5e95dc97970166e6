"""Finds the end of a word in a recording, from which reaction times count. Pure numpy; never used while listening.

The end is that of the last 10 ms whose level is within 25 dB of the loudest 10 ms of the clean clip. Only valid for
clips that hold one utterance and little noise: measure the clean clip and use its end for the noisy copies.
"""

from __future__ import annotations

import numpy as np

from assistant.messages import EAR_RATE_HZ, Pcm

FRAME = EAR_RATE_HZ // 100
BELOW_DB = 25.0


def word_end_s(pcm: Pcm) -> float:
    """Return the seconds from the start of int16 mono at 16 000 Hz to the end of its speech; 0.0 where it is silent."""
    frames = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    if not frames.size:
        return 0.0
    power = np.mean(np.square(frames), axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (-BELOW_DB / 10))
    return float((loud[-1] + 1) * FRAME / EAR_RATE_HZ) if loud.size else 0.0
