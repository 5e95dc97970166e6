"""The phonetic engine: the embedded ear for English. Joins the files of this folder behind the Recogniser protocol.

Audio stays here: only words and scores leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.loop import Loop, read_tables
from assistant.decode.phonetic.posteriors import Frames, Posteriors
from assistant.decode.phonetic.rules import Evidence, bar, is_believed
from assistant.decode.phonetic.sentences import Sentences
from assistant.decode.segment import Segmenter, Utterance
from assistant.errors import EngineError
from assistant.messages import SAFETY, AudioBlock, Heard, Intent, Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    text: str
    rival: str
    evidence: Evidence
    is_sure: bool


class PhoneticEngine:
    """hama's phonemes against every phrase at once; rejects from the start."""

    def __init__(self) -> None:
        """Load the models (0.1 s). Raises EngineError where they are missing or are not what was measured."""
        self._segmenter = Segmenter()
        self._posteriors = Posteriors()
        tables = read_tables()
        self._lexicon = Lexicon(self._posteriors.tokens, tables.spelled)
        self._loop = Loop(tables, self._posteriors.tokens, edge=self._posteriors.edge)
        self._meanings: list[frozenset[tuple[Intent, tuple[object, ...]]]] = []
        self._sentences: Sentences | None = None
        self._unfinished: frozenset[str] = frozenset()
        self._paused: tuple[float, Heard] | None = None

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Take every phrase of the session (0.3 s for 1,000); all intents are legal until `expect` says less."""
        if not phrases:
            raise EngineError("there is no phrase to listen for", remedy="Check the command files with: tuina check")
        unknown = self.unknown_words(phrases)
        if unknown:
            raise EngineError(
                f"cannot be pronounced: {', '.join(unknown)}", remedy="Write these words as they are said, in English letters"
            )
        meanings: dict[str, set[tuple[Intent, tuple[object, ...]]]] = {}
        for phrase in phrases:
            slots = tuple(sorted(phrase.slots.items(), key=lambda item: item[0]))
            meanings.setdefault(phrase.text, set()).add((phrase.intent, slots))
        self._meanings = [frozenset(held) for held in meanings.values()]
        self._sentences = Sentences(
            tuple(meanings), self._lexicon.pronunciations, blank=self._posteriors.blank, edge=self._posteriors.edge
        )
        self.expect(frozenset(Intent))

    def expect(self, intents: frozenset[Intent]) -> None:
        """From the next utterance on these are legal: it decides only how long a pause may be."""
        if self._sentences is None:
            return
        legal = [
            text
            for text, held in zip(self._sentences.texts, self._meanings, strict=True)
            if any(intent in intents for intent, _ in held)
        ]
        begins = {" ".join(words[:n]) for words in map(str.split, legal) for n in range(1, len(words))}
        self._unfinished = frozenset(begins)

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take 20 ms of int16 mono at 16 000 Hz; decodes (0.06 s of processor time a second) when speech pauses."""
        return tuple(heard for utterance in self._segmenter.feed(block) for heard in self._hear(utterance))

    def finish(self) -> tuple[Heard, ...]:
        """Give what was still open."""
        return tuple(heard for utterance in self._segmenter.finish() for heard in self._hear(utterance))

    def reset(self) -> None:
        """Forget the utterance in progress."""
        self._segmenter.reset()
        self._paused = None

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Words that have no pronunciation at all: foreign scripts, digits."""
        words = {word for phrase in phrases for word in phrase.text.split()}
        self._lexicon.learn(words)
        return tuple(sorted(word for word in words if not self._lexicon.pronunciations(word)))

    def _hear(self, utterance: Utterance) -> tuple[Heard, ...]:
        if utterance.is_too_long:
            return (self._heard(utterance, None),)
        if self._paused is not None and self._paused[0] == utterance.end_s:
            heard = self._paused[1]  # nothing was added in the longer pause
            self._paused = None
            return (heard,)
        best = self._decode(self._posteriors(utterance.pcm), utterance.speech)
        heard = self._heard(utterance, best)
        if not utterance.is_over and best is not None and self._may_go_on(best):
            self._paused = (utterance.end_s, heard)
            self._segmenter.keep_open()
            return ()
        self._paused = None
        return (heard,)

    def _may_go_on(self, best: _Best) -> bool:
        """The words so far begin a longer phrase, and nobody is hurt."""
        intents = {intent for intent, _ in self._meanings[self._index(best.text)]}
        return best.text in self._unfinished and not intents & SAFETY

    def _index(self, text: str) -> int:
        assert self._sentences is not None
        return self._sentences.texts.index(text)

    def _decode(self, x: Frames, speech: float) -> _Best | None:
        if self._sentences is None or not len(x):
            return None
        scores = self._sentences.scores(x)
        order = np.argsort(-scores)
        free, loop = float(x.max(1).sum()), self._loop.score(x)
        best = int(order[0])
        rival = self._rival(order, best)
        margin = float(scores[best] - scores[rival]) if rival is not None else float("inf")
        phones = self._sentences.phones(best)
        evidence = Evidence(
            over_loop=float(scores[best]) - loop,
            margin=margin,
            misfit=(free - float(scores[best])) / phones,
            phones=phones,
            speech=speech,
        )
        return _Best(
            text=self._sentences.texts[best],
            rival=self._sentences.texts[rival] if rival is not None else "",
            evidence=evidence,
            is_sure=is_believed(evidence, bar(intent for intent, _ in self._meanings[best])),
        )

    def _rival(self, order: np.ndarray, best: int) -> int | None:
        """The best phrase that means something else."""
        return next((int(i) for i in order if not self._meanings[int(i)] & self._meanings[best]), None)

    def _heard(self, utterance: Utterance, best: _Best | None) -> Heard:
        return Heard(
            text=best.text if best else "",
            is_final=True,
            is_sure=bool(best and best.is_sure),
            score=best.evidence.over_loop if best else 0.0,
            at_s=utterance.at_s,
            end_s=utterance.end_s,
            runner_up=best.rival if best else "",
            margin=best.evidence.margin if best else 0.0,
        )
