"""Measures a speaker's underruns from its requests against a steady clock. Knows no device; times come as numbers.

A device asks for samples in bursts and late, and its buffer hides that; but over a few blocks it asks as fast as it
plays. The earliest it asked in a quarter of a second, less the samples it had by then, stays the same as long as it
never ran dry, and goes up by what it lacked when it did. PortAudio's own flag is not needed: some systems never set it
(docs/faults.md, "Sound lost without a flag"), and it does not say how much.

A busy machine may ask late for a quarter of a second without an underrun: with four programs that wanted both
cores 9 such stretches were taken for underruns within 30 s, and none was in the recording. So an underrun needs a block
that was late by most of the device's buffer, or it has to last.
"""

from __future__ import annotations

from collections import deque

BLOCKS = 12  # 0.24 s: late by 130 ms is usual on a busy machine (docs/audio.md, "Underruns")
LEAST_S = 0.010  # chosen: half a block; the measured jitter of the earliest block is under 3 ms
MOST_S = 1.0  # a device that stood still for longer was suspended or gone: `device_watch.py` reports that
LASTS_S = 1.0  # so long a delay was never seen without an underrun; a beat of one a second is then back at the next
SETTLING_S = 1.0  # buffers of a sound server fill up at first (docs/audio.md, "Start of a stream")
DRIFT = 2e-4  # 200 ppm: two quartzes differ by half of it at most; the beat follows the device's clock, not ours
NEVER_S = float("inf")


class UnderrunMeter:
    """Measures the underruns of one stream, from its first block to its last."""

    def __init__(self, rate_hz: int, held_s: float = 0.0) -> None:
        """Count at the device's own rate; `held_s` is the least sound that its buffer certainly holds."""
        self._rate_hz = rate_hz
        self._held_s = held_s
        self._late_since_s = NEVER_S
        self._recent: deque[float] = deque(maxlen=BLOCKS)
        self._usual = 0.0
        self._first_s = self._last_s = NEVER_S

    def at(self, now_s: float, frames: int) -> float:
        """Return the seconds of a new underrun, mostly 0; the device asks at `now_s` and got `frames` in all before."""
        if now_s - self._last_s > MOST_S:
            self._recent.clear()
            self._first_s = now_s
        self._first_s = min(self._first_s, now_s)
        passed_s, self._last_s = now_s - self._last_s, now_s
        self._recent.append(now_s - frames / self._rate_hz)
        earliest = min(self._recent)
        missing_s = earliest - self._usual
        if now_s - self._first_s < SETTLING_S or len(self._recent) < BLOCKS or missing_s <= 0:
            self._usual = earliest
            self._late_since_s = NEVER_S
            return 0.0
        if missing_s < LEAST_S:
            self._late_since_s = NEVER_S
            self._usual += min(missing_s, DRIFT * passed_s)
            return 0.0
        self._late_since_s = min(self._late_since_s, now_s)
        if max(self._recent) - self._usual < self._held_s and now_s - self._late_since_s < LASTS_S:
            return 0.0
        self._usual = earliest
        self._late_since_s = NEVER_S
        return missing_s if missing_s <= MOST_S else 0.0
