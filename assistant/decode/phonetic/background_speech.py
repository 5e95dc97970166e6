"""Detects background speech: recent utterances raise the thresholds of the next one; pure.

A sentence among sentences is rarely for the assistant, and some of hundreds are near to a command. A command stands
alone. Nothing is refused here: rules.py requires a better fit amid background speech.
"""

from __future__ import annotations

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.segment import Utterance, loudness

TALK = 25.0
"""Nats below the unconstrained score from which no phrase was meant. Of the development commands that are believed or
4 nats short of it, 99 in 100 are at most 13 below in quiet and 20 in pink noise at 6 dB."""
MORE_TALK = 12.0
"""The same right after talk: a short answer ("said Anne") continues it. Half of TALK; no other value was tried."""
WINDOW_S = 4.0  # from the end of talk to the beginning of a command; read sentences follow each other in 0.3 to 2 s
TOO_LONG_S = 10.0
"""The same after speech that was too long for a command: it was abandoned while it went on. Read speech goes on for up
to 6 s, a sentence of 40 words."""
LOUDER = 10 ** (15 / 20)
"""Times the loudness of the talk: who is so much louder is nearer. What is left of our own voice is 25 dB softer than
the person's (docs/recognition.md, "Echo under the voice"), a television in the next room about as much."""


class BackgroundSpeech:
    """Tracks background speech over one utterance after another."""

    def __init__(self) -> None:
        """Start without talk."""
        self.reset()

    def reset(self) -> None:
        """Forget past utterances."""
        self._end_s = float("-inf")
        self._window_s = self._loudness = 0.0

    def is_around(self, utterance: Utterance) -> bool:
        """True if somebody talked just before this utterance, at about the same loudness."""
        is_soon = 0 <= utterance.at_s - self._end_s <= self._window_s
        return is_soon and loudness(utterance.pcm) <= LOUDER * self._loudness

    def heard(self, utterance: Utterance, verdict: Verdict | None) -> None:
        """Take a finished utterance; without a verdict it was too long for a command."""
        if verdict is None:
            self._end_s, self._window_s = utterance.end_s, TOO_LONG_S
            self._loudness = float("inf")  # its samples are gone
            return
        enough = MORE_TALK if verdict.evidence.is_amid_talk else TALK
        if not verdict.is_sure and verdict.evidence.whole_misfit >= enough:
            self._end_s, self._window_s = utterance.end_s, WINDOW_S
            self._loudness = loudness(utterance.pcm)
