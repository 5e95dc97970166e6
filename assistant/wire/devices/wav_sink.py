"""Writes what the speaker plays to a WAV file that is valid at every moment. Knows no devices."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np

from assistant.errors import DeviceError
from assistant.messages import Pcm

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
MOST_BYTES = 0xFFFF_FFFF - HEADER.size  # sizes in a WAV header have 32 bits: 24 hours at 24 000 Hz


class WavSink:
    """Writes mono int16 as it is played; after a crash the file is complete up to its last second."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        """Create the file and its folder, replacing an old file. Raises DeviceError if that is impossible."""
        self._path = path
        self._rate_hz = rate_hz
        self._data_bytes = 0
        self._promised_bytes = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = path.open("wb", buffering=0)
        except OSError as error:
            raise self._error(error) from error
        self._promise()

    def write(self, pcm: Pcm) -> None:
        """Append samples. Raises DeviceError when the disk is full, or after 24 hours."""
        data = np.ascontiguousarray(pcm, dtype="<i2").tobytes()
        if self._data_bytes + len(data) > MOST_BYTES:
            raise DeviceError("the recording is full", where=str(self._path), remedy="start a new one")
        try:
            written = self._file.write(data)
        except OSError as error:
            raise self._error(error) from error
        self._data_bytes += written
        if written < len(data):
            raise DeviceError("the disk is full", where=str(self._path), remedy="make room, or record elsewhere")
        if self._data_bytes - self._promised_bytes >= self._rate_hz * 2:
            self._promise()

    @property
    def seconds(self) -> float:
        """Return the duration of the sound written so far."""
        return self._data_bytes / 2 / self._rate_hz

    def close(self) -> None:
        """Update the header and close; a second call does nothing."""
        if not self._file.closed:
            self._promise()
            self._file.close()

    def _promise(self) -> None:
        """Update the header's sizes. Always after the data: a header must not promise missing data."""
        size, rate_hz = self._data_bytes - self._data_bytes % 2, self._rate_hz
        header = HEADER.pack(
            b"RIFF", HEADER.size - 8 + size, b"WAVE", b"fmt ", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16, b"data", size
        )
        try:
            self._file.seek(0)
            self._file.write(header)
            self._file.seek(0, 2)
        except OSError as error:
            raise self._error(error) from error
        self._promised_bytes = self._data_bytes

    def _error(self, error: OSError) -> DeviceError:
        return DeviceError(
            f"the recording cannot be written ({error.strerror or error})",
            where=str(self._path),
            remedy="choose another file for --speaker, or make room on the disk",
        )
