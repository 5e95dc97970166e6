"""What no filter of what was played explains of a recording: least squares over half a second at a time, at once.

An adaptive filter needs seconds of echo before it can tell an echo from a person; least squares need the utterance
alone. There are 4 samples at least for each tap, so of a sound that has nothing to do with what was played
a quarter is explained at most, 1.2 dB. Arithmetic only.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.capture.reference import Floats

TAPS = 1024  # 64 ms of room; of a simulated room with 60 dB of decay in 0.19 s the rest is 25 dB softer than the echo
PIECE = 8_000  # samples, 0.5 s: two clocks that differ by 100 ppm, which nobody knows yet, are 0.8 samples apart in it
LEAST = 4  # samples of the recording for each tap
STEADY = 1e-3  # of the power of what was played, added to each tap: frequencies that were not played explain nothing

Doubles = npt.NDArray[np.float64]


def unexplained(heard: Floats, played: Floats) -> Doubles:
    """What is left of `heard` (n samples) without the best filters of `played`: the same n and `TAPS - 1` before them.

    Each piece has a filter of its own. Takes 0.05 s for a piece on one core. Silence explains nothing.
    """
    ends = np.linspace(0, len(heard), max(round(len(heard) / PIECE), 1) + 1).astype(int)
    pieces = [_left(heard[at:end], played[at : end + TAPS - 1]) for at, end in pairwise(ends)]
    return np.concatenate(pieces)


def _left(heard: Floats, played: Floats) -> Doubles:
    taps = min(TAPS, len(heard) // LEAST)
    if not taps:
        return heard.astype(np.float64)
    sound = played[TAPS - taps :].astype(np.float64)
    recorded = heard.astype(np.float64)
    products = _products(sound, taps)
    products[np.diag_indices(taps)] += STEADY * np.trace(products) / taps + 1.0
    room = np.linalg.solve(products, _correlated(sound, recorded)[::-1])
    size = 1 << (len(sound) + taps).bit_length()
    echo = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)
    return recorded - echo[taps - 1 : len(sound)]


def _products(sound: Doubles, taps: int) -> Any:  # noqa: ANN401 - an array
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
