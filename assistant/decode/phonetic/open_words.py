"""Open decoding: the best sequence of words in any order, under a word bigram. For what no phrase of the list says.

A beam search over frames. Every pronunciation of every word is a chain of phones, each with the quiet after it, as in
sentences.py. Only the chains that can still win are followed; they lie one behind the other in one vector, so that a
frame takes a few vector operations. A score and the words before it are one whole number: the score in the upper
bits, the place of the last word in a list in the lower ones. So the larger of two numbers brings its words along.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.word_table import BOUNDARY, Numbers, WordTable

Keys: TypeAlias = npt.NDArray[np.int64]
"""Scores, each with the place of the last word: nats * NAT + place."""

PLACES = 1 << 24  # words that may end in one utterance: 600 frames with some tens in each
NAT = 1024 * PLACES  # steps of a thousandth of a nat
NEVER = -(1 << 61)
SCALE = 0.85
"""Times the costs of the language model, beside the acoustic score."""
BEAM = 11.0
"""Nats below the best state of a frame, down to which a chain is followed."""
WORD_BEAM = 10.0
"""The same for the end of a word: what follows costs nats too."""
QUIET = 4.0
"""Nats by which quiet must be likelier than any phone for a frame to be left out beside another such frame."""
EVERY = 3  # frames between two removals of the chains that fell out of the beam


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The words of one utterance."""

    text: str
    """Empty where only silence was heard."""
    misfit: float
    """Nats a letter by which the words lie below the unconstrained score of the frames, the costs of the language
    model left out; 0.0 for no words."""
    ends: tuple[int, ...]
    """The frame in which each word ended; but for the last one, with the quiet behind it."""


class OpenWords:
    """The words to search. Build it once; it keeps nothing from one utterance to the next."""

    def __init__(self, table: WordTable, *, quiet: int, scale: float = SCALE) -> None:
        """Take the words; `quiet` is the column of the frames for what lies between two phones or words."""
        self.table, self.quiet, self.scale = table, quiet, scale
        sounds = [phones for _, phones in table.sounds]
        self.word = np.array([word for word, _ in table.sounds], np.intp)
        self.length = np.array([len(phones) for phones in sounds], np.intp)
        self.first = np.cumsum(self.length) - self.length
        self.label = np.array([phone for phones in sounds for phone in phones], np.intp)
        self.phones = np.unique(self.label)
        self.openings = np.unique(self.label[self.first])
        """The phones with which a word can begin."""
        self.chains = np.searchsorted(self.word, np.arange(len(table.words) + 1))
        """The first chain of each word; one entry more than words."""
        may_skip = [may for phones in sounds for may in (False, *(a != b for a, b in pairwise(phones)))]
        self.skip = np.where(may_skip, 0, NEVER).astype(np.int64)
        costs = (table.cost, table.backoff, table.follower_cost)
        self.cost, self.backoff, self.follower_cost = (keys(nats * np.float32(scale)) for nats in costs)
        self.opening = -(self.cost + self.backoff[BOUNDARY])
        begun = slice(table.begin[BOUNDARY], table.begin[BOUNDARY + 1])
        self.opening[table.follower[begun]] = -self.follower_cost[begun]
        closing = [table.follow(word, BOUNDARY) for word in range(len(table.words))]
        self.closing = keys(np.array(closing, np.float32) * np.float32(scale))

    def read(self, x: Frames) -> Transcript:
        """Return the best words that explain all frames, in 0.2 ms of processor time a frame."""
        is_quiet = self._is_quiet(x)
        kept = np.flatnonzero(~(is_quiet & np.append(False, is_quiet[:-1])))  # in quiet all sentences score alike
        loud = np.flatnonzero(~is_quiet)
        x = x[kept]
        search = _Search(self)
        for row in keys(x):
            search.step(row)
        numbers, ends, score = search.best()
        if not numbers:
            return Transcript(text="", misfit=0.0, ends=())
        costs = sum(self.table.follow(*pair) for pair in pairwise([BOUNDARY, *numbers, BOUNDARY]))
        words = [self.table.words[number] for number in numbers]
        below = float(x.max(1).sum()) - (score + costs * self.scale)
        return Transcript(
            text=" ".join(words),
            misfit=below / sum(map(len, words)),
            ends=(*kept[ends[:-1]].tolist(), int(loud.max(initial=0))),
        )

    def _is_quiet(self, x: Frames) -> npt.NDArray[np.bool_]:
        """Return the frames in which no phone is likely."""
        quiet: npt.NDArray[np.bool_] = x[:, self.quiet] > x[:, self.phones].max(1) + np.float32(QUIET)
        return quiet


