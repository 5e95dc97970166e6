"""The phonetic ear for whole grammars: it searches a word graph, and scores the few best sentences exactly.

For grammars that stand for more sentences than can be written out (somebody else's, with its own slots). It uses the
models, segmenter and rules of engine.py; audio never leaves it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.phone_loop import Loop, read_tables
from assistant.decode.phonetic.posteriors import BOUNDARY, IN_NOISE, Frames, Posteriors
from assistant.decode.phonetic.rules import REFUSED, SPEECH, Evidence
from assistant.decode.phonetic.sentences import Sentences
from assistant.decode.phonetic_graph.denoise import WhenNeeded
from assistant.decode.phonetic_graph.graph import GraphDecoder
from assistant.decode.phonetic_graph.word_graph import WordAutomaton, WordGraph
from assistant.decode.segment import Segmenter, Utterance
from assistant.errors import EngineError
from assistant.messages import AudioBlock, Heard, Intent, Pcm, Phrase

BIAS = -1.0  # nats beside those of posteriors.py: -3 in all (docs/recognition.md, "Blank bias and beam")
LONG_PAUSE_S = 1.0  # in the middle of an order people stop to think for 0.3 to 0.8 s
LONGEST_S = 20.0  # an order with six slots and pauses lasts up to 12 s; the model takes 30
MOST_LONGER = 20  # longer sentences that are tried
OVER_LOOP = 8.6  # rules.py; 850 orders in noise that were understood have at least 54, 194 other utterances at most 2
MARGIN = 0.3  # nats; of 798 orders in noise that were understood none has less, of 102 misheard ones a tenth
UNFINISHED = 10.0
"""Nats by which the beginning of a sentence may explain the sound better than a whole one: at most 8.7 of 798 orders in
noise that were understood; of 90 orders cut in the middle all but one have more."""
BEGUN = 0.0  # nats over the loop: a sound better explained as the beginning of a sentence may go on

OPEN_MISFIT, OPEN_MARGIN = 0.8, 5.0
"""Nats a phone, and nats: a worse mismatch or a lower margin makes a second reading, by the weights for noisy speech; a
lower margin of both together makes another one, of denoised sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The best sentence of one utterance, with its evidence."""

    text: str
    rival: str
    """The best sentence near it that means something else; empty if there is none."""
    evidence: Evidence | None
    """None without a sentence."""
    spare: float
    unfinished: float = 0.0
    """Nats by which the beginning of a sentence explains the sound better: the sentence was not completed."""
    may_go_on: bool = False
    """True if these words, or the words so far, begin a longer sentence: the pause may be longer."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class First:
    """The first reading of an utterance, with its result."""

    utterance: Utterance
    x: Frames
    guess: Guess


