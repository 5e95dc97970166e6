"""Ranks the intents that a text in a person's own words may have, each with a calibrated confidence. Pure.

Two stages (docs/recognition.md, "Meaning"). Two classifiers with a class for "nothing for us" give each class a share:
one reads the sentence's vector, one its words. Then the nearest wordings of each class, and of those that ask for
nothing, are weighed with the shares into the probability that the guess is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np

from assistant.interpret.meaning.evidence import Reading, evidence
from assistant.interpret.meaning.grams import weights
from assistant.interpret.meaning.taught import NONE, Array, Arrays, Classifiers, Taught
from assistant.messages import Intent

MOST_GUESSES = 4
NOT_NOW = 0.1  # chosen: the part of its share that an intent keeps as a rival where it is not legal


class Guess(NamedTuple):
    """One meaning that a text may have."""

    intent: Intent | None
    """None: it asks for nothing, or not us."""
    confidence: float
    """The probability that it is right, 0 to 1."""


class Meaning:
    """The guesses learned from a language's wordings. Keeps no state between texts."""

    def __init__(self, arrays: Arrays, encode: Callable[[str], Array]) -> None:
        """Take the learned arrays and the sentence encoder. Raises KeyError or ValueError for other arrays."""
        self._taught = Taught.read(arrays)
        self._encode = encode
        self._none = self._taught.classes.index(NONE)

    def guesses(self, text: str, legal: Collection[Intent]) -> tuple[Guess, ...]:
        """Return the likeliest meanings among the legal intents and "nothing", best first, at most four.

        The text is lower-case words with single spaces. Takes 3 to 7 ms.
        """
        reading = self.read(text)
        may_be = np.array([name != NONE and Intent(name) in legal for name in self._taught.classes])
        kept = np.where(may_be, 1.0, NOT_NOW).astype(np.float32)
        kept[self._none] = 1.0
        reading = Reading(
            by_sense=_whole(reading.by_sense * kept),
            by_words=_whole(reading.by_words * kept),
            nearest=reading.nearest,
            negations=reading.negations,
            negated=reading.negated,
            length=reading.length,
            none=self._none,
        )
        shares = reading.shares
        best = [at for at in np.argsort(-shares, kind="stable") if may_be[at]][: MOST_GUESSES - 1]
        found = [Guess(Intent(self._taught.classes[at]), self._confidence(reading, at)) for at in best]
        found.append(Guess(None, 1.0 - max((one.confidence for one in found), default=0.0)))
        return tuple(sorted(found, key=lambda one: -one.confidence))

    def read(self, text: str) -> Reading:
        """Return the text's shares and nearest wordings with every intent legal."""
        taught = self._taught
        vector = self._encode(text)
        near = vector @ taught.basis
        likeness = taught.known @ (near / (np.linalg.norm(near) or 1.0))
        ends = (*taught.starts[1:], len(likeness))
        nearest = [start + int(likeness[start:end].argmax()) for start, end in zip(taught.starts, ends, strict=True)]
        return Reading(
            by_sense=_by_sense(taught.intents, vector),
            by_words=self._by_words(taught.intents, text),
            nearest=likeness[nearest],
            negations=taught.negations[nearest].astype(np.float32),
            negated=taught.negated(text),
            length=len(text.split()),
            none=self._none,
        )

    def topics(self, text: str) -> tuple[tuple[str, float], ...]:
        """Return what a question is likely to be about, the likeliest two with their shares, 0 to 1.

        Nothing where none was learned.
        """
        topics = self._taught.topics
        if topics is None:
            return ()
        shares = _whole(np.sqrt(_by_sense(topics, self._encode(text)) * self._by_words(topics, text)))
        return tuple((topics.names[at], float(shares[at])) for at in np.argsort(-shares, kind="stable")[:2])

    def _by_words(self, classifiers: Classifiers, text: str) -> Array:
        found = weights(text, self._taught.rarity)
        rows = [self._taught.rows[bucket] for bucket in found]
        summed = np.array([*found.values()], np.float32) @ classifiers.words[rows].astype(np.float32)
        return _shares(summed * classifiers.words_scale + classifiers.words_bias)

    def _confidence(self, reading: Reading, at: int) -> float:
        sum_ = float(evidence(reading, at) @ self._taught.weigh) + self._taught.weigh_bias
        return 1 / (1 + math.exp(-sum_))


def _by_sense(classifiers: Classifiers, vector: Array) -> Array:
    return _shares(vector @ classifiers.sense + classifiers.sense_bias)


def _shares(logits: Array) -> Array:
    return _whole(np.exp(logits - logits.max()))


def _whole(parts: Array) -> Array:
    whole: Array = parts / parts.sum()
    return whole
