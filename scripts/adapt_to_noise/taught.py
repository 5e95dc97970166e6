"""Writes a copy of a weight file with other numbers in it. Needs numpy only; no torch here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assistant.decode.phonetic.weights import Array, BadWeights, WeightFile


def with_arrays(file: WeightFile, changed: Mapping[str, Array]) -> bytes:
    """Return the file with other numbers in some of its arrays, each rounded to the type that it has in the file.

    Raises BadWeights for a name or a shape that is not the file's, and for numbers that are not finite in its type.
    """
    raw = bytearray(file.raw)
    for name, array in changed.items():
        entry = file.entries.get(name)
        if entry is None or entry.shape != array.shape:
            raise BadWeights(f"no array '{name}' of shape {array.shape} in these weights")
        with np.errstate(over="ignore"):  # too large numbers become infinite, and the next line refuses them
            rounded = array.astype(entry.kind)
        if not np.isfinite(rounded).all():
            raise BadWeights(f"'{name}' holds numbers that are not finite as {entry.kind}")
        raw[entry.at : entry.at + entry.size] = rounded.tobytes()
    return bytes(raw)
