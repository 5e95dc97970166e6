"""The arrays learned from a language's wordings: scripts/train_meaning makes them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.messages import Intent

Array: TypeAlias = npt.NDArray[np.float32]
Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]

NONE = "none"
"""The class of everything that is not said to us, or asks for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Classifiers:
    """Two classifiers of the same names: one of sentence vectors, one of grams."""

    names: tuple[str, ...]
    sense: Array
    """Shape (384, names): what a sentence's vector speaks for; `sense_bias` is added."""
    sense_bias: Array
    words: npt.NDArray[np.int8]
    """Shape (buckets, names): what grams speak for, times `words_scale`, and `words_bias` is added."""
    words_scale: Array
    words_bias: Array

    @classmethod
    def read(cls, arrays: Arrays, names: str, prefix: str = "") -> Classifiers:
        """Take the arrays that begin with the prefix. Raises KeyError where one is missing."""
        return cls(
            names=tuple(_lines(arrays[names])),
            sense=arrays[f"{prefix}sense"].astype(np.float32),
            sense_bias=arrays[f"{prefix}sense_bias"].astype(np.float32),
            words=arrays[f"{prefix}words"].astype(np.int8),
            words_scale=arrays[f"{prefix}words_scale"].astype(np.float32),
            words_bias=arrays[f"{prefix}words_bias"].astype(np.float32),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taught:
    """The arrays, ready for use (30 MB)."""

    intents: Classifiers
    """Their names are values of intents, and `NONE`."""
    topics: Classifiers | None
    """The subject of a question; None where the language has no wordings of questions."""
    rarity: Mapping[int, float]
    """Of each bucket that grams fall into."""
    rows: Mapping[int, int]
    """The row of a bucket in the words of both pairs of classifiers."""
    basis: Array
    """Shape (384, 192): the directions in which a sentence's vector is compared with the wordings."""
    known: Array
    """Shape (wordings, 192): the wordings in these directions, each of length 1, ordered by class."""
    starts: npt.NDArray[np.int64]
    """The first wording of each class; every class has one."""
    negations: npt.NDArray[np.uint8]
    """The number of negation words in each wording."""
    negation_words: frozenset[str]
    weigh: Array
    """The weight of each piece of evidence; `weigh_bias` is added (evidence.py)."""
    weigh_bias: float

    @property
    def classes(self) -> tuple[str, ...]:
        """Values of intents, and `NONE`."""
        return self.intents.names

    @classmethod
    def read(cls, arrays: Arrays) -> Taught:
        """Take the arrays as they lie in the file. Raises KeyError where one is missing, ValueError for a stranger."""
        intents = Classifiers.read(arrays, "classes")
        for name in intents.names:
            if name != NONE:
                Intent(name)
        buckets = arrays["buckets"].tolist()
        known = arrays["known"].astype(np.float32) * arrays["known_steps"].astype(np.float32)
        return cls(
            intents=intents,
            topics=Classifiers.read(arrays, "topics", "topic_") if "topics" in arrays else None,
            rarity=dict(zip(buckets, arrays["rarity"].tolist(), strict=True)),
            rows={bucket: row for row, bucket in enumerate(buckets)},
            basis=arrays["basis"].astype(np.float32),
            known=known / np.linalg.norm(known, axis=1, keepdims=True),
            starts=arrays["starts"].astype(np.int64),
            negations=arrays["negations"].astype(np.uint8),
            negation_words=frozenset(_lines(arrays["negation_words"])),
            weigh=arrays["weigh"].astype(np.float32),
            weigh_bias=float(arrays["weigh_bias"]),
        )

    def negated(self, text: str) -> int:
        """Return how many negation words the text has."""
        return sum(word in self.negation_words for word in text.split())


def packed(lines: list[str]) -> npt.NDArray[np.uint8]:
    """Return lines as an array, for the file."""
    return np.frombuffer("\n".join(lines).encode("utf-8"), np.uint8)


def _lines(array: npt.NDArray[Any]) -> list[str]:
    return bytes(array.astype(np.uint8)).decode("utf-8").split("\n")
