"""Estimates the echo's delay (microphone behind player) and the drift between the two clocks.

Once a second the last two seconds of both are correlated (GCC-PHAT: every frequency counts the same, so speech gives a
sharp peak). The measurements of the last 40 s are fitted with a line, whose slope is the drift. In a simulated room a
drift of 100 ppm was found as 100.0 ppm after 10 s, and -40 as -40.0. Where the echo is missing or has moved, a search
over the last 1.5 s runs twice a second, at any distance: jumps of 0.03 to 1.5 s were followed within 3 s.
"""

from __future__ import annotations

from collections import deque
from typing import TypeAlias

import numpy as np

from assistant.capture.reference import Floats, Reference
from assistant.messages import EAR_RATE_HZ, Pcm

Measured: TypeAlias = tuple[float, float]
"""A position in the microphone's samples, and the delay there; both in samples."""

WINDOW = 2 * EAR_RATE_HZ  # of 516 such windows 515 were sharp, of 4 s 519 of 520; a jump shows twice as soon
EVERY = EAR_RATE_HZ
SEARCHED = round(1.5 * EAR_RATE_HZ)  # of 515 such windows of echo 509 were found, at -6 to +6 dB, of 1 s 470
AGAIN = EAR_RATE_HZ // 2  # between two searches
USUAL = round(0.2 * EAR_RATE_HZ)  # behind what the player had given: 0.16 to 0.22 s (docs/audio.md, "Delay and drift")
FURTHEST = round(0.7 * EAR_RATE_HZ)  # beside it, and then as far around
FARTHER = (0, EAR_RATE_HZ, 2 * EAR_RATE_HZ)  # a sound server that wakes up was 2 s late
NEAR = round(0.1 * EAR_RATE_HZ)  # the same once the delay is known
PIECE = EAR_RATE_HZ // 4  # the reference is shifted in pieces of this length: 100 ppm are 0.4 samples in one
SHARP = 3.0  # highest peak over the highest elsewhere: echo gave 4.6 to 17; of 2,600 wrong ones the best was 1.8
QUIET = 100.0  # root mean square in int16 steps; below it too little was played to be found again
BAND_HZ = (200.0, 6_000.0)  # what small loudspeakers play
MEMORY = 40 * EAR_RATE_HZ  # a line through less is too uncertain, through more is too slow
SPAN = round(2.5 * EAR_RATE_HZ)  # two measurements nearer than this share most of their sound
MOST_DRIFT = 500e-6  # sound cards stay under 200 ppm
JUMP = 12.0  # samples off the line: lost sound, not noise (below 1)
MOVED = 2.0  # samples off it: after a minute of silence the line was 6 off, which left 7 dB of 30 of cancelling
RECENT = 7  # measurements whose median places the line


