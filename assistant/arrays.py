"""Reads arrays of numbers from the bytes of an .npz file; whatever is wrong with them is one kind of error."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from tokenize import TokenError
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt


class DamagedArrays(ValueError):
    """The bytes hold no arrays, not all of them, or others than their table says."""


def arrays_in(held: bytes, names: Iterable[str] | None = None) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of these names, or all, as they are in the file; never runs what a pickle says.

    Raises DamagedArrays: a damaged zip gives the errors below, one or the other by where it is damaged (found by
    benchmarks/fuzz.py).
    """
    try:
        with np.load(io.BytesIO(held), allow_pickle=False) as file:
            return {name: file[name] for name in (file.files if names is None else names)}
    except (
        *(OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, OverflowError, SyntaxError),
        *(BadZipFile, zlib.error, NotImplementedError, RuntimeError, MemoryError, TokenError),
    ) as error:
        raise DamagedArrays(str(error) or type(error).__name__) from error
