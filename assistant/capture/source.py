"""The Source protocol: who gives blocks of sound, and the promise about their size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from assistant.messages import AudioBlock


class Source(Protocol):
    """Gives mono int16 blocks of exactly `BLOCK_S` at `EAR_RATE_HZ` (320 samples), whatever the device or file has."""

    def blocks(self) -> Iterator[AudioBlock]:
        """Blocks in order, `at_s` counted in samples; ends where the sound ends.

        Raises BadAudio or DeviceError before the first block if there is nothing to read.
        """
