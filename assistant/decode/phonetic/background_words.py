"""Background-word model: the score of the best sequence of common English words.

The phone loop (phone_loop.py) tests for speech at all; this model tests for other words that fit better than the
phrase does: "he stopped" is nearly "stop it", and no phone tells the two apart. rules.py says
which phrases are compared with it: those amid background speech, and long ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

import numpy as np

from assistant.decode.phonetic.chains import Chains
from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.sentences import NEVER

COUNT = 3_000
"""Words: 80 in 100 of English (wordfreq). With 1,000 or 6,000 as many false readings of prose remain, and 5 more or
3 fewer of 476 commands."""
RARITY = 0.5
"""Share of a word's -log P that it costs: people say the commands more often than general English does. At 0.25, 0.35,
0.65 and 0.8 of it 0, 1, 2 and 4 false readings are left, and 398, 418, 441 and 449 commands; at 0.5 1 and 434."""


class CommonWords:
    """A Viterbi search over words in any order. Built once (0.1 s); 0.1 ms of processor time a frame."""

    def __init__(
        self,
        rarity: Mapping[str, float],
        sounds: Callable[[str], tuple[Sounds, ...]],
        *,
        blank: int,
        edge: int,
    ) -> None:
        """Take -log P of each word in nats, commonest first, and a function that gives a word's pronunciations."""
        said = [(phones, nats) for word, nats in islice(rarity.items(), COUNT) for phones in sounds(word)]
        self._labels = np.array([phone for phones, _ in said for phone in phones], np.intp)
        skips = [i > 0 and phones[i - 1] != phone for phones, _ in said for i, phone in enumerate(phones)]
        self._skip = np.where(skips, np.float32(0), NEVER)
        self._last = np.cumsum([len(phones) for phones, _ in said]) - 1
        self._first = np.append(0, self._last[:-1] + 1)
        self._cost = np.array([RARITY * nats for _, nats in said], np.float32)
        self._blank, self._edge = blank, edge

    def score(self, x: Frames) -> float:
        """Return the log score (nats) of the best words that explain all frames; 0.0 for no frames."""
        phone = np.full(len(self._labels), NEVER, np.float32)
        quiet, either, reach, emit = (phone.copy() for _ in range(4))
        silence = before = np.float32(0)
        for row in x:
            np.take(row, self._labels, out=emit)
            np.add(phone[:-1], self._skip[1:], out=reach[1:])
            np.maximum(reach[1:], quiet[:-1], out=reach[1:])
            reach[self._first] = before - self._cost
            np.maximum(phone, reach, out=phone)
            np.add(phone, emit, out=phone)
            np.add(either, row[self._blank], out=quiet)
            quiet[self._last] = either[self._last] + row[self._edge]
            np.maximum(phone, quiet, out=either)
            silence += row[self._edge]
            before = max(silence, either[self._last].max())
        return float(before)

    def gain(self, x: Frames, phrase: Chains) -> float:
        """Return the nats by which words, the phrase and words explain the frames better than words alone do.

        It is the phrase's evidence where the talk goes on before and after it; 0.2 ms of processor time a frame.
        """
        phone = np.full((2, len(self._labels)), NEVER, np.float32)  # before the phrase, and after it
        quiet, either, reach = (phone.copy() for _ in range(3))
        before, silence = np.array([0, NEVER], np.float32), np.array([0, NEVER], np.float32)
        phrase.begin()
        for row in x:
            np.add(phone[:, :-1], self._skip[1:], out=reach[:, 1:])
            np.maximum(reach[:, 1:], quiet[:, :-1], out=reach[:, 1:])
            reach[:, self._first] = before[:, None] - self._cost
            ended = phrase.step(row, float(before[0]))
            np.maximum(phone, reach, out=phone)
            np.add(phone, row[self._labels], out=phone)
            np.add(either, row[self._blank], out=quiet)
            quiet[:, self._last] = either[:, self._last] + row[self._edge]
            np.maximum(phone, quiet, out=either)
            silence += row[self._edge]
            silence[1] = max(silence[1], ended)
            before = np.maximum(silence, either[:, self._last].max(1))
        return float(before[1] - before[0])
