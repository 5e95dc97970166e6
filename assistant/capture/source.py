"""The Source protocol: the interface of everything that gives blocks of sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from assistant.messages import AudioBlock


class Source(Protocol):
    """Gives mono int16 blocks of exactly `BLOCK_S` at `EAR_RATE_HZ` (320 samples), for any device or file."""

    def blocks(self) -> Iterator[AudioBlock]:
        """Return the blocks in order, `at_s` counted in samples; ends where the sound ends.

        Raises BadAudio or DeviceError before the first block if there is nothing to read.
        """
