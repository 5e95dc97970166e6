"""Reads open_words.npz: the words of open decoding, how they sound, and how likely one follows another.

scripts/open_words.py makes the file from the texts of the language pack and from common English. The language model is
a word bigram, interpolated after Witten and Bell (1991): P(next | word) is a share of what the texts count after the
word, and for the rest a share of P(next).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.arrays import arrays_in
from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames
from assistant.errors import EngineError

Numbers: TypeAlias = npt.NDArray[np.intp]

FILE = "open_words.npz"
BOUNDARY = 0
"""Number of the empty word, which stands before the first and after the last word of every sentence."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordTable:
    """Words by their numbers; all costs are -log P in nats."""

    words: tuple[str, ...]
    """The empty word first."""
    sounds: tuple[tuple[int, Sounds], ...]
    """The number of a word with one of its pronunciations, in columns of the frames; sorted by word."""
    cost: Frames
    """Of each word, whatever stood before."""
    backoff: Frames
    """Of going on after each word with one that the texts never had there; the cost of that word comes on top."""
    begin: Numbers
    """The place of the first follower of each word in the next two arrays; one entry more than words."""
    follower: Numbers
    follower_cost: Frames

    def follow(self, word: int, after: int) -> float:
        """Return the cost of `after` behind `word`."""
        first, last = self.begin[word], self.begin[word + 1]
        place = first + int(np.searchsorted(self.follower[first:last], after))
        if place < last and self.follower[place] == after:
            return float(self.follower_cost[place])
        return float(self.backoff[word] + self.cost[after])


def read_word_table(tokens: Sequence[str]) -> WordTable:
    """Read the table shipped beside this file (10 ms); `tokens` are the columns of the frames.

    Raises EngineError if it is damaged, or was made for a model with other tokens.
    """
    held = resources.files(__package__).joinpath(FILE).read_bytes()
    try:
        file = arrays_in(held)
        column = np.array([tokens.index(phone) for phone in _text(file["phones"]).split("\n")])
        ends = np.cumsum(file["lengths"], dtype=np.intp)
        flat = column[file["sounds"]].tolist()
        starts = (ends - file["lengths"]).tolist()
        spoken = zip(file["spoken"].tolist(), starts, ends.tolist(), strict=True)
        return WordTable(
            words=tuple(_text(file["words"]).split("\n")),
            sounds=tuple((word, tuple(flat[first:last])) for word, first, last in spoken),
            cost=file["cost"].astype(np.float32),
            backoff=file["backoff"].astype(np.float32),
            begin=np.append(0, np.cumsum(file["followers"], dtype=np.intp)),
            follower=file["follower"].astype(np.intp),
            follower_cost=file["follower_cost"].astype(np.float32),
        )
    except (ValueError, KeyError, IndexError) as error:
        raise EngineError("the table of words is damaged", where=FILE, remedy="Install tuina again") from error


def _text(held: npt.NDArray[np.uint8]) -> str:
    return held.tobytes().decode()
