"""Tells whether a live microphone is behind the blocks, from which blocks are flat and when we ourselves sounded.

A microphone always gives some noise: a block of equal samples comes from a switch, a noise gate, or a machine. A
sound server that lost the microphone may give the loudspeaker's own samples instead (docs/faults.md, "Stream moved to a
monitor"): then the blocks are flat exactly where we played nothing. Arithmetic on truth values, one for each block of
20 ms; no sound, no clock.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from assistant.messages import BLOCK_S

MUTED = round(2.4 / BLOCK_S)  # flat blocks after a noise floor; the fault must be reported within 3 s
NEVER = round(6.0 / BLOCK_S)  # flat blocks from the first one on; gates are quiet for longer, and this is reported once
FLOOR = round(5.0 / BLOCK_S)  # blocks in a row that are not flat: nobody speaks through a gate for so long
GATE = round(0.5 / BLOCK_S)  # flat blocks between sounds: a noise gate, or a headset that saves its battery
WINDOW = round(2.0 / BLOCK_S)
FURTHEST = round(1.2 / BLOCK_S)  # from player to microphone: 0.16 to 0.22 s (docs/audio.md, "Delay and drift")
EACH = round(0.2 / BLOCK_S)  # of both kinds that a window must hold: without them nothing can be decided
LONG = round(0.5 / BLOCK_S)  # windows in a row that are alike: a noise gate may fit once by chance
ALIKE = 0.97  # of the blocks of a window; the edges of sounds have a tolerance of one block
LIFE = 3  # noisy blocks while we are silent

Truths = npt.NDArray[np.bool_]


class Liveness:
    """Judges the microphone by every block of it and of the player, given in the order of their arrival."""

    def __init__(self) -> None:
        """Start without any block."""
        self._sounding: deque[bool] = deque([False] * (WINDOW + FURTHEST), WINDOW + FURTHEST)
        self._since_ours = FURTHEST
        self.start_again()

    def start_again(self) -> None:
        """Begin a new stream of the microphone; what was played is kept."""
        self._heard: deque[bool] = deque(maxlen=WINDOW)
        self._flat = self._loud = self._alive = self._alike = 0
        self._had_sound = self._had_floor = False
        self.is_muted = False
        """True if flat for 2.4 s where there was noise before, or for 6 s from the first block on."""
        self.is_ourselves = False
        """True if for two seconds all sound was ours: flat where we were silent."""

    @property
    def is_alive(self) -> bool:
        """True if noise that is not ours was heard since the last fault."""
        return self._alive >= LIFE

    def play(self, *, is_sounding: bool) -> None:
        """Take a block that went to the loudspeaker."""
        self._sounding.append(is_sounding)
        self._since_ours = 0 if is_sounding else self._since_ours + 1

    def hear(self, *, is_flat: bool) -> None:
        """Take a block that came from the microphone."""
        self._heard.append(not is_flat)
        if is_flat:
            self._take_flat()
        else:
            self._take_sound()
        is_alike = len(self._heard) == WINDOW and self._is_what_we_play()
        self._alike = self._alike + 1 if is_alike else 0
        self.is_ourselves = self._alike >= LONG
        if self.is_ourselves:
            self._alive = 0

    def _take_flat(self) -> None:
        self._flat += 1
        self._loud = 0
        has_fallen_silent = self._had_floor and self._flat >= MUTED
        if not self.is_muted and (has_fallen_silent or (not self._had_sound and self._flat >= NEVER)):
            self.is_muted, self._had_floor, self._alive = True, False, 0

    def _take_sound(self) -> None:
        if not self.is_muted and self._flat >= GATE:
            self._had_floor = False
        self._flat = 0
        self._loud += 1
        self._had_sound = True
        self._had_floor = self._had_floor or self._loud >= FLOOR
        if self._since_ours >= FURTHEST:
            self._alive += 1
            self.is_muted = self.is_muted and not self.is_alive

    def _is_what_we_play(self) -> bool:
        heard = np.array(self._heard)
        if not EACH <= heard.sum() <= WINDOW - EACH:
            return False
        played = np.array(self._sounding)
        might, must = sliding_window_view(_widened(played), WINDOW), ~sliding_window_view(_widened(~played), WINDOW)
        agrees = np.where(heard, might, ~must)
        return bool(agrees.mean(axis=1).max() >= ALIKE)


def _widened(truths: Truths) -> Truths:
    """Return the booleans with each True spread to its two neighbours."""
    wide: Truths = truths.copy()
    wide[1:] |= truths[:-1]
    wide[:-1] |= truths[1:]
    return wide
