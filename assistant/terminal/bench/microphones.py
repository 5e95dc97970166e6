"""Microphones and rooms: what they make of a recording, for `tuina bench --microphone`. Arrays in, arrays out.

The room of `far` is that of augment.py, which came with the development recordings; its draws come from the caller. The
other numbers are chosen: each is what a bad microphone may do, none a model of one that is sold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.messages import EAR_RATE_HZ

Wave: TypeAlias = NDArray[np.float64]
"""Mono at 16 000 Hz, -1 to 1."""
Treatment: TypeAlias = Callable[[Wave, np.random.Generator], Wave]

FRAME = EAR_RATE_HZ // 100
FAR_RT60_S, FAR_DIRECT_DB = (0.4, 0.7), (-3.0, 1.0)  # time to fall by 60 dB, direct sound over the room: augment.py
ECHO_RT60_S, ECHO_DIRECT_DB = (0.9, 1.3), (-1.0, 3.0)  # a bathroom
FAR_DB = -12.0
EARLY_S, EARLY = (0.005, 0.04), 6  # when the first echoes come, and how many
CLIPPED_DB = 12.0  # of the loudest sample above full scale
BAND_HZ = (300.0, 3_400.0)  # of a hands-free Bluetooth call at 8 000 Hz
EDGE_HZ = 100.0  # over which the band falls to nothing
TILT_HZ, TILT_DB = 500.0, -6.0  # from there on, an octave
PUMPED_DB, MOST_DB = -20.0, 30.0  # the level that an automatic gain holds, and its most
LEAST = 1e-6  # of the level before; what is softer is the rounding of numbers
RISES_S, FALLS_S = 0.5, 0.01  # the gain: slowly up in pauses, at once down


def far(x: Wave, rng: np.random.Generator) -> Wave:
    """One to three metres away in a living room: weaker, duller, with the room's sound."""
    y = _in_room(x, rng, rng.uniform(*FAR_RT60_S), rng.uniform(*FAR_DIRECT_DB))
    dull: Wave = 0.6 * np.convolve(y, (0.25, 0.5, 0.25), "same")[: len(y)] + 0.4 * y
    return dull * 10 ** (FAR_DB / 20)


def echoing(x: Wave, rng: np.random.Generator) -> Wave:
    """A bare room with tiles."""
    return _in_room(x, rng, rng.uniform(*ECHO_RT60_S), rng.uniform(*ECHO_DIRECT_DB))


def clipped(x: Wave, _: np.random.Generator) -> Wave:
    """Its gain is far too high: what is louder than full scale is cut off."""
    loudest = float(np.abs(x).max()) or 1.0
    return np.clip(x / loudest * 10 ** (CLIPPED_DB / 20), -1.0, 1.0)


def bluetooth(x: Wave, _: np.random.Generator) -> Wave:
    """A headset in a call: 300 to 3 400 Hz, as 8 000 samples a second carry them."""
    hz = np.fft.rfftfreq(len(x), 1 / EAR_RATE_HZ)
    low, high = BAND_HZ
    passes = np.clip(np.minimum(hz - low + EDGE_HZ, high + EDGE_HZ - hz) / EDGE_HZ, 0.0, 1.0)
    return np.fft.irfft(np.fft.rfft(x) * passes, len(x))


def tilted(x: Wave, _: np.random.Generator) -> Wave:
    """Under a blanket or in a pocket: every octave above 500 Hz 6 dB softer."""
    hz = np.maximum(np.fft.rfftfreq(len(x), 1 / EAR_RATE_HZ), TILT_HZ)
    falls = 10 ** (TILT_DB * np.log2(hz / TILT_HZ) / 20)
    made: Wave = np.fft.irfft(np.fft.rfft(x) * falls, len(x))
    return made


def pumped(x: Wave, _: np.random.Generator) -> Wave:
    """An automatic gain: pauses grow loud, and the first sound after them is cut down."""
    frames = np.pad(x, (0, -len(x) % FRAME)).reshape(-1, FRAME)
    level_db = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    gains, gain = [], 0.0
    for wanted in np.clip(PUMPED_DB - level_db, -MOST_DB, MOST_DB):
        gain += (wanted - gain) * FRAME / EAR_RATE_HZ / (RISES_S if wanted > gain else FALLS_S)
        gains.append(gain)
    smooth = np.interp(np.arange(len(x)), (np.arange(len(gains)) + 0.5) * FRAME, gains)
    made: Wave = np.clip(x * 10 ** (smooth / 20), -1.0, 1.0)
    return made


def through(x: Wave, response: Wave) -> Wave:
    """Return the sound in the room, or by the microphone, whose impulse response was measured, as loud as before.

    The response counts from its loudest sample on: words stay where they are.
    """
    response = response[int(np.abs(response).argmax()) :]
    y = _convolved(x, response)
    before, after = np.sqrt(np.mean(x**2)), np.sqrt(np.mean(y**2))
    made: Wave = y * (before / after) if after > LEAST * before else y
    return made


MICROPHONES: Mapping[str, Treatment] = {one.__name__: one for one in (far, echoing, clipped, bluetooth, tilted, pumped)}
"""By name; a file is an impulse response instead."""


def _in_room(x: Wave, rng: np.random.Generator, rt60_s: float, direct_db: float) -> Wave:
    """Return the direct sound, and `direct_db` below it early echoes and a tail that falls 60 dB in `rt60_s`."""
    count = int(rt60_s * EAR_RATE_HZ)
    tail = rng.standard_normal(count) * 10 ** (-3 * np.arange(count) / EAR_RATE_HZ / rt60_s)
    tail[: int(0.004 * EAR_RATE_HZ)] = 0
    for _ in range(EARLY):
        tail[int(rng.uniform(*EARLY_S) * EAR_RATE_HZ)] += rng.uniform(2, 6) * rng.choice([-1, 1])
    tail *= 10 ** (-direct_db / 20) / np.sqrt((tail**2).sum())
    return _convolved(x, np.concatenate([[1.0], tail[1:]]))


def _convolved(x: Wave, response: Wave) -> Wave:
    """Return as much of the convolution as the sound is long."""
    size = 1 << (len(x) + len(response)).bit_length()
    made: Wave = np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(response, size), size)[: len(x)]
    return made
