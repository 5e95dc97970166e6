"""Baseline ears without rejection rules: the difference to them is the benefit of a session's ear.

They share its segmenter, its phoneme model and its lexicon, so that only the rules differ. Never used in a session.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.decode.frequent_words import most_frequent
from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.phone_loop import Loop, read_tables
from assistant.decode.phonetic.posteriors import Frames, Posteriors
from assistant.decode.phonetic.sentences import Sentences
from assistant.decode.phonetic_graph.word_graph import WordAutomaton
from assistant.decode.recogniser import Recogniser
from assistant.decode.segment import Segmenter, Utterance
from assistant.errors import EngineError
from assistant.messages import AudioBlock, Heard, Intent, Phrase

COMMON_WORDS = 500  # besides the words of the commands, so that free reading can find other words
LETTERS = 3  # shorter ones are fragments of words, and no language model distinguishes them


class _Plain(ABC):
    """Segments and reads phonemes; each baseline adds its one rule."""

    def __init__(self) -> None:
        self._segmenter = Segmenter()
        self._posteriors = Posteriors()
        tables = read_tables()
        self._lexicon = Lexicon(self._posteriors.tokens, tables.spelled)
        self._loop = Loop(tables, self._posteriors.tokens, edge=self._posteriors.edge)
        self._legal = frozenset(Intent)

    def expect(self, intents: frozenset[Intent]) -> None:
        """Limit the search to these from the next utterance on."""
        self._legal = intents

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take one block; an utterance ends at the short pause."""
        return tuple(self._hear(one) for one in self._segmenter.feed(block))

    def finish(self) -> tuple[Heard, ...]:
        """End the sound: return what was still open."""
        return tuple(self._hear(one) for one in self._segmenter.finish())

    def reset(self) -> None:
        """Forget the utterance in progress."""
        self._segmenter.reset()

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Return the words without a pronunciation, sorted."""
        words = {word for phrase in phrases for word in phrase.text.split()}
        self._lexicon.learn(words)
        return tuple(sorted(word for word in words if not self._lexicon.pronunciations(word)))

    def _hear(self, utterance: Utterance) -> Heard:
        text, score = "", 0.0
        if not utterance.is_too_long:  # a session's ear hears nothing of such an utterance either
            x = self._posteriors(utterance.pcm)
            text, score = self._read(x)
        return Heard(
            text=text,
            is_final=True,
            is_sure=bool(text),
            score=score,
            at_s=utterance.at_s,
            end_s=utterance.end_s,
            spare=score,  # no threshold took anything of it
        )

    @abstractmethod
    def _read(self, x: Frames) -> tuple[str, float]:
        """Return the words, and nats above the phone loop."""

    def _checked(self, phrases: Sequence[Phrase]) -> None:
        unknown = self.unknown_words(phrases)
        if unknown:
            raise EngineError(f"cannot be pronounced: {', '.join(unknown)}", remedy="Leave this engine out")


class TopOne(_Plain):
    """Always the legal phrase with the best score."""

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Take every phrase."""
        self._checked(phrases)
        meant: dict[str, set[Intent]] = {}
        for phrase in phrases:
            meant.setdefault(phrase.text, set()).add(phrase.intent)
        self._intents = tuple(frozenset(held) for held in meant.values())
        blank, edge = self._posteriors.blank, self._posteriors.edge
        self._sentences = Sentences(tuple(meant), self._lexicon.pronunciations, blank=blank, edge=edge)

    def _read(self, x: Frames) -> tuple[str, float]:
        scores = self._sentences.scores(x)
        is_legal = np.array([bool(held & self._legal) for held in self._intents])
        best = int(np.argmax(np.where(is_legal, scores, -np.inf)))
        return self._sentences.texts[best], float(scores[best]) - self._loop.score(x)


class FreeWords(_Plain):
    """The words of the commands and common ones in any order, like the output of a speech-to-text engine."""

    def __init__(self, language: str) -> None:
        """Load the models."""
        super().__init__()
        self._language = language

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Take every word of the phrases. Raises MissingExtra without Kaldi's packages."""
        from assistant.decode.phonetic_graph.graph import GraphDecoder  # loads kaldi

        self._checked(phrases)
        words = {word for phrase in phrases for word in phrase.text.split()}
        common = {
            word for word in most_frequent(self._language, COMMON_WORDS) if len(word) >= LETTERS and word.isalpha()
        }
        self._lexicon.learn(common - words)
        # "know" would replace "no": only a language model could distinguish them, which is not the point here
        taken = {sounds for word in words for sounds in self._lexicon.pronunciations(word)}
        words |= {word for word in common if (sounds := self._lexicon.pronunciations(word)) and not taken & set(sounds)}
        names = tuple(sorted(words))
        loop = WordAutomaton(leads=[dict.fromkeys(names, 0)], finals=frozenset({0}), names=names)
        blank, edge = self._posteriors.blank, self._posteriors.edge
        self._graph = GraphDecoder(loop, self._lexicon.pronunciations, blank=blank, edge=edge)

    def _read(self, x: Frames) -> tuple[str, float]:
        path = self._graph.search(x).best
        return (path.text, path.score - self._loop.score(x)) if path is not None else ("", 0.0)


class Anyhow:
    """Another ear's best phrase, accepted at any score."""

    def __init__(self, inner: Recogniser) -> None:
        """Take an ear whose text is always a phrase, or empty."""
        self._inner = inner
        self.learn, self.expect = inner.learn, inner.expect
        self.reset, self.unknown_words = inner.reset, inner.unknown_words

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take one block; return only final results."""
        return _believed(self._inner.feed(block))

    def finish(self) -> tuple[Heard, ...]:
        """End the sound: return what was still open."""
        return _believed(self._inner.finish())


def _believed(heard: Sequence[Heard]) -> tuple[Heard, ...]:
    return tuple(replace(one, is_sure=bool(one.text), spare=one.score) for one in heard if one.is_final)