class GrammarEngine:
    """Hears the sentences of one word graph; it can reject speech."""

    def __init__(self, grammar: WordGraph, words: WordAutomaton | None = None) -> None:
        """Load the models and build the search graph (1 s for a coffee order with six slots in any order).

        `words` is the grammar's minimal automaton, if it was built before.
        Raises EngineError where a model is missing, and for words without a pronunciation.
        """
        self._segmenter = Segmenter(long_pause_s=LONG_PAUSE_S, longest_s=LONGEST_S)
        self._posteriors, self._in_noise = Posteriors(), Posteriors(IN_NOISE)
        tables = read_tables()
        self._lexicon = Lexicon(self._posteriors.tokens, tables.spelled)
        self._loop = Loop(tables, self._posteriors.tokens, edge=self._posteriors.edge)
        self._boundary = self._posteriors.tokens.index(BOUNDARY)
        self._grammar, self._words = grammar, words or grammar.smallest()
        self._lexicon.learn(self._words.names)
        unknown = [word for word in self._words.names if not self._lexicon.pronunciations(word)]
        if unknown:
            raise EngineError(
                f"cannot be pronounced: {', '.join(unknown)}",
                remedy="Write these words as they are said, in English letters",
            )
        self._search = GraphDecoder(
            self._words, self._lexicon.pronunciations, blank=self._posteriors.blank, edge=self._posteriors.edge
        )
        self._with_less_noise = WhenNeeded()
        self._waiting: First | None = None

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Ignore the phrases: the grammar was learned when the engine was made."""

    def expect(self, intents: frozenset[Intent]) -> None:
        """Ignore the intents: every sentence is legal."""

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take 20 ms of int16 mono at 16 000 Hz; decode when speech pauses."""
        return tuple(heard for utterance in self._segmenter.feed(block) for heard in self._hear(utterance))

    def finish(self) -> tuple[Heard, ...]:
        """End the sound: return what was still open."""
        return tuple(heard for utterance in self._segmenter.finish() for heard in self._hear(utterance))

    def reset(self) -> None:
        """Forget the utterance in progress."""
        self._segmenter.reset()
        self._with_less_noise.reset()
        self._waiting = None

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Return the words that have no pronunciation at all: foreign scripts, digits."""
        return self._lexicon.unknown(phrase.text for phrase in phrases)

    def _hear(self, utterance: Utterance) -> tuple[Heard, ...]:
        first, self._waiting = self._waiting, None
        if utterance.is_too_long:
            return (_heard(utterance, None),)
        if first is None or first.utterance.end_s != utterance.end_s:  # else the longer pause added nothing
            x = self.frames(utterance.pcm)
            first = First(utterance=utterance, x=x, guess=self.guess(x, utterance.speech))
            if first.guess.may_go_on and not utterance.is_over:
                self._waiting = first
                self._segmenter.keep_open()
                return ()
        return (_heard(utterance, self._settled(first)),)

    def _settled(self, first: First) -> Guess:
        """Return the guess by the mean of more readings where the first one left doubt.

        The second one is by the weights for noisy speech (a fiftieth of the sound's time). If both leave doubt, both
        read the denoised sound too, which takes two fifths of its time.
        """
        guess, pcm, speech = first.guess, first.utterance.pcm, first.utterance.speech
        if not _is_open(guess, misfit=OPEN_MISFIT):
            return guess
        x = (first.x + self._frames(self._in_noise, pcm)) * np.float32(0.5)
        guess = self.guess(x, speech)
        if not _is_open(guess):
            return guess
        less = self._with_less_noise(pcm)
        again = self.frames(less) + self._frames(self._in_noise, less)
        return self.guess((x + again * np.float32(0.5)) * np.float32(0.5), speech)

    def frames(self, pcm: Pcm) -> Frames:
        """Return log-probabilities with the blank bias for whole sentences."""
        return self._frames(self._posteriors, pcm)

    def _frames(self, read: Posteriors, pcm: Pcm) -> Frames:
        x = read(pcm)
        x[:, self._posteriors.blank] += BIAS
        x[:, self._posteriors.edge] = np.maximum(x[:, self._posteriors.blank], x[:, self._boundary])
        return x

    def guess(self, x: Frames, speech: float) -> Guess:
        """Return the best sentence, and its evidence; no text where no sentence fits so few frames."""
        found = self._search.search(x)
        loop = self._loop.score(x)
        begun = found.so_far.score if found.so_far is not None and found.so_far.text else -math.inf
        is_begun = begun - loop > BEGUN
        if found.best is None or not found.best.text:
            return Guess(text="", rival="", evidence=None, spare=REFUSED, may_go_on=is_begun)
        few = Sentences(
            (found.best.text, *self._near(found.best.text)),
            self._lexicon.pronunciations,
            blank=self._posteriors.blank,
            edge=self._posteriors.edge,
        )
        scores = few.scores(x)
        order = [int(n) for n in np.argsort(-scores)]
        best = order[0]
        meant = self._meaning(few.texts[best])
        rival = next((n for n in order if self._meaning(few.texts[n]) != meant), None)
        score = float(scores[best])
        evidence = Evidence(
            over_loop=score - loop,
            margin=score - (loop if rival is None else float(scores[rival])),
            misfit=(float(x.max(1).sum()) - score) / few.phones[best],
            phones=few.phones[best],
            speech=speech,
        )
        unfinished = begun - score
        left = spare(evidence, unfinished)
        return Guess(
            text=few.texts[best],
            rival="" if rival is None else few.texts[rival],
            evidence=evidence,
            spare=left,
            unfinished=unfinished,
            may_go_on=self._may_mean_more(few.texts[best]) if left >= 0 else is_begun,
        )

    def _may_mean_more(self, text: str) -> bool:
        """True if a longer sentence means something else: "please" behind an order changes nothing."""
        meant = self._meaning(text)
        longer = self._words.longer(text.split(), MOST_LONGER)
        return any(self._meaning(each) != meant for each in longer)

    def _near(self, text: str) -> list[str]:
        """Return the sentences that differ in one word, or in one slot's value."""
        words = text.split()
        found = self._words.neighbours(words)
        reading = self._grammar.read(text)
        for (slot, _), (first, last) in zip(reading.tags, reading.spans, strict=True) if reading else ():
            for said in self._grammar.said.get(slot, ()):
                other = [*words[:first], *said.split(), *words[last:]]
                if self._words.accepts(other):
                    found.add(" ".join(other))
        return sorted(found - {text})

    def _meaning(self, text: str) -> frozenset[tuple[str, int | str]]:
        reading = self._grammar.read(text)
        return frozenset(reading.tags) if reading else frozenset()


def _is_open(guess: Guess, *, misfit: float = math.inf) -> bool:
    """True if the guess is neither clear nor hopeless; `misfit`: nats a phone above which it is not clear."""
    evidence = guess.evidence
    if evidence is None or evidence.over_loop < 0 or evidence.speech < SPEECH:
        return False
    return evidence.misfit > misfit or evidence.margin < OPEN_MARGIN or guess.spare < 0


def spare(evidence: Evidence, unfinished: float) -> float:
    """Return the headroom in nats, as in rules.py; without a cap on the mismatch, which noise alone drives to 3."""
    if evidence.speech < SPEECH:
        return REFUSED
    lacks = (evidence.margin - MARGIN, UNFINISHED - unfinished)
    return max(REFUSED, min([evidence.over_loop - OVER_LOOP, *(nats for nats in lacks if nats < 0)]))


def _heard(utterance: Utterance, guess: Guess | None) -> Heard:
    at_s, end_s = utterance.at_s, utterance.end_s
    if guess is None or guess.evidence is None:
        return Heard(text="", is_final=True, is_sure=False, score=0.0, at_s=at_s, end_s=end_s, spare=REFUSED)
    return Heard(
        text=guess.text,
        is_final=True,
        is_sure=guess.spare >= 0,
        score=guess.evidence.over_loop,
        at_s=at_s,
        end_s=end_s,
        runner_up=guess.rival,
        margin=guess.evidence.margin,
        spare=guess.spare,
    )
