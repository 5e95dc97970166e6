"""Loudness as people hear it: LUFS of ITU-R BS.1770-5, of mono sound; and a limiter for its peaks. Pure.

The filter's two sections are those of the recommendation's tables 1 and 2 (for 48 kHz). They are applied to the
spectrum of each block, so that any rate will do: its energy is all that is asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Wave = npt.NDArray[np.float32]

LOUDNESS = -17.0  # of every clip: between speech over the air (-23, EBU R 128) and on the net (-16, AES TD1004); chosen
_TABLE_RATE_HZ = 48_000
_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
_OFFSET = -0.691  # dB: a sine of 997 Hz at full scale is -3.01 LUFS
BLOCK_S, STEP_S = 0.4, 0.1
LOOK_S = 0.001  # slots of the limiter: it acts from two before a peak to two after it; chosen by ear
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0


def lufs(wave: Wave, rate_hz: int) -> float:
    """Return the gated loudness; of a sound shorter than one block the plain loudness of all of it.

    Full scale is 1.0. Silence is minus infinity.
    """
    block, step = round(BLOCK_S * rate_hz), round(STEP_S * rate_hz)
    starts = range(0, max(1, len(wave) - block + 1), step)
    energies = np.array([_energy(wave[at : at + block], rate_hz) for at in starts])
    loud = energies[_level(energies) > ABSOLUTE_GATE]
    if not loud.size:
        return -np.inf
    kept = loud[_level(loud) > _level(loud.mean()) + RELATIVE_GATE]
    return float(_level(kept.mean()))


def limit(wave: Wave, ceiling: float, rate_hz: int) -> Wave:
    """Return the sound with its gain lowered smoothly around each peak above the ceiling; elsewhere it is unchanged."""
    size = round(LOOK_S * rate_hz)
    slots = -(-len(wave) // size)
    peaks = np.abs(np.pad(wave, (0, slots * size - len(wave)))).reshape(slots, size).max(axis=1)
    gains = ceiling / np.maximum(peaks, ceiling)
    if gains.min() == 1.0:
        return wave
    lowest = np.minimum.reduce([np.pad(gains, 2, mode="edge")[i : i + slots] for i in range(5)])
    smooth = np.convolve(np.pad(lowest, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    middles = (np.arange(slots) + 0.5) * size
    gain = np.interp(np.arange(len(wave)), middles, smooth)
    limited: Wave = (wave * gain).astype(np.float32)
    return limited


def _level(energy: npt.ArrayLike) -> npt.NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.asarray(_OFFSET + 10 * np.log10(energy))


def _energy(wave: Wave, rate_hz: int) -> float:
    """Return the mean square of the weighted block (Parseval's theorem)."""
    power = np.square(np.abs(np.fft.rfft(wave)))
    power[1:] *= 2
    if len(wave) % 2 == 0:
        power[-1] /= 2
    hertz = np.fft.rfftfreq(len(wave), 1 / rate_hz)
    return float((power * _weight(hertz)).sum() / len(wave) ** 2)


def _weight(hertz: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    turn = np.exp(-2j * np.pi * hertz / _TABLE_RATE_HZ)
    gain = np.ones_like(turn)
    for above, below in (_SHELF, _HIGH_PASS):
        gain *= np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)
    squared: npt.NDArray[np.float64] = np.square(np.abs(gain))
    return squared