class _Search:
    """The chains that are followed after some frames, and every word that ended in one of them."""

    def __init__(self, words: OpenWords) -> None:
        self._words = words
        self._ended: list[tuple[int, int, int]] = [(BOUNDARY, 0, 0)]  # word, place of the word before, frame
        self._chains: Numbers = np.zeros(0, np.intp)
        self._start: Numbers = np.zeros(0, np.intp)  # where each chain begins in the vectors of states
        self._is_followed = np.zeros(len(words.length), np.bool_)
        self._label: Numbers = np.zeros(0, np.intp)
        self._skip, self._phone, self._rest = (np.zeros(0, np.int64) for _ in range(3))
        self._either = self._phone
        self._silence = self._highest = 0
        self._frame = 0

    def step(self, row: Keys) -> None:
        """Take the next frame."""
        entry = self._entries(row)
        self._move(row, entry)
        self._frame += 1
        if self._frame % EVERY == 0:
            self._drop()

    def _entries(self, row: Keys) -> Keys | None:
        """Return the score with which each word could begin in this frame; None where none is in the beam.

        Where a blank is much likelier than any phone, there are few or none.
        """
        words = self._words
        least = self._highest + int(row.max()) - round(BEAM * NAT)
        likeliest = int(row[words.openings].max())
        if self._highest + likeliest < least:
            return None
        entry = self._after_words()
        may_begin = np.flatnonzero(entry > least - likeliest)
        chains = _ranges(words.chains[may_begin], words.chains[may_begin + 1])
        is_new = entry[words.word[chains]] + row[words.label[words.first[chains]]] > least
        chains = chains[is_new & ~self._is_followed[chains]]
        if chains.size:
            self._follow(chains)
        return entry if may_begin.size else None

    def best(self) -> tuple[list[int], list[int], float]:
        """Return the words of the whole sentence, the frames in which they ended, and its score in nats."""
        words = self._words
        ends = self._either[self._last()] - words.closing[words.word[self._chains]]
        if not ends.size or ends.max() < self._silence - words.closing[BOUNDARY]:
            return [], [], 0.0
        n = int(ends.argmax())
        numbers, frames = [int(words.word[self._chains[n]])], [self._frame - 1]
        place = int(ends[n]) % PLACES
        while place:
            word, place, frame = self._ended[place]
            numbers.append(word)
            frames.append(frame)
        return numbers[::-1], frames[::-1], float(ends[n] // PLACES) / (NAT // PLACES)

    def _last(self) -> Numbers:
        """Return where each chain ends in the vectors of states."""
        return self._start + self._words.length[self._chains] - 1

    def _follow(self, new: Numbers) -> None:
        """Begin to follow these chains."""
        words = self._words
        self._is_followed[new] = True
        length = words.length[new]
        ends = np.cumsum(length)
        states = _ranges(words.first[new], words.first[new] + length)
        self._start = np.concatenate([self._start, len(self._label) + ends - length])
        self._chains = np.concatenate([self._chains, new])
        self._label = np.concatenate([self._label, words.label[states]])
        self._skip = np.concatenate([self._skip, words.skip[states]])
        never = np.full(len(states), NEVER, np.int64)
        self._phone, self._rest, self._either = (
            np.concatenate([held, never]) for held in (self._phone, self._rest, self._either)
        )

    def _move(self, row: Keys, entry: Keys | None) -> None:
        """Score every state in this frame."""
        quiet = int(row[self._words.quiet])
        reach = np.empty_like(self._phone)
        np.add(self._phone[:-1], self._skip[1:], out=reach[1:])
        np.maximum(reach[1:], self._rest[:-1], out=reach[1:])
        reach[self._start] = NEVER if entry is None else entry[self._words.word[self._chains]]
        np.maximum(self._phone, reach, out=self._phone)
        self._phone += row[self._label]
        np.add(self._either, quiet, out=self._rest)
        np.maximum(self._phone, self._rest, out=self._either)
        self._silence += quiet
        self._highest = max(int(self._either.max(initial=NEVER)), self._silence)

    def _after_words(self) -> Keys:
        """Note the words that ended in the last frame; return the score of the beginning of every word after them."""
        words, table = self._words, self._words.table
        entry: Keys = self._silence + words.opening
        last = self._either[self._last()]
        over = np.flatnonzero(last > self._highest - round(WORD_BEAM * NAT))
        if not over.size:
            return entry
        before = last[over] % PLACES
        ended = words.word[self._chains[over]]
        score = last[over] - before + np.arange(len(self._ended), len(self._ended) + over.size)
        self._ended += zip(ended.tolist(), before.tolist(), [self._frame - 1] * over.size, strict=True)
        np.maximum(entry, (score - words.backoff[ended]).max() - words.cost, out=entry)
        count = table.begin[ended + 1] - table.begin[ended]
        pairs = _ranges(table.begin[ended], table.begin[ended + 1])
        np.maximum.at(entry, table.follower[pairs], np.repeat(score, count) - words.follower_cost[pairs])
        return entry

    def _drop(self) -> None:
        """Follow no longer what fell out of the beam."""
        if not self._chains.size:
            return
        stays = np.maximum.reduceat(self._either, self._start) > self._highest - round(BEAM * NAT)
        if stays.all():
            return
        length = self._words.length[self._chains]
        of_states = np.repeat(stays, length)
        self._is_followed[self._chains[~stays]] = False
        self._chains, length = self._chains[stays], length[stays]
        self._start = np.cumsum(length) - length
        self._label, self._skip, self._phone, self._rest, self._either = (
            held[of_states] for held in (self._label, self._skip, self._phone, self._rest, self._either)
        )


def _ranges(first: Numbers, end: Numbers) -> Numbers:
    """Return the numbers from each first one to before its end, one range behind the other."""
    count = end - first
    before = np.cumsum(count) - count
    numbers: Numbers = np.arange(int(count.sum())) + np.repeat(first - before, count)
    return numbers


def keys(nats: Frames) -> Keys:
    """Return scores as whole numbers, with no word before them."""
    whole: Keys = np.rint(nats * (NAT // PLACES)).astype(np.int64) * PLACES
    return whole
