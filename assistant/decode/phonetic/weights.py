"""Reads the file that holds the weights of hama's acoustic model.

The layout of hama 1.7.0's `asr_waveform.hama`, read from the file itself and from what its engine accepts; all numbers
little-endian:

    8 bytes "HAMAPK" 1 2, uint32 number of arrays,
    then each array's entry: uint16 length of its name, the name, uint8 kind, uint8 dimensions, uint32 each dimension,
    uint64 where its numbers begin in the data, uint64 how many bytes they are,
    then zeros up to a multiple of 16 bytes, then the data.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float32]

MAGIC = b"HAMAPK\x01\x02"
KINDS: dict[int, np.dtype[np.floating[Any]]] = {
    0: np.dtype("<f4"),
    1: np.dtype("<f2"),
}  # filter bank and Fourier kernels; everything that was learned
ALIGNED = 16  # bytes
QUIET = Path(__file__).with_name("in_quiet.hama")
"""hama's own weights, byte for byte; everything that was taught further began with them."""


class BadWeights(ValueError):
    """A file holds no weights of hama's acoustic model, or other arrays than expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The place of one array in the file."""

    kind: np.dtype[np.floating[Any]]
    shape: tuple[int, ...]
    at: int
    """Offset in bytes from the beginning of the file."""
    size: int
    """Length in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFile:
    """The content of a whole weight file."""

    raw: bytes
    entries: Mapping[str, Entry]

    def arrays(self) -> dict[str, Array]:
        """Return every array by its name, as float32, in the order of the file."""
        return {name: self._array(entry) for name, entry in self.entries.items()}

    def _array(self, entry: Entry) -> Array:
        numbers = np.frombuffer(self.raw, entry.kind, count=math.prod(entry.shape), offset=entry.at)
        return numbers.reshape(entry.shape).astype(np.float32)


def read(path: Path) -> WeightFile:
    """Read the weights in a file. Raises BadWeights where it is damaged or another kind, OSError where missing."""
    raw = path.read_bytes()
    if not raw.startswith(MAGIC):
        raise BadWeights(f"{path}: no weights of hama's acoustic model (it does not begin with {MAGIC!r})")
    try:
        entries = _entries(raw)
    except (struct.error, UnicodeDecodeError, KeyError) as error:
        raise BadWeights(f"{path}: damaged; its list of arrays cannot be read") from error
    for name, entry in entries.items():
        if entry.size != math.prod(entry.shape) * entry.kind.itemsize or entry.at + entry.size > len(raw):
            raise BadWeights(f"{path}: damaged; the array '{name}' is not all there")
    return WeightFile(raw=raw, entries=entries)


def _entries(raw: bytes) -> dict[str, Entry]:
    (count,) = struct.unpack_from("<I", raw, len(MAGIC))
    at, found = len(MAGIC) + 4, {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode("utf-8")
        at += 2 + length
        kind, dimensions = struct.unpack_from("<BB", raw, at)
        shape = struct.unpack_from(f"<{dimensions}I", raw, at + 2)
        at += 2 + 4 * dimensions
        start, size = struct.unpack_from("<QQ", raw, at)
        at += 16
        found[name] = Entry(kind=KINDS[kind], shape=shape, at=start, size=size)
    data = -(-at // ALIGNED) * ALIGNED
    return {
        name: Entry(kind=entry.kind, shape=entry.shape, at=data + entry.at, size=entry.size)
        for name, entry in found.items()
    }