class DelayTracker:
    """Tracks the delay of the echo: feed it the microphone's samples, and read `delay`."""

    def __init__(self, reference: Reference) -> None:
        """Measure against this reference."""
        self._reference = reference
        self._heard: Floats = np.zeros(WINDOW, np.float32)
        self._end = 0
        self._next = SEARCHED
        self._searches = 0
        self._nominal = 0
        self._line: deque[Measured] = deque()
        self._at = self._delay = 0.0
        self.drift = 0.0
        """The microphone's clock rate over the speaker's, minus 1; 0.0001 is 100 ppm."""
        self.is_known = False
        """True once an echo was found; `delay` means nothing before."""
        self.sharpness = 0.0
        """Peak ratio of the last measurement (`SHARP`)."""
        self.places = 0
        """Times that the echo was found at a new place: the first time, after a jump, after a long silence."""

    def hear(self, pcm: Pcm, nominal: int) -> None:
        """Take the microphone's next samples; `nominal` is the reference's position when they were recorded."""
        self._heard = np.concatenate([self._heard[len(pcm) :], pcm.astype(np.float32)])
        self._end += len(pcm)
        self._nominal = nominal - self._end
        if self._end >= self._next:
            self._next = self._end + (EVERY if self._measure() else AGAIN)

    def look(self) -> None:
        """Measure now, without waiting for the next regular measurement, in all places where an echo may be."""
        for _ in FARTHER:
            if self._measure():
                return

    def look_closer(self, samples: int) -> None:
        """Measure now, in the last `samples` only: what was heard before the echo moved would hide its new place."""
        self._find(min(samples, SEARCHED), -round(self.delay(self._end)))

    def skip(self, count: int) -> None:
        """Count samples that the microphone recorded and that were lost on the way here."""
        lost = np.zeros(min(count, WINDOW), np.float32)
        self._heard = np.concatenate([self._heard[len(lost) :], lost])
        self._end += count

    def start_again(self) -> None:
        """Begin a new stream of the same microphone: its delay is unknown, its clock rate is kept."""
        self._heard = np.zeros(WINDOW, np.float32)
        self._next = self._end + SEARCHED
        self.is_known = False

    def delay(self, at: float) -> float:
        """Return the lag, in samples, of the microphone's sample `at` behind the reference's sample of that number."""
        return self._delay + self.drift * (at - self._at)

    def _measure(self) -> bool:
        """Measure the echo's place; false if it is neither where it was nor found anew."""
        if self.is_known:
            middle = self._end - WINDOW / 2
            lag = self._lag(self._heard, self._shifted(), NEAR)
            if lag is not None and abs(lag) <= JUMP:
                self.places += abs(lag) > MOVED
                self._note(middle, self.delay(middle) + lag)
                return True
        shift = self._nominal - USUAL - FARTHER[self._searches % len(FARTHER)]
        self._searches += 1
        return self._find(SEARCHED, shift)

    def _find(self, samples: int, shift: int) -> bool:
        """Search for an echo of the last samples, far around where this shift places it; false if it has not moved."""
        heard = np.zeros(SEARCHED, np.float32)
        heard[-samples:] = self._heard[-samples:]
        lag = self._lag(heard, self._reference.take(self._end - SEARCHED + shift, SEARCHED), FURTHEST)
        if lag is None:
            return False
        middle = self._end - samples / 2
        if self.is_known and abs(lag - shift - self.delay(middle)) <= JUMP:
            return False  # a short window is less exact than the long one
        self._line.clear()
        self.places += 1
        self._searches = 0
        self._note(middle, lag - shift)
        return True

    def _lag(self, heard: Floats, reference: Floats, furthest: int) -> float | None:
        """Return the lag in samples; None where nothing was played or no echo of it is found."""
        if float(np.sqrt(np.mean(np.square(reference)))) < QUIET:
            return None
        lag, self.sharpness = correlate(heard, reference, furthest)
        return lag if self.sharpness >= SHARP else None

    def _shifted(self) -> Floats:
        """Return the samples played during the window, placed by the delay known so far."""
        starts = range(self._end - WINDOW, self._end, PIECE)
        return np.concatenate([self._reference.take(round(at - self.delay(at)), PIECE) for at in starts])

    def _note(self, at: float, delay: float) -> None:
        self._line.append((at, delay))
        while self._line[0][0] < self._end - MEMORY:
            self._line.popleft()
        self._fit()

    def _fit(self) -> None:
        """Fit the line: the median of all slopes (Theil-Sen), through the median of the latest measurements."""
        at, delay = np.array(self._line).T
        one, other = np.triu_indices(len(at), 1)
        is_apart = at[other] - at[one] >= SPAN
        if is_apart.any():
            one, other = one[is_apart], other[is_apart]
            slopes = (delay[other] - delay[one]) / (at[other] - at[one])
            self.drift = float(np.clip(np.median(slopes), -MOST_DRIFT, MOST_DRIFT))
        self._at = float(at[-1])
        self._delay = float(np.median(delay[-RECENT:] - self.drift * (at[-RECENT:] - self._at)))
        self.is_known = True


def correlate(heard: Floats, played: Floats, furthest: int) -> tuple[float, float]:
    """Return the lag of `heard` behind `played` in samples (negative: it leads), and the sharpness of the peak.

    Searches at most `furthest` samples to each side; both arrays have the same length.
    """
    size = 1 << int(np.ceil(np.log2(2 * len(heard))))
    cross = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size))
    strength = np.abs(cross)
    cross /= strength + 1e-3 * strength.mean() + 1e-9
    hertz = np.fft.rfftfreq(size, 1 / EAR_RATE_HZ)
    cross[(hertz < BAND_HZ[0]) | (hertz > BAND_HZ[1])] = 0
    both = np.fft.irfft(cross, size)
    around = np.concatenate([both[-furthest:], both[: furthest + 1]])
    peak = int(np.argmax(around))
    beside = np.abs(around)
    beside[max(0, peak - 80) : peak + 80] = 0  # the room's early echoes are not another peak
    sharpness = float(around[peak] / (beside.max() + 1e-12))
    if not 0 < peak < len(around) - 1:
        return float(peak - furthest), sharpness
    low, high, after = (float(around[peak + i]) for i in (-1, 0, 1))
    bend = low - 2 * high + after
    return peak - furthest + (0.5 * (low - after) / bend if bend else 0.0), sharpness
