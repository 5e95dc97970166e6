"""The evidence for one intent as the meaning of a text, as numbers that a logistic curve weighs. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.interpret.meaning.taught import Array

LEAST = 1e-6  # a share below it counts as it, so that logarithms stay finite


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One text, before it is decided: shares of each class by two classifiers, and the nearest wordings."""

    by_sense: Array
    """Shares of the classes, by the sentence's vector."""
    by_words: Array
    """Shares of the classes, by its words."""
    nearest: Array
    """The cosine to the nearest wording of each class."""
    negations: Array
    """The number of negation words in that wording."""
    negated: int
    """The number in the text itself."""
    length: int
    """Words of the text."""
    none: int
    """The place of the class that asks for nothing."""

    @property
    def shares(self) -> Array:
        """The mean of both classifiers: the geometric one, scaled to 1 together."""
        both = np.sqrt(self.by_sense * self.by_words)
        shares: Array = both / both.sum()
        return shares


def evidence(reading: Reading, guess: int) -> Array:
    """Return the evidence for the class `guess`: see the order of the list below."""
    shares = reading.shares
    rivals = np.ones(len(shares), bool)
    rivals[[guess, reading.none]] = False
    near, near_none = reading.nearest[guess], reading.nearest[reading.none]
    near_rival = reading.nearest[rivals].max()
    return np.array(
        [
            *(_odds(one[guess]) for one in (shares, reading.by_sense, reading.by_words)),
            *(_log(one[reading.none]) for one in (shares, reading.by_sense, reading.by_words)),
            _log(shares[rivals].max()),
            near,
            near_none,
            near_rival,
            near - max(near_none, near_rival),
            float(reading.negations[guess] != reading.negated),
            float(reading.negated > 0),
            np.log(max(reading.length, 1)),
            *(float(reading.length == few) for few in (1, 2)),
        ],
        np.float32,
    )


def _log(share: float) -> float:
    return float(np.log(max(share, LEAST)))


def _odds(share: float) -> float:
    bounded = min(max(float(share), LEAST), 1 - LEAST)
    return float(np.log(bounded / (1 - bounded)))
