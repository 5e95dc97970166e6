"""Phone-loop (filler) score: the score of the best phone string under English phone bigrams.

A phrase must beat this by some nats to be believed (rules.py). Every word then earns its score: a two-phone "no" need
not be perfect, and noise earns nothing (docs/recognition.md, "Score over the phone loop").
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import numpy as np

from assistant.arrays import arrays_in
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.sentences import NEVER
from assistant.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Tables made by scripts/phone_tables.py."""

    phones: tuple[str, ...]
    cost: Frames
    """-log P(next | last) + 1, shape (phones + 1, phones + 1); the last index is the edge of a word."""
    spelled: dict[str, str]
    """Maps a word to hama's phones, joined by spaces."""
    rarity: dict[str, float]
    """Maps the same words to -log P in general English, in nats; commonest first."""


def read_tables() -> Tables:
    """Read the tables shipped beside this file. Raises EngineError if they are damaged."""
    held = resources.files(__package__).joinpath("english.npz").read_bytes()
    try:
        file = arrays_in(held)
        phones, words, spelled = (file[name].tobytes().decode() for name in ("phones", "words", "spelled"))
        cost, rarity = (np.array(file[name], np.float32) for name in ("cost", "rarity"))
    except (ValueError, KeyError) as error:
        raise EngineError("the phone tables are damaged", where="english.npz", remedy="Install tuina again") from error
    known = dict(zip(words.split("\n"), spelled.split("\n"), strict=True))
    commonest_first = sorted(zip(rarity.tolist(), known, strict=True))
    return Tables(
        phones=tuple(phones.split()), cost=cost, spelled=known, rarity={word: nats for nats, word in commonest_first}
    )


class Loop:
    """A Viterbi search over the phones of English in any order."""

    def __init__(self, tables: Tables, tokens: tuple[str, ...], *, edge: int) -> None:
        """Take the tables, and the model's column of each phone."""
        n = len(tables.phones)
        self._columns = np.array([tokens.index(phone) for phone in tables.phones])
        self._between = np.ascontiguousarray(tables.cost[:n, :n])
        self._enter, self._leave = tables.cost[n, :n], tables.cost[:n, n]
        self._edge = edge

    def score(self, x: Frames) -> float:
        """Return the log score (nats) of the best phone string that explains all frames; 0.0 for no frames."""
        n = len(self._columns)
        emit, edge, diagonal = x[:, self._columns], x[:, self._edge], np.arange(n)
        same = self._between[diagonal, diagonal]
        silence = np.float32(0)
        phone, gap = np.full(n, NEVER, np.float32), np.full(n, NEVER, np.float32)
        for now, quiet in zip(emit, edge, strict=True):
            follow = np.maximum(phone, gap)[:, None] - self._between
            follow[diagonal, diagonal] = gap - same  # CTC: a repeated phone needs a gap
            new = np.maximum(np.maximum(follow.max(0), silence - self._enter), phone) + now
            gap = np.maximum(phone, gap) + quiet
            silence += quiet
            phone = new
        return float(max(silence, (np.maximum(phone, gap) - self._leave).max()))
