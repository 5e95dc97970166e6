"""Early decisions: which lulls get a partial decode, and which words act before the utterance ends. Pure.

A partial decode costs as much as a final one, so it is made only at lulls of the voice. Most lulls
are the end of the utterance, and then the partial decode decides, while the pause is still running. If
the first one cannot decide on a word that acts at once, a second one follows 0.1 s later.
"""

from __future__ import annotations

from collections.abc import Collection

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.rules import SHORT
from assistant.decode.segment import Utterance
from assistant.messages import AT_ONCE, Intent, Phrase

HEARD_WHOLE = frozenset({Intent.READY})
"""Intents that no partial decode decides. The p of "stop" may open 100 ms after the voice: without it one of 44 people
said "start", 8.2 nats ahead of "stop", and with it "stop", 4.6 nats ahead.
"""
LONGEST_S = 2.5  # of voice; longer utterances are decoded once, at their end
MOST = 3  # partial decodes of one utterance; commands need 1.2 on average
GREY = (-3.0, 2.0)
"""Nats of headroom between which a partial decode decides nothing and the whole pause is awaited: without context, the
last sounds are read a little differently. Of 652 utterances, clean and at 6 dB, that is 1 in 13. Safety words accepted
above it: 0 of 325 clips of talk, words and digits (375 partial decodes), and none above 0 either."""
WORST = 9.0
"""Nats that a whole phrase may lie below the unconstrained score and act early; a worse fit waits for the pause. A
clause of a long sentence passes the usual caps: in 0.40 h of prose and talk 4 were false, at 9.7 to 22 nats. Of 93
early commands of the development clips 91 fit (76 at a distance: 71; pink noise at 12 dB, 87: 81), at 8 nats 89, at 12
92."""


LATER_SPARE = 0.5
"""Nats of headroom that a second partial decode needs: it hears 0.1 s more, and lacks only the rest of the pause. Of 94
early commands it accepts 5 that the first one did not, the slowest 0.39 s after the word instead of 0.60; of 345 clips
of talk, words, digits and noise none, nor of 165 each far away and in pink noise at 12 dB."""


class Early:
    """State of one utterance after another: how often it was decoded, and what was given of it."""

    def __init__(self, phrases: Collection[Phrase]) -> None:
        """Take the phrases; all intents are legal until `expect` limits them."""
        self._meanings: dict[str, set[Intent]] = {}
        self._heard_whole = frozenset(phrase.text for phrase in phrases if phrase.intent in HEARD_WHOLE)
        for phrase in phrases:
            if phrase.intent in AT_ONCE:
                self._meanings.setdefault(phrase.text, set()).add(phrase.intent)
        self._legal = frozenset(Intent)
        self.reset()

    def reset(self) -> None:
        """Forget the utterance in progress."""
        self._at_s: float | None = None
        self._end_s: float | None = None
        self._looks = 0
        self._told: set[str] = set()

    def expect(self, intents: frozenset[Intent]) -> None:
        """Take the intents that are legal from now on."""
        self._legal = intents

    def may_look(self, so_far: Utterance) -> bool:
        """True if the utterance in progress is worth a partial decode at the first lull of a silence; counts it."""
        if self._at_s != so_far.at_s:
            self._at_s, self._looks, self._told = so_far.at_s, 0, set()
        elif self._end_s == so_far.end_s:
            return False
        self._end_s = so_far.end_s
        self._looks += 1
        return self._looks <= MOST and so_far.end_s - so_far.at_s <= LONGEST_S

    def is_clear(self, verdict: Verdict) -> bool:
        """True if the partial decode decides, provided that nobody speaks on."""
        return verdict.text not in self._heard_whole and not GREY[0] <= verdict.spare <= GREY[1]

    def may_look_again(self, verdict: Verdict) -> bool:
        """True if a partial decode that decided nothing, or gave nothing, is worth a second one."""
        if verdict.text in self._told:
            return False
        return verdict.text in self._heard_whole or self.acts_at_once(verdict)

    def may_tell(self, verdict: Verdict, *, is_later: bool = False) -> bool:
        """True if these words of the utterance just decoded act at once; each text acts once."""
        is_clear = verdict.spare >= LATER_SPARE if is_later else self.is_clear(verdict)
        if not (verdict.is_sure and is_clear and self.acts_at_once(verdict)):
            return False
        if verdict.evidence.whole_misfit > WORST:
            return False
        may_be_half = verdict.evidence.is_amid_talk and verdict.evidence.phones > SHORT  # "this is too much flattery"
        if may_be_half or verdict.evidence.lead < 0:  # "step three" begins almost like "stop"
            return False
        is_new = verdict.text not in self._told
        self._told.add(verdict.text)
        return is_new

    def acts_at_once(self, verdict: Verdict) -> bool:
        """True if the phrase means something that the dialogue can take back, and is legal now."""
        return bool(self._legal & self._meanings.get(verdict.text, set()))
