"""Finds faults of the sound itself: clipping, or nothing but mains hum. Gives advice and decides nothing.

It also keeps the level of the last moments, for whoever shows it. For the advice each second is judged by itself, at
16 000 Hz. Hum does not prove that speech is lost, so it stops nothing. Each advice is given once.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Literal, TypeAlias

import numpy as np

from assistant.messages import EAR_RATE_HZ, Pcm

LevelAdvice: TypeAlias = Literal["clipped", "hum"]

FULL_SCALE = 32_768.0
FULL = 32_700  # of 32 768: some converters stop a little short
CLIPPED = 0.005  # share of a second's samples; a shout into a good microphone stays under 0.001 (untried guess)
MAINS_HZ = (50, 60)
HIGHEST_HZ = 1_000  # of the mains' overtones
HUM = 0.98  # share of the power within 2 Hz of the mains and its overtones; speech and room noise stay under 0.6
LOUD = 30.0  # root mean square in int16 steps, -61 dBFS; a softer hum disturbs nothing
TIMES: dict[LevelAdvice, int] = {"clipped": 2, "hum": 3}  # seconds of the last ten (`MEMORY`)
MEMORY = 10
MOST_POWERS = 25  # blocks of 20 ms: half a second
BESIDE = 2  # bins of 1 Hz; the window widens a tone to three


class Levels:
    """Collects advice on the sound: give it every block, and read `advice`."""

    def __init__(self) -> None:
        """Start without any advice."""
        self.advice: deque[LevelAdvice] = deque()
        """New advice; the reader removes what it has given."""
        self._powers: deque[float] = deque(maxlen=MOST_POWERS)
        self._told: set[LevelAdvice] = set()
        self._second: list[Pcm] = []
        self._found: deque[LevelAdvice | None] = deque(maxlen=MEMORY)

    def hear(self, pcm: Pcm) -> None:
        """Take the next samples, int16 mono at 16 000 Hz."""
        self._powers.append(float(np.mean(np.square(pcm, dtype=np.float32))))
        self._second.append(pcm)
        if sum(map(len, self._second)) < EAR_RATE_HZ:
            return
        second = np.concatenate(self._second)[:EAR_RATE_HZ].astype(np.float64)
        self._second = []
        found = judge(second)
        self._found.append(found)
        if found and found not in self._told and self._found.count(found) >= TIMES[found]:
            self._told.add(found)
            self.advice.append(found)

    def level_dbfs(self) -> float | None:
        """Return the level since the last call, half a second at most, in dBFS; None where nothing was heard.

        For one reader, on any thread. Digital silence is -120, below any device.
        """
        powers: list[float] = []
        while self._powers:
            powers.append(self._powers.popleft())
        return 10 * math.log10(sum(powers) / len(powers) / FULL_SCALE**2 + 1e-12) if powers else None


def judge(second: np.ndarray[tuple[int], np.dtype[np.float64]]) -> LevelAdvice | None:
    """Return the fault of one second of sound in int16 steps, shape (16 000,), or None."""
    if float(np.mean(np.abs(second) >= FULL)) >= CLIPPED:
        return "clipped"
    power = np.abs(np.fft.rfft((second - second.mean()) * np.hanning(len(second)))) ** 2
    if np.sqrt(np.mean(np.square(second - second.mean()))) < LOUD:
        return None
    for mains_hz in MAINS_HZ:
        near = sum(
            float(power[hz - BESIDE - 1 : hz + BESIDE + 2].sum()) for hz in range(mains_hz, HIGHEST_HZ, mains_hz)
        )
        if near >= HUM * float(power.sum()):
            return "hum"
    return None
