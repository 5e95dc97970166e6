"""Bursts: finds the moments in running talk when somebody is louder than the talk was. It knows no words; pure.

A shout over talk rarely leaves a pause around it, so no utterance begins or ends with it; but it stands out.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.decode.segment import CHUNK_S, GO_ON

MEMORY = round(4.0 / CHUNK_S)  # chunks whose loudness is the talk's
TALK = round(1.2 / CHUNK_S)  # chunks of speech among these: with less nobody talks, and a pause ends each utterance
LOUDEST = 0.9
"""Quantile of these chunks that is the talk's loudness: vowels are compared with vowels."""
JUMP_DB = 3.0
OVER = 5  # chunks, 160 ms, below the jump: the p of "stop" opens up to 100 ms after the voice
LONGEST = round(1.0 / CHUNK_S)  # chunks: who is louder for longer is another talker


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Sound that was louder than the talk around it."""

    chunks: int
    """Its length, without the softer chunks after it."""
    peak_db: float
    """Loudness of its loudest chunk (`decibels`)."""
    jump_db: float
    """The same over the talk."""
    is_over: bool
    """False if it goes on."""


class Bursts:
    """Follows the loudness of talk, one chunk after another."""

    def __init__(self) -> None:
        """Begin in silence."""
        self.reset()

    def reset(self) -> None:
        """Forget the talk."""
        self._past: deque[tuple[float, bool]] = deque(maxlen=MEMORY)
        self._loud: list[tuple[float, bool]] = []
        self._below = 0
        self._talk_db = 0.0

    def after(self, level: float, probability: float) -> Burst | None:
        """Take the loudness of a chunk in int16 steps and its probability of speech; the burst that it completes."""
        chunk = (decibels(level), probability >= GO_ON)
        if self._loud:
            return self._go_on(chunk)
        if self._begins(chunk[0]):
            self._loud, self._below = [chunk], 0
        else:
            self._past.append(chunk)
        return None

    def _begins(self, level_db: float) -> bool:
        if sum(is_speech for _, is_speech in self._past) < TALK:
            return False
        self._talk_db = quantile([one for one, _ in self._past], LOUDEST)
        return level_db >= self._talk_db + JUMP_DB

    def _go_on(self, chunk: tuple[float, bool]) -> Burst | None:
        self._loud.append(chunk)
        self._below = 0 if chunk[0] >= self._talk_db + JUMP_DB else self._below + 1
        is_over = self._below >= OVER
        if not is_over and len(self._loud) < LONGEST:
            return None
        count = len(self._loud) - self._below
        peak_db = max(one for one, _ in self._loud)
        found = Burst(chunks=count, peak_db=peak_db, jump_db=peak_db - self._talk_db, is_over=is_over)
        self._past.extend(self._loud[count:] if is_over else self._loud)  # a shout is not the talk; a talker is
        self._loud = []
        return found


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of them lies, as numpy does; in a tenth of its time for a hundred."""
    ordered = sorted(values)
    whole, part = divmod(share * (len(ordered) - 1), 1)
    low, high = ordered[int(whole)], ordered[min(int(whole) + 1, len(ordered) - 1)]
    return low + part * (high - low)


def decibels(level: float) -> float:
    """Return a root mean square of int16 steps in dB over one step."""
    return 20.0 * math.log10(max(level, 1.0))
