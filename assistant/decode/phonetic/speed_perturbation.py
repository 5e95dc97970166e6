"""Speed perturbation: the same sound a little slower and a little faster. A chance match does not survive it.

The sound is resampled, so the pitch changes too. Pure.
"""

from __future__ import annotations

import numpy as np
import soxr

from assistant.messages import EAR_RATE_HZ, Pcm

TEMPI = 0.95, 1.05
"""Times the speed of the person (docs/recognition.md, "Speed perturbation")."""


def at_other_tempi(pcm: Pcm) -> tuple[Pcm, ...]:
    """Return the sound at each of `TEMPI`, int16 mono at 16 000 Hz; 0.5 ms of processor time for a second of sound."""
    if not len(pcm):
        return ()
    wave = pcm.astype(np.float32)
    slower_and_faster = (soxr.resample(wave, EAR_RATE_HZ * tempo, EAR_RATE_HZ) for tempo in TEMPI)
    return tuple(np.clip(np.round(other), -32_768, 32_767).astype(np.int16) for other in slower_and_faster)
