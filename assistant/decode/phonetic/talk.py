"""Whether people are talking to each other: what was just said decides how much is asked of what comes next; pure.

A sentence among sentences is rarely for the assistant, and of hundreds some are near to a command. A command stands
alone. So nothing is refused here: rules.py asks for a better fit while there is talk around.
"""

from __future__ import annotations

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.segment import Utterance, loudness

TALK = 25.0
"""Nats below the freest reading from which no phrase was meant. Of the development commands that are believed or
4 nats short of it, 99 in 100 are at most 13 below in quiet and 20 in pink noise at 6 dB."""
MORE_TALK = 12.0
"""The same right after talk: a short answer ("said Anne") goes on with it. Half as much: nothing else was tried."""
WINDOW_S = 4.0  # from the end of talk to the beginning of a command; sentences that are read follow in 0.3 to 2 s
TOO_LONG_S = 10.0
"""The same after speech that was too long for a command: it was given up while it went on. What is read goes on for up
to 6 s, a sentence of 40 words."""
LOUDER = 10 ** (15 / 20)
"""Times the loudness of the talk: who is so much louder is nearer. What is left of our own voice is 25 dB softer than
the person's (docs/recognition.md, "Echo under the voice"), a television in the next room about as much."""


class Talk:
    """One utterance after another."""

    def __init__(self) -> None:
        """Nobody has talked."""
        self.reset()

    def reset(self) -> None:
        """Forget what was said."""
        self._end_s = float("-inf")
        self._window_s = self._loudness = 0.0

    def is_around(self, utterance: Utterance) -> bool:
        """Whether somebody talked just before this utterance, about as loud."""
        is_soon = 0 <= utterance.at_s - self._end_s <= self._window_s
        return is_soon and loudness(utterance.pcm) <= LOUDER * self._loudness

    def heard(self, utterance: Utterance, verdict: Verdict | None) -> None:
        """Take an utterance that is over; without a verdict it was too long for a command."""
        if verdict is None:
            self._end_s, self._window_s = utterance.end_s, TOO_LONG_S
            self._loudness = float("inf")  # its samples are gone
            return
        enough = MORE_TALK if verdict.evidence.is_amid_talk else TALK
        if not verdict.is_sure and verdict.evidence.whole_misfit >= enough:
            self._end_s, self._window_s = utterance.end_s, WINDOW_S
            self._loudness = loudness(utterance.pcm)
