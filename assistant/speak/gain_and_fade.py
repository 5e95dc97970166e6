"""Mixing: a clip with a position, gain ramps, and a soft limiter. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.messages import Pcm

Mix: TypeAlias = npt.NDArray[np.float32]

FULL_SCALE = 32_767.0  # the largest int16
CEILING = 29_204.0  # -1 dBFS (EBU R 128, "Maximum True Peak Level"): above it a sound card's filter may overshoot
KNEE = 23_363.0  # 0.8 of the ceiling: below it samples pass unchanged, above it they are compressed; an untried guess


@dataclass(slots=True, eq=False)
class PlayingClip:
    """A clip at a position in the stream."""

    pcm: Pcm
    start: int
    """Sample of the stream at which `pcm[0]` sounds."""

    @property
    def end(self) -> int:
        """Return the first sample after it."""
        return self.start + len(self.pcm)

    def add_to(self, mix: Mix, at: int) -> None:
        """Add the part that falls into `mix`, whose first sample is sample `at` of the stream."""
        first, last = max(self.start, at), min(self.end, at + len(mix))
        if first < last:
            mix[first - at : last - at] += self.pcm[first - self.start : last - self.start]

    def fade_from(self, at: int, samples: int) -> None:
        """Fade linearly to silence in `samples` from `at` on, and cut the rest off."""
        kept = max(0, at - self.start)
        head, tail = self.pcm[:kept], self.pcm[kept : kept + samples]
        ramp = np.linspace(1.0, 0.0, samples, dtype=np.float32)[: len(tail)]
        self.pcm = np.concatenate([head, (tail * ramp).astype(np.int16)])


class GainRamp:
    """A gain that moves to its new value linearly, so that a change does not click."""

    def __init__(self, ramp: int) -> None:
        """Start at 1.0; every change takes `ramp` samples."""
        self._ramp = ramp
        self._target = 1.0
        self._step = 0.0
        self._left = 0

    def go_to(self, gain: float) -> None:
        """Begin to move to `gain` from the present gain."""
        now = self._target - self._step * self._left
        self._target, self._step, self._left = gain, (gain - now) / self._ramp, self._ramp

    def apply(self, mix: Mix) -> None:
        """Scale `mix` in place and advance by its length."""
        moving = min(self._left, len(mix))
        if moving:
            still_to_go = self._left - np.arange(1, moving + 1)
            mix[:moving] *= (self._target - self._step * still_to_go).astype(np.float32)
            self._left -= moving
        if self._target != 1.0:
            mix[moving:] *= self._target


def to_pcm(mix: Mix) -> Pcm:
    """Return int16 that never wraps: samples above the knee are compressed below the ceiling, not clipped."""
    if mix.size and max(mix.max(), -mix.min()) > KNEE:
        room = CEILING - KNEE
        over = np.abs(mix) - KNEE
        bent = np.sign(mix) * (KNEE + room * np.tanh(over / room))
        mix = np.where(over > 0, bent, mix).astype(np.float32)
    return np.rint(mix).astype(np.int16)


def scaled(pcm: Pcm, percent: int, most: int) -> Pcm:
    """Return a copy at `percent` of its volume, 0 to `most`."""
    louder: Pcm = np.rint(pcm * (min(max(percent, 0), most) / 100)).astype(np.int16)
    return louder
