"""When an utterance is listened to a second time, with less noise, and how the two readings are put together; pure.

Noise shakes every reading in its own way, so two readings of one sound are right where one of them is not. A second
reading costs three times the first: only an utterance that the first left open gets one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.rules import SPEECH


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One pass over an utterance."""

    scores: Frames
    """Log score of each text."""
    loop: float
    """Nats of the phone loop."""
    free: float
    """Nats of the freest reading."""


MISFIT = 1.2  # nats a phone from which even a believed phrase is heard again
HOPELESS = 4.0  # nats a phone: worse than any cap of rules.py
LONGEST_S = 4.0  # no command lasts as long


def is_open(verdict: Verdict | None, seconds: float) -> bool:
    """Whether the first pass left it open what was said in so many seconds: neither clear nor hopeless."""
    if verdict is None:
        return False
    evidence = verdict.evidence
    if evidence.speech < SPEECH or evidence.misfit > HOPELESS or seconds > LONGEST_S:
        return False
    return not verdict.is_sure or evidence.misfit > MISFIT


def both(first: Reading, second: Reading) -> Reading:
    """The two readings as one that the usual thresholds hold for: half of their sum."""
    return Reading(
        scores=np.add(first.scores, second.scores) * np.float32(0.5),
        loop=(first.loop + second.loop) / 2,
        free=(first.free + second.free) / 2,
    )
