"""One short phrase as chains of phones that may begin at any frame: a search with it finds the phrase amid words. Pure.

A chain is one pronunciation. Other than in sentences.py the phrase need not explain all frames: whoever searches says
at each frame how good everything before it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.phonetic.sentences import NEVER


class Chains:
    """All pronunciations of one phrase. Order of calls: begin, then step for each frame."""

    def __init__(self, spoken: Sequence[Sounds], costs: Sequence[float], *, quiet: int) -> None:
        """Take at least one pronunciation, the cost of each in nats, and the column of the quiet between phones."""
        self._labels = np.array([phone for phones in spoken for phone in phones], np.intp)
        skips = [i > 0 and phones[i - 1] != phone for phones in spoken for i, phone in enumerate(phones)]
        self._skip = np.where(skips, np.float32(0), NEVER)
        self._last = np.cumsum([len(phones) for phones in spoken]) - 1
        self._first = np.append(0, self._last[:-1] + 1)
        self._cost = np.array(costs, np.float32)
        self._quiet = quiet
        self.begin()

    def begin(self) -> None:
        """Forget all frames."""
        self._phone, self._gap, self._either = (np.full(len(self._labels), NEVER, np.float32) for _ in range(3))

    def step(self, row: Frames, before: float) -> float:
        """Take a frame, and the best score of all frames before it; the best score of a phrase that ends here."""
        reach = np.empty_like(self._phone)
        np.add(self._phone[:-1], self._skip[1:], out=reach[1:])
        np.maximum(reach[1:], self._gap[:-1], out=reach[1:])
        reach[self._first] = before - self._cost
        self._phone = np.maximum(self._phone, reach) + row[self._labels]
        self._gap = self._either + row[self._quiet]
        self._either = np.maximum(self._phone, self._gap)
        return float(self._either[self._last].max())

    def misfit(self, x: Frames) -> float:
        """Return the nats that the phrase, where it fits best, lies below the freest reading; infinite if no frames."""
        self.begin()
        free, best = 0.0, float("inf")
        for row, now in zip(x, x.max(1).tolist(), strict=True):
            ended = self.step(row, free)
            free += now
            best = min(best, free - ended)
        return best
