"""Frames as a device gave them → blocks of 16 kHz, for one opening of a microphone.

The microphone makes one for each stream and hands it on with the frames, so that the thread that cuts never asks the
microphone, which may have been opened again with another rate meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assistant.capture.levels import Levels
from assistant.capture.reblock import FULL_SCALE, Reblock, mix_to_mono
from assistant.messages import AudioBlock


class SoundCheck:
    """State of a microphone's sound, kept over every opening: advice on its level, and whether it is a person's."""

    is_suspect: bool
    """Set by whoever judges: these blocks are not a person's. None is passed on until it is cleared."""

    def __init__(self) -> None:
        """Nothing was heard; nothing is suspect."""
        self.levels = Levels()
        self.is_suspect = False

    def passed(self, blocks: Iterator[AudioBlock]) -> Iterator[AudioBlock]:
        """The blocks, each measured; none while the sound is suspect."""
        for block in blocks:
            self.levels.hear(block.pcm)
            if not self.is_suspect:
                yield block


class FrameCutter:
    """Cuts the frames of one stream, in the order in which they came; belongs to the thread that empties the queue."""

    def __init__(self, rate_hz: int, channels: int, check: SoundCheck) -> None:
        """Expect int16 frames of so many channels at `rate_hz`."""
        self._rate_hz, self._channels, self._check = rate_hz, channels, check
        self._reblock = Reblock(rate_hz)
        self._frames_used = 0

    def blocks_of(self, frames: bytes, at_s: float) -> Iterator[AudioBlock]:
        """The next frames as blocks of 16 kHz. What a full queue dropped before them moves `at_s` on."""
        samples = np.frombuffer(frames[: len(frames) // (2 * self._channels) * 2 * self._channels], dtype="<i2")
        floats = (samples / np.float32(FULL_SCALE)).astype(np.float32).reshape(-1, self._channels)
        lost_s = at_s - self._frames_used / self._rate_hz
        if lost_s > 0:
            self._reblock.skip(lost_s)
            self._frames_used += round(lost_s * self._rate_hz)
        self._frames_used += len(floats)
        return self._check.passed(self._reblock.push(mix_to_mono(floats)))
