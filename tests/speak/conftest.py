"""A stage: a player, a hand that turns it, and eyes that find numbers and sentences in the samples by their level."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from assistant.messages import MOUTH_RATE_HZ, Clip, Pcm
from assistant.speak.player import Player, VoiceReport

NUMBER_LEVEL = 20_000  # even at 60 percent and under a sign it is above everything else
SENTENCE_LEVEL = 1_500
NUMBER_FLOOR = 9_200  # above sign + sentence + tick at 150 percent, below a number at 60 percent minus a sign


class Stage:
    """Plays orders at given times, block by block, and looks at what came out."""

    def __init__(self) -> None:
        self.player = Player(sign_percent=25)  # signs stay far under the numbers, which are found by their level
        self.reports: list[VoiceReport] = []
        self.stream: Pcm = np.zeros(0, np.int16)

    def mute_ticks(self) -> None:
        """Only numbers and sentences sound from here on."""
        self.player._turns.tick = np.zeros(1, np.int16)

    def number(self, seconds: float = 0.4) -> Clip:
        """A clip whose onset is a step that nothing else makes."""
        return _level(NUMBER_LEVEL, seconds)

    def sentence(self, seconds: float = 0.4) -> Clip:
        """A clip of a low, steady level."""
        return _level(SENTENCE_LEVEL, seconds)

    def play(
        self, seconds: float, orders: Iterable[tuple[float, Callable[[], None]]] = (), *, blocks: Iterable[int] = ()
    ) -> Pcm:
        """Render until `seconds`; give each order at the first block that begins at or after its time."""
        waiting = sorted(orders, key=lambda order: order[0])
        sizes = iter(blocks)
        parts = [self.stream]
        while self.player.now_s < seconds:
            while waiting and waiting[0][0] <= self.player.now_s:
                waiting.pop(0)[1]()
            parts.append(self.player.render(next(sizes, 480)))
            self.reports += self.player.take_reports()
        self.stream = np.concatenate(parts)
        return self.stream

    def count(self, start_s: float, period_s: float, numbers: int, length_s: float = 0.4) -> list:
        """Orders for a count as the dialogue gives them: each beat one period before it is due."""
        return [
            (start_s + (n - 2) * period_s, lambda n=n: self._beat(start_s, period_s, n, length_s))
            for n in range(1, numbers + 1)
        ]

    def numbers(self) -> list[tuple[int, int]]:
        """First and last + 1 sample of every number that sounds."""
        return _stretches(self.stream > NUMBER_FLOOR)

    def sentences(self) -> list[tuple[int, int]]:
        """First and last + 1 sample of every sentence that sounds, alone or under a number; ticks may ripple it."""
        level = self.stream.astype(np.int32)
        alone = (level > SENTENCE_LEVEL - 900) & (level < SENTENCE_LEVEL + 900)
        return [(first, last) for first, last in _stretches(alone) if last - first > 1_000]

    def _beat(self, start_s: float, period_s: float, n: int, length_s: float) -> None:
        self.player.place_number(start_s + (n - 1) * period_s, self.number(length_s), n, period_s)


def _level(level: int, seconds: float) -> Clip:
    return Clip(pcm=np.full(round(seconds * MOUTH_RATE_HZ), level, np.int16), rate_hz=MOUTH_RATE_HZ)


def _stretches(inside: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


@pytest.fixture
def stage() -> Stage:
    """An empty stage at sample 0."""
    return Stage()


@pytest.fixture(scope="session")
def new_stage() -> Callable[[], Stage]:
    """For tests that need one stage an example."""
    return Stage
