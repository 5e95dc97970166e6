"""Writes a file that nobody else may read, whole or not at all; deletes what is a person's."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_privately(path: Path, data: bytes) -> None:
    """Write a file that its owner alone can read (0600), at once or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")  # made with 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(part).unlink()


def delete_all(paths: Iterable[Path]) -> None:
    """Delete every file; a link, not what it leads to. Raises the first OSError, after it tried all."""
    failed: OSError | None = None
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            failed = failed or error
    if failed is not None:
        raise failed
