"""How much louder the speech detector is given a soft microphone. Plain arithmetic; never softer than it came.

Silero wants level: of 92 development commands it finds all at -45 dBFS (the third loudest chunk of 32 ms), 84 at
-55 and 54 at -60 (2026-11). The phoneme model wants none: with 24 dB more it has 97 of 120 soft commands right, not 96.
"""

from __future__ import annotations

from collections import deque

WANTED = 32_768 * 10 ** (-35 / 20)
"""int16 steps, root mean square: what the loudest sound is raised to. Silero is the same from -10 to -35 dBFS."""
MOST = 10 ** (24 / 20)  # a voice of -55 dBFS is then where silero is sure; 36 dB: no more of 120 right
SUSTAINED = 3  # chunks: a slap on the skin is one or two, a voice more (`LOUD` in segment.py)
ECHO = 10  # chunks, 0.3 s: what rings after a slap is not raised
FALL = 10 ** (-2 * 0.032 / 20)
"""Of the loudest sound, for each chunk in which something sounds: 2 dB a second, so that after a cough a soft voice is
raised again. Not in silence: in a long rest a loud room stays a loud room, and breath is not raised."""


class Gain:
    """Follows the loudest sound, at once where it is louder and slowly where it is softer."""

    def __init__(self) -> None:
        """Know nothing yet: the first soft sound is raised."""
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._loudest = 0.0
        self._last: deque[float] = deque([0.0] * ECHO, maxlen=ECHO)

    def after(self, level: float, *, stands_out: bool) -> float:
        """Factor, 1 to `MOST`, for a chunk of this loudness (int16 steps); `stands_out` of the noise of the room."""
        self._last.append(level)
        sustained = min(list(self._last)[-SUSTAINED:])
        if sustained > self._loudest:
            self._loudest = sustained
        elif stands_out:
            self._loudest *= FALL
        return min(MOST, max(1.0, WANTED / max(self._loudest, *self._last, 1.0)))
