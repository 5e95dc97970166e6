"""Rescoring: decides when an utterance is read again, and averages the readings; pure.

Noise, other weights and another tempo each disturb a reading differently: several readings of one sound are right where
one of them is not. The first is by the weights for noisy speech (posteriors.py). If it leaves doubt, the second is by
hama's own; if these two leave doubt, both read the sound at two other tempi (speed_perturbation.py). A clear utterance
gets no second reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.rules import FRAGMENT, LEAD_PHONES, SPEECH
from assistant.decode.segment import Utterance
from assistant.messages import EAR_RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredUtterance:
    """One pass over an utterance."""

    frames: Frames
    """Output of the model."""
    scores: Frames
    """Log score of each text, shape (texts,)."""
    loop: float
    """Score of the phone loop in nats."""
    free: float
    """Unconstrained score in nats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """The limits within which an utterance is in doubt."""

    lacks: float
    sure: float
    """It is in doubt from `lacks` to `sure`, both nats of headroom."""
    sure_short: float
    """The same as `sure` for a phrase of at most LEAD_PHONES phones."""
    pieces: bool
    """True if it is also in doubt where a fragment of a phrase, or a word without a legal meaning, is best."""
    talk: bool
    """True if it is also in doubt amid background speech where a phrase would be believed but for background words: one
    reading of hundreds of sentences is near to a command by chance, and a far "stop" to "stop it".
    """


DOUBTS = (
    Doubt(lacks=-6.0, sure=8.0, sure_short=3.0, pieces=True, talk=True),
    Doubt(lacks=-3.0, sure=4.0, sure_short=4.0, pieces=False, talk=False),
)
"""After one reading, and after two. Computed from stored readings (whole path: tuina bench). Development clips: right
of 552 in quiet, 275 each in pink noise at 6 and 12 dB, far away and in music at 6 dB; words and digits accepted of 237
in quiet and 595 in noise (music at 12 dB too). One reading 542 / 236 / 256 / 256 / 259, 1 and 29; these doubts 542 /
239 / 258 / 257 / 261, 2 and 9; without other tempi 540 / 234 / 259 / 259 / 260, 2 and 13; sure from 6 nats 543 / 240 /
258 / 259 / 262, 2 and 12; the same with hama's own weights first 541 / 233 / 255 / 256 / 254, 4 and 10; all six
readings at once 542 / 238 / 258 / 258 / 262, 2 and 10. Where the short ones are sure from 10 nats only, 1 to 3 fewer
are right in every noise."""
PIECE = 0.01 - FRAGMENT
"""Nats of lead below which a fragment is best."""
BEHIND = 5.0
"""Nats that a phrase may lie behind a fragment, for the fragment to be in doubt. Development clips: 86 of 196 readings
fewer in quiet, where none finds a command, and 153 of 467 in noise, where 21 do; with partial decodes 4 commands are
lost."""
LONGEST_S = 4.0  # no command lasts as long


def is_open(verdict: Verdict | None, utterance: Utterance, doubt: Doubt) -> bool:
    """True if the readings so far leave doubt about the utterance: neither clear nor hopeless."""
    if verdict is None or len(utterance.pcm) > LONGEST_S * EAR_RATE_HZ or utterance.speech < SPEECH:
        return False
    if verdict.evidence.lead < PIECE:
        return doubt.pieces and verdict.behind <= BEHIND
    was_compared = verdict.evidence.is_amid_talk and verdict.evidence.over_words < float("inf")
    if doubt.talk and was_compared:
        return True
    is_short = verdict.evidence.phones <= LEAD_PHONES
    return doubt.lacks <= verdict.spare <= (doubt.sure_short if is_short else doubt.sure)


def together(readings: Sequence[ScoredUtterance]) -> tuple[Frames, float, float]:
    """Return scores, loop and unconstrained score as the means over the readings, so that the usual thresholds hold.

    A sum would need other thresholds: with these it loses a tenth of the commands.
    """
    n = len(readings)
    return (
        np.sum([reading.scores for reading in readings], axis=0) / np.float32(n),
        sum(reading.loop for reading in readings) / n,
        sum(reading.free for reading in readings) / n,
    )
