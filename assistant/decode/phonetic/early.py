"""What may be told before the person is done: which moments are worth a look, and which words act at once. Pure.

A look costs as much as a decision, so it is taken only where the voice falls silent for a moment. Most of these moments
are the end of the utterance, and then the look is the decision, made while the pause is still being waited for. Where
the first look leaves open whether one of the words that act at once was said, a later one, 0.1 s on, does not.
"""

from __future__ import annotations

from collections.abc import Collection

from assistant.decode.phonetic.phrasebook import Verdict
from assistant.decode.phonetic.rules import SHORT
from assistant.decode.segment import Utterance
from assistant.messages import AT_ONCE, Intent, Phrase

HEARD_WHOLE = frozenset({Intent.READY})
"""What no look decides. The p of "stop" may open 100 ms after the voice: without it one of 44 people said "start", 8.2
nats ahead of "stop", and with it "stop", 4.6 nats ahead."""
LONGEST_S = 2.5  # of voice; what is longer is looked at when it is over
MOST = 3  # looks at one utterance; commands need 1.2 on average
GREY = (-3.0, 2.0)
"""Nats to spare between which a look decides nothing, and the whole pause is heard: without what follows, the last
sounds are read a little differently. Of 652 utterances, clean and at 6 dB, that is 1 in 13. Safety words told above it:
0 of 325 clips of talk, words and digits (375 looks), and none above 0 either."""
WORST = 9.0
"""Nats that a whole phrase may lie below the freest reading and be told early; what fits worse waits for the pause. A
clause of a long sentence passes the usual caps: in 0.40 h of prose and talk 4 were false, at 9.7 to 22 nats. Of 93 fast
commands of the development clips 91 fit (76 at a distance: 71; pink noise at 12 dB, 87: 81), at 8 nats 89, at 12 92."""


LATER_SPARE = 0.5
"""Nats to spare that a later look asks for: 0.1 s more was heard, and only the rest of the pause is missing. Of 94 fast
commands it tells 5 that the first look did not, the slowest 0.39 s after the word instead of 0.60; of 345 clips of
talk, words, digits and noise none, nor of 165 each far away and in pink noise at 12 dB."""


class Early:
    """One utterance after another: how often it was looked at, and what was told of it."""

    def __init__(self, phrases: Collection[Phrase]) -> None:
        """Take the phrases; all intents are legal until `expect` says less."""
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
        """Take what is legal from now on."""
        self._legal = intents

    def may_look(self, so_far: Utterance) -> bool:
        """Whether the utterance in progress is worth its decoding, at the first lull of a silence; counts the look."""
        if self._at_s != so_far.at_s:
            self._at_s, self._looks, self._told = so_far.at_s, 0, set()
        elif self._end_s == so_far.end_s:
            return False
        self._end_s = so_far.end_s
        self._looks += 1
        return self._looks <= MOST and so_far.end_s - so_far.at_s <= LONGEST_S

    def is_clear(self, verdict: Verdict) -> bool:
        """Whether the look decides, if nobody speaks on."""
        return verdict.text not in self._heard_whole and not GREY[0] <= verdict.spare <= GREY[1]

    def may_look_again(self, verdict: Verdict) -> bool:
        """Whether a look that decided nothing, or told nothing, is worth a later one."""
        if verdict.text in self._told:
            return False
        return verdict.text in self._heard_whole or self.acts_at_once(verdict)

    def may_tell(self, verdict: Verdict, *, is_later: bool = False) -> bool:
        """Whether these words of the utterance just looked at act at once; each text once."""
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
        """Whether the phrase means what the dialogue can take back, and is legal now."""
        return bool(self._legal & self._meanings.get(verdict.text, set()))
