"""Ranks the phrases: which is best, which is its rival, and whether the best is believed.

Scores in, a verdict out; the scores come from sentences.py, the thresholds from rules.py. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.rules import FAVOUR, FRAGMENT, REFUSED, STOP_OVER_READY, Evidence, Judged, bar, judged
from assistant.messages import SAFETY, Intent, Phrase, Refusal, Shortfall

NOTHING = float("-inf")
PhraseMeaning: TypeAlias = tuple[Intent, tuple[tuple[str, int | str], ...]]


def _unknown(_word: str) -> tuple[Sounds, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The best phrase of one utterance, with its evidence."""

    text: str
    rival: str
    """The best phrase that means something else; empty if there is none."""
    evidence: Evidence
    spare: float
    """Headroom in nats (rules.py): below zero the phrase is not believed."""
    may_go_on: bool
    """True if the words begin a longer legal phrase of another meaning, and nobody is hurt: the pause may be longer."""
    behind: float = 0.0
    """Nats by which the best phrase lies behind a fragment of a phrase; 0.0 where a phrase is best."""
    shortfalls: tuple[Shortfall, ...] = ()
    """Every bar that was not met, the one that lacks most first; empty where it is believed."""
    nearest: str = ""
    """The best phrase with a meaning, if the best of all is only a fragment."""

    @property
    def refusal(self) -> Refusal | None:
        """The refusal; None where the phrase is believed."""
        if not self.shortfalls:
            return None
        return Refusal(text=self.text, shortfalls=self.shortfalls, rival=self.nearest or self.rival)

    @property
    def is_sure(self) -> bool:
        """True if the text may act."""
        return self.spare >= 0


class Phrasebook:
    """Every text that competes: the phrases, and as fragments the single words that are only pieces of phrases."""

    def __init__(self, phrases: Iterable[Phrase], sounds: Callable[[str], tuple[Sounds, ...]] = _unknown) -> None:
        """Take the phrases, and a function that gives a word's pronunciations; one text may have several meanings."""
        meanings: dict[str, set[PhraseMeaning]] = {}
        for phrase in phrases:
            meanings.setdefault(phrase.text, set()).add((phrase.intent, tuple(sorted(phrase.slots.items()))))
        for word in sorted({word for text in meanings for word in text.split()}):
            meanings.setdefault(word, set())  # a fragment of a command is no command: "six" of "add six", "down"
        self.texts = tuple(meanings)
        self._meanings = tuple(frozenset(held) for held in meanings.values())
        self._intents = tuple(frozenset(intent for intent, _ in held) for held in self._meanings)
        favour = [max((FAVOUR.get(intent, 0.0) for intent in held), default=0.0) for held in self._intents]
        self._favour = np.array(favour, np.float32)
        stop_over_ready = [STOP_OVER_READY if Intent.STOP in held else 0.0 for held in self._intents]
        self._favour_over_ready = np.maximum(self._favour, np.array(stop_over_ready, np.float32))
        self._sounds = [frozenset(sounds(text)) if " " not in text else frozenset() for text in self.texts]
        self._unfinished: frozenset[str] = frozenset()
        self.expect(frozenset(Intent))

    def expect(self, intents: frozenset[Intent]) -> None:
        """Take the legal intents: only a longer phrase that is legal makes the ear wait for a longer pause.

        A single word without a legal meaning counts as a fragment ("nine", unless a number is asked for).
        """
        is_legal = [bool(held & intents) for held in self._intents]
        is_piece = [not now and " " not in text for text, now in zip(self.texts, is_legal, strict=True)]
        self._handicap = np.array([FRAGMENT if piece else 0.0 for piece in is_piece], np.float32)
        spoken = frozenset[Sounds]().union(*(s for s, now in zip(self._sounds, is_legal, strict=True) if now))
        # "now" can sound exactly like "no", "don't" like "done": they compete, but no phrase can lead them.
        self._rules_out = [i for i, piece in enumerate(is_piece) if piece and not self._sounds[i] & spoken]
        self._unfinished = frozenset(_beginnings(dict(zip(self.texts, self._meanings, strict=True)), intents))

    def begins_a_phrase(self, text: str) -> bool:
        """True if a longer legal phrase of another meaning begins with these words."""
        return text in self._unfinished

    def judge(
        self,
        scores: Frames,
        phones: Sequence[int],
        *,
        loop: float,
        free: float,
        speech: float,
        is_amid_talk: bool = False,
    ) -> Verdict:
        """Return the verdict on the texts' scores and phone counts; `loop`: filler score; `free`: unconstrained."""
        piece = float(scores[self._rules_out].max()) if self._rules_out else NOTHING
        scores = scores - self._handicap
        order = np.argsort(-scores)
        best = self._safest(scores, int(order[0]))
        rival = next((int(i) for i in order if not self._meanings[int(i)] & self._meanings[best]), None)
        score = float(scores[best])
        evidence = Evidence(
            over_loop=score - loop,
            margin=score - (loop if rival is None else float(scores[rival])),
            misfit=(free - score) / phones[best],
            phones=phones[best],
            speech=speech,
            lead=score - piece,
            is_amid_talk=is_amid_talk,
        )
        found = self._judged(best, evidence)
        phrases = () if self._intents[best] else (self.texts[int(i)] for i in order if self._intents[int(i)])
        return Verdict(
            text=self.texts[best],
            rival="" if rival is None else self.texts[rival],
            evidence=evidence,
            spare=found.spare,
            may_go_on=self.texts[best] in self._unfinished and not self._intents[best] & SAFETY,
            behind=max(0.0, score - float(scores[self._handicap == 0].max(initial=NOTHING))),
            shortfalls=found.shortfalls,
            nearest=next(iter(phrases), ""),
        )

    def judge_again(self, verdict: Verdict, *, over_words: float) -> Verdict:
        """Return the same verdict with the nats by which its phrase is above the background words."""
        evidence = replace(verdict.evidence, over_words=over_words)
        found = self._judged(self.texts.index(verdict.text), evidence)
        return replace(verdict, evidence=evidence, spare=found.spare, shortfalls=found.shortfalls)

    def _judged(self, best: int, evidence: Evidence) -> Judged:
        intents = self._intents[best]
        if intents:
            return judged(evidence, bar(intents, evidence.phones))
        return Judged(spare=REFUSED, shortfalls=(Shortfall(rule="piece"),))

    def _safest(self, scores: Frames, best: int) -> int:
        """Return the phrase that wins when safety words get the favour that rules.py grants: ties go to safety."""
        favour = self._favour_over_ready if Intent.READY in self._intents[best] else self._favour
        favoured = int(np.argmax(scores + favour))
        is_tie = self._meanings[best] and favour[favoured] and not favour[best]
        return favoured if is_tie else best


def _beginnings(meanings: Mapping[str, frozenset[PhraseMeaning]], intents: frozenset[Intent]) -> Iterator[str]:
    """Yield the beginnings of longer legal phrases of another meaning: "go back", but not "next" of "next please"."""
    for text, held in meanings.items():
        legal = {meaning for meaning in held if meaning[0] in intents}
        words = text.split()
        for n in range(1, len(words)) if legal else ():
            beginning = " ".join(words[:n])
            if not legal & meanings.get(beginning, frozenset()):
                yield beginning
