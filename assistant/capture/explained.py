"""The share of a recording that no filter of what was played explains: least squares over half a second, at once.

An adaptive filter needs seconds of echo before it can tell an echo from a person; least squares need the utterance
alone. Nearly all the power of speech is under 4 kHz, so that they work at 8,000 Hz: an eighth of the time. There are 4
samples at least for each tap, so of a sound that has nothing to do with what was played a quarter is explained at most,
1.2 dB. Arithmetic only.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import soxr

from assistant.capture.reference import Floats

HALF = 2  # of the ear's rate
TAPS = 512  # 64 ms of room; of a simulated room with 60 dB of decay in 0.19 s the rest is 25 dB softer than the echo
BEFORE = HALF * TAPS  # samples at the ear's rate that were played before the recording, and may still sound in it
PIECE = 4_000  # samples, 0.5 s: two clocks that differ by 100 ppm, which nobody knows yet, are 50 us apart in it
LEAST = 4  # samples of the recording for each tap
STEADY = 1e-3  # of the power of what was played, added to each tap: frequencies that were not played explain nothing

Doubles = npt.NDArray[np.float64]


def unexplained(heard: Floats, played: Floats, since: int = 0) -> float:
    """The share of the power of `heard[since:]` that is left without the best filters of `played`, 0 to 1.

    Both at 16,000 Hz, as floats in int16 steps; `played` begins `BEFORE` samples before `heard` and ends with it. Each
    half second has a filter of its own, which takes about 8 ms on one core. Silence explains nothing.
    """
    recorded, sound = (soxr.resample(each.astype(np.float64), HALF, 1, "LQ") for each in (heard, played))
    ends = np.linspace(0, len(recorded), max(round(len(recorded) / PIECE), 1) + 1).astype(int)
    left = np.concatenate([_left(recorded[at:end], sound[at : end + TAPS]) for at, end in pairwise(ends)])
    begin = since // HALF
    return float((np.sum(left[begin:] ** 2) + 1.0) / (np.sum(recorded[begin:] ** 2) + 1.0))


def _left(recorded: Doubles, sound: Doubles) -> Doubles:
    """Return the residual of the best filter; the sound has `TAPS` samples more, before the recording."""
    taps = min(TAPS, len(recorded) // LEAST)
    if not taps:
        return recorded
    sound = sound[len(sound) - len(recorded) - taps + 1 :]
    products = _products(sound, taps)
    products[np.diag_indices(taps)] += STEADY * np.trace(products) / taps + 1.0
    room = np.linalg.solve(products, _correlated(sound, recorded)[::-1])
    size = 1 << (len(sound) + taps).bit_length()
    echo = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)
    left: Doubles = recorded - echo[taps - 1 : len(sound)]
    return left


def _products(sound: Doubles, taps: int) -> Doubles:
    """The products of the sound with itself, shifted by i and by j samples: shape (taps, taps)."""
    products = np.empty((taps, taps))
    products[0] = products[:, 0] = _correlated(sound, sound[taps - 1 :])[::-1]
    first, last = sound[taps - 2 :: -1], sound[: -taps - 1 : -1]
    for i in range(taps - 1):  # each row is the one before, moved by one sample: one product comes in, one goes out
        products[i + 1, 1:] = products[i, :-1] + first[i] * first[: taps - 1] - last[i] * last[: taps - 1]
    return products


def _correlated(sound: Doubles, other: Doubles) -> Doubles:
    """The products of `other` with as much of the sound, from its first sample, its second, and so on."""
    size = 1 << (len(sound) + len(other)).bit_length()
    both = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(other, size)), size)
    return both[: len(sound) - len(other) + 1]
