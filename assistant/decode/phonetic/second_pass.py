"""When an utterance is listened to a second time, with less noise, and how the two readings are put together; pure.

Noise shakes every reading in its own way, so two readings of one sound are right where one of them is not. A second
reading costs four times the first: only an utterance that the first left open gets one.
"""

from __future__ import annotations

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


MISFIT = 1.2
"""Nats a phone from which even a believed phrase is heard again (recognition.md). Of 732 development commands far away,
in pink noise and in music 632 are right at 1.2 and 631 at 2 and above, with 1 or 2 more that are wrong or false."""
SURE = 2.0
"""Nats to spare from which a belief stands, however badly it fits. Of 1,927 development commands in six conditions 9
more are right so and 1 more is wrong: the second pass took back good ones. Of 1,160 other clips no more act."""
LACKS = -4.0
"""Nats to spare below which a refusal stands: nothing was spoken, a piece of a phrase is best, or too much was missing.
It halves the second passes for 3 commands of the 732."""
PIECE = 0.01 - FRAGMENT
"""Nats of lead below which a word is best that is only a piece of a phrase, or means nothing now. 61 second passes of
213 were at such words ("three"), and not one made a command of them. Now it is 3 % of what is heard in quiet, 4 to 9 %
in noise."""
LONGEST_S = 4.0  # no command lasts as long


def is_open(verdict: Verdict | None, seconds: float) -> bool:
    """Whether the first pass left it open what was said in so many seconds: neither clear nor hopeless."""
    if verdict is None:
        return False
    if not LACKS <= verdict.spare < SURE or seconds > LONGEST_S:
        return False
    if verdict.evidence.lead < PIECE:
        return False
    return not verdict.is_sure or verdict.evidence.misfit > MISFIT


def both(first: Reading, second: Reading) -> Reading:
    """The two readings as one that the usual thresholds hold for: half of their sum.

    With 50 to 100 % of the second the same commands are right; with more than 50 % more words are false. The whole sum
    would need other thresholds: as it stands it loses a tenth of the commands.
    """
    return Reading(
        scores=np.add(first.scores, second.scores) * np.float32(0.5),
        loop=(first.loop + second.loop) / 2,
        free=(first.free + second.free) / 2,
    )
