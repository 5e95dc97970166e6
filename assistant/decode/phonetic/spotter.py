"""Spots the words of safety phrases in running speech, before anybody pauses.

It is cheap and not to be believed by itself: it says where a word could be, and open_words.py then reads the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import pairwise

import numpy as np

from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.posteriors import Frames

FIT = -0.9
"""Nats a phone that a word may lie below the unconstrained score: of 60 words that were said one has less, and of 2,000
looks for one that was not said 1 in 60 has more."""
SHORTEST = 3
"""Phones: "ow" would be spotted in every other sentence. Cries stand by themselves, before a lull."""
NEVER = np.float32(-1e30)


class Spotter:
    """Looks for any of some words amid whatever else is said: 0.02 ms of processor time a frame."""

    def __init__(self, words: Collection[str], sounds: Callable[[str], tuple[Sounds, ...]], *, quiet: int) -> None:
        """Take the words; `quiet` is the column of the frames for what lies between two phones."""
        chains = [phones for word in sorted(words) for phones in sounds(word) if len(phones) >= SHORTEST]
        self._quiet = quiet
        self._label = np.array([phone for phones in chains for phone in phones], np.intp)
        skips = [may for phones in chains for may in (False, *(a != b for a, b in pairwise(phones)))]
        self._skip = np.where(skips, np.float32(0), NEVER)
        self._length = np.array([len(phones) for phones in chains], np.intp)
        self._last = np.cumsum(self._length) - 1
        self._first = self._last - self._length + 1

    def ends(self, x: Frames, since: int, until: int) -> bool:
        """True if one of the words may end in a frame from `since` to before `until`."""
        if not self._label.size:
            return False
        below = x - x.max(1, keepdims=True)
        phone, rest, reach = (np.full(len(self._label), NEVER, np.float32) for _ in range(3))
        for frame, row in enumerate(below[:until]):
            np.add(phone[:-1], self._skip[1:], out=reach[1:])
            np.maximum(reach[1:], rest[:-1], out=reach[1:])
            reach[self._first] = 0.0  # anything may have been said before
            np.maximum(phone, rest, out=rest)
            rest += row[self._quiet]
            np.maximum(phone, reach, out=phone)
            phone += row[self._label]
            if frame >= since and (phone[self._last] >= FIT * self._length).any():
                return True
        return False
