"""`grammars/<lang>/meaning.npz`: what was learned from the language's wordings (scripts/train_meaning)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt

from assistant.arrays import DamagedArrays, arrays_in
from assistant.errors import BadFiles, Problem
from assistant.store.library.catalogue import home_folder
from assistant.store.library.yaml_file import shown

FILE = "meaning.npz"


def meaning_arrays(language: str, *, home: Path | None = None) -> dict[str, npt.NDArray[Any]] | None:
    """Return the language's learned arrays by name (0.1 s), or None for a language that has none.

    `home` holds grammars/; without it, the shipped ones are read. Raises BadFiles where the file is damaged.
    """
    path = (home or home_folder()) / "grammars" / language / FILE
    if not path.is_file():
        return None
    try:
        return arrays_in(path.read_bytes())
    except (OSError, DamagedArrays) as error:
        remedy = "Install tuina again, or learn it again: scripts/train_meaning"
        raise BadFiles(
            [Problem(path=shown(path), line=0, what="the learned meaning cannot be read", remedy=remedy)]
        ) from error
