"""Deletes what is stored of a person outside of the journal: pronunciations, paired devices, and clips.

A clip tells what was said: its name is a hash of its sentence, and its date that of the evening. Who knows the
sentences can look up which answers of health they followed.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import JournalError
from assistant.store.paired_devices import PairedDevices
from assistant.store.private_file import delete_all
from assistant.store.pronunciations import Pronunciations
from assistant.store.settings import Folders

PERSONAL = {".clip", ".part"}  # and what a crash left of one


def forget_files(where: Folders) -> None:
    """Delete every pronunciation, paired device and clip. Raises the first JournalError, after it tried all kinds."""
    kinds = (
        Pronunciations(where.config).forget_everybody,
        PairedDevices(where.lan).forget_all,
        lambda: forget_clips(where),
    )
    failed: JournalError | None = None
    for forget in kinds:
        try:
            forget()
        except JournalError as error:
            failed = failed or error
    if failed is not None:
        raise failed


def forget_clips(where: Folders) -> None:
    """Delete every clip; a link is deleted, not what it leads to. Raises JournalError if one stays."""
    try:
        delete_all(_clips(where.clips))
    except OSError as error:
        raise JournalError(
            f"the cached sentences cannot be deleted: {error.strerror or error}",
            where=str(where.clips),
            remedy="Delete that folder",
        ) from error


def _clips(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix in PERSONAL] if folder.is_dir() else []
