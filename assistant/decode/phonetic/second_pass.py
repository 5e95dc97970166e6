"""When an utterance is listened to again, and how the readings are put together; pure.

Noise shakes every reading in its own way, and so do other weights and another tempo: several readings of one sound are
right where one of them is not. What the first left open is read with the weights for noisy speech (posteriors.py), and
what these two leave open at two other tempi (tempi.py), with both. What is clear gets no second reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.rules import FRAGMENT, LEAD_PHONES, SHORT, SPEECH
from assistant.decode.segment import Utterance
from assistant.messages import EAR_RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One pass over an utterance."""

    frames: Frames
    """What the model said."""
    scores: Frames
    """Log score of each text."""
    loop: float
    """Nats of the phone loop."""
    free: float
    """Nats of the freest reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Where it is open what was said."""

    lacks: float
    sure: float
    """Nats to spare, between which it is."""
    sure_short: float
    """The same as `sure` for a phrase of so few phones as LEAD_PHONES."""
    pieces: bool
    """Whether it is, too, where a word is best that is only a piece of a phrase, or means nothing now."""
    talk: bool
    """Whether it is, too, where people talk and a longer phrase than SHORT would be believed but for common words: one
    reading of hundreds of sentences is near to a command by chance, and a far "stop" to "stop it"."""


DOUBTS = (
    Doubt(lacks=-6.0, sure=6.0, sure_short=3.0, pieces=True, talk=True),
    Doubt(lacks=-3.0, sure=4.0, sure_short=4.0, pieces=False, talk=False),
)
"""After one reading, and after two. Development clips, all legal, reckoned from readings kept: right of 552 in quiet,
275 each in pink noise at 6 and 12 dB, far away and in music at 6 dB; words and digits acted on of 237 in quiet and 476
in noise. One reading 533 / 197 / 244 / - / -; these doubts 534 / 232 / 254 / 254 / 247, 3 and 10; no pieces and -3 to 4
7 and 2 fewer in pink noise with older weights; without other tempi 528 / 228 / 253 / 253 / 248, 5 and 19. A short
phrase that is sure by 3 nats is sure: up to 6 two people's yes and no of 129 are lost."""
PIECE = 0.01 - FRAGMENT
"""Nats of lead below which a piece is best."""
BEHIND = 5.0
"""Nats that a phrase may lie behind a piece, for the piece to be in doubt. Development clips: 86 of 196 readings fewer
in quiet, where none finds a command, and 153 of 467 in noise, where 21 do; with early looks 4 commands are lost."""
LONGEST_S = 4.0  # no command lasts as long


def is_open(verdict: Verdict | None, utterance: Utterance, doubt: Doubt) -> bool:
    """Whether the readings so far left open what was said in the utterance: neither clear nor hopeless."""
    if verdict is None or len(utterance.pcm) > LONGEST_S * EAR_RATE_HZ or utterance.speech < SPEECH:
        return False
    if verdict.evidence.lead < PIECE:
        return doubt.pieces and verdict.behind <= BEHIND
    was_compared = verdict.evidence.is_amid_talk and verdict.evidence.over_words < float("inf")
    if doubt.talk and was_compared and verdict.evidence.phones > SHORT:
        return True
    is_short = verdict.evidence.phones <= LEAD_PHONES
    return doubt.lacks <= verdict.spare <= (doubt.sure_short if is_short else doubt.sure)


def together(readings: Sequence[Reading]) -> tuple[Frames, float, float]:
    """Scores, loop and freest of the readings as of one that the usual thresholds hold for: their means.

    The sum would need other thresholds: as it stands it loses a tenth of the commands.
    """
    n = len(readings)
    return (
        np.sum([reading.scores for reading in readings], axis=0) / np.float32(n),
        sum(reading.loop for reading in readings) / n,
        sum(reading.free for reading in readings) / n,
    )
