"""When an utterance is listened to again, and how the readings are put together; pure.

Noise shakes every reading in its own way, and so does another tempo: several readings of one sound are right where one
of them is not. What the first left open is heard with less noise (denoise.py), and what two leave open at two other
tempi (tempi.py). Each of these three costs one to four times the first, so what is clear gets none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.rules import FRAGMENT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One pass over an utterance."""

    scores: Frames
    """Log score of each text."""
    loop: float
    """Nats of the phone loop."""
    free: float
    """Nats of the freest reading."""


LACKS, SURE = -3.0, 4.0
"""Nats to spare between which it is open what was said. Development clips, all legal, with one reading: clean 533 of
552 right and 4 of 236 words and digits false, in pink noise at 6 dB 209 of 276 and 11 of 106; with two where it is open
533 and 4, 217 and 7; with all four 535 and 3, 222 and 5. An upper limit of 2 leaves 7 false in noise, one of 6 loses 4
and 3 commands; a lower limit of -6 gains none, one of -2 loses 1 and 2. A good fit is no reason to be sure: where only
what fitted badly (1.2 nats a phone) was open up to 2, it was 534 and 6, 218 and 9."""
PIECE = 0.01 - FRAGMENT
"""Nats of lead below which a word is best that is only a piece of a phrase, or means nothing now. 61 second passes of
213 were at such words ("three"), and not one made a command of them."""
LONGEST_S = 4.0  # no command lasts as long


def is_open(verdict: Verdict | None, seconds: float) -> bool:
    """Whether the readings so far left it open what was said in so many seconds: neither clear nor hopeless."""
    if verdict is None or seconds > LONGEST_S:
        return False
    return LACKS <= verdict.spare <= SURE and verdict.evidence.lead >= PIECE


def together(readings: Sequence[Reading]) -> Reading:
    """The readings as one that the usual thresholds hold for: their mean.

    With 50 to 100 % of the second of two the same commands are right; with more than 50 % more words are false. The sum
    would need other thresholds: as it stands it loses a tenth of the commands.
    """
    n = len(readings)
    return Reading(
        scores=np.sum([reading.scores for reading in readings], axis=0) / np.float32(n),
        loop=sum(reading.loop for reading in readings) / n,
        free=sum(reading.free for reading in readings) / n,
    )
