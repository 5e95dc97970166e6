"""Measures our own voice in the microphone: its delay, its level, and its residual after the canceller.

Order: `hear` for every block of the microphone, in order, while the canceller gets the sound played
(echo_reference.py); `measured` at any time. On one thread, without delay: the canceller keeps only the last five
seconds played.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from assistant.capture.echo import EchoCanceller
from assistant.messages import EAR_RATE_HZ, AudioBlock
from assistant.terminal.acoustics.room import MeasuredEcho, dbfs, power_of

LEARNING_S = 2.0  # of echo, until the canceller has heard enough (docs/audio.md, "Echo cancellation")
LOUDEST = 0.2  # of the blocks, as for the person's voice (clip_quality.py): pauses between words count for neither
DELAYS = 50  # blocks, 1 s: callbacks come in bursts, which shift the delay of each
HEARD_DB = 3.0  # over the noise; below it there is no measurable echo


class OwnEcho:
    """Measures one run of a microphone."""

    def __init__(self, canceller: EchoCanceller) -> None:
        """Take the canceller that gets the sound played, and whose blocks come from here only."""
        self._canceller = canceller
        self._first_s: float | None = None
        self._delays: deque[float] = deque(maxlen=DELAYS)
        self._raw: list[float] = []
        self._left: list[float] = []
        self._learned_s = 0.0

    def hear(self, block: AudioBlock, played_s: float, *, is_speaking: bool) -> AudioBlock:
        """Return the block without our own voice; `played_s` as for the canceller, `is_speaking`: it may contain us."""
        if self._first_s is None:
            self._first_s = block.at_s
        clean = self._canceller.cancel(block, played_s)
        tracker = self._canceller.tracker
        if not (is_speaking and tracker.is_known):
            return clean
        end = (block.at_s - self._first_s) * EAR_RATE_HZ + len(block.pcm)
        self._delays.append(played_s - (end - tracker.delay(end)) / EAR_RATE_HZ)
        self._learned_s += len(block.pcm) / EAR_RATE_HZ
        self._raw.append(power_of(block))
        self._left.append(power_of(clean) if self._learned_s > LEARNING_S else np.nan)
        return clean

    def measured(self, noise_dbfs: float | None) -> MeasuredEcho | None:
        """Return our echo over this noise; None if there is none, as with headphones."""
        raw, left = np.array(self._raw), np.array(self._left)
        if not len(raw):
            return None
        loud = np.argsort(raw)[-max(1, round(LOUDEST * len(raw))) :]
        level_dbfs = dbfs(float(raw[loud].mean()))
        if noise_dbfs is not None and level_dbfs < noise_dbfs + HEARD_DB:
            return None
        late = left[loud][~np.isnan(left[loud])]
        return MeasuredEcho(
            delay_s=float(np.median(self._delays)),
            sharpness=self._canceller.tracker.sharpness,
            level_dbfs=level_dbfs,
            left_dbfs=dbfs(float(late.mean())) if len(late) else None,
        )
