"""Gain for the speech detector's input: amplifies a soft microphone, never attenuates. Plain arithmetic.

Silero needs level: of 92 development commands it finds all at -45 dBFS (the third loudest chunk of 32 ms), 84 at
-55 and 54 at -60 (2026-11). The phoneme model needs none: with 24 dB more it has 97 of 120 soft commands right, not 96.
"""

from __future__ import annotations

from collections import deque

WANTED = 32_768 * 10 ** (-35 / 20)
"""Level to which the loudest sound is amplified: int16 steps, root mean square. Silero is equally good from -10 to -35
dBFS."""
WANTED_OF_RESIDUAL = 32_768 * 10 ** (-25 / 20)
"""The same for what an echo canceller left, whose suppression of the rest of the echo thins out a voice. In 33 recorded
scenes silero gave a "stop" over our own voice 0.28 at least at -35 dBFS (in 3 less than its threshold), 0.71 at -25 and
0.92 at -20, where it took a quarter more of our own voice for speech: docs/lab/echo.md."""
MOST = 10 ** (24 / 20)  # raises a voice of -55 dBFS to where silero is sure; with 36 dB no more of 120 are right
SUSTAINED = 3  # chunks: a slap on the skin lasts one or two, a voice more (`LOUD` in segment.py)
ECHO = 10  # chunks, 0.3 s: the decay after a slap is not amplified
FALL = 10 ** (-2 * 0.032 / 20)
"""Decay of the tracked level, for each chunk with sound: 2 dB a second, so that after a cough a soft voice is amplified
again. It does not decay in silence: in a long rest a loud room stays a loud room, and breath is not amplified.
"""


class Gain:
    """Tracks the loudest sound: rises at once, falls slowly."""

    def __init__(self) -> None:
        """Start without a level: the first soft sound is amplified."""
        self.reset()

    def reset(self) -> None:
        """Forget the tracked level."""
        self._loudest = 0.0
        self._last: deque[float] = deque([0.0] * ECHO, maxlen=ECHO)

    def after(self, level: float, *, stands_out: bool, wanted: float = WANTED) -> float:
        """Return the factor, 1 to `MOST`, for a chunk of this RMS; `stands_out` of the room's noise.

        `level` and `wanted`, to which the loudest sound is amplified, are in int16 steps.
        """
        self._last.append(level)
        sustained = min(list(self._last)[-SUSTAINED:])
        if sustained > self._loudest:
            self._loudest = sustained
        elif stands_out:
            self._loudest *= FALL
        return min(MOST, max(1.0, wanted / max(self._loudest, *self._last, 1.0)))
