"""The contents that a page asks for once: routines and lengths, drawings, the history. Values made of files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.durations import minutes
from assistant.errors import JournalError
from assistant.routine import Library
from assistant.show import drawings
from assistant.store.journal import HistoryRow, Journal, history_rows
from assistant.wire.build import LoadedFiles

MOST_SESSIONS = 60  # of the history, the latest: what a plot of a page's width shows apart; chosen


class Contents:
    """The routines and drawings of one set of files."""

    def __init__(self, found: LoadedFiles) -> None:
        """Draw everything once (60 ms for the eight techniques)."""
        library = found.library
        self.routines = [_routine(library, name) for name in library.routines]
        self.language = library.language
        self.drawings = {
            one.name: one.svg()
            for technique in library.techniques.values()
            for one in drawings(technique, library.language)
        }


def history(place: Path | Callable[[], Journal]) -> dict[str, Any]:
    """Return the latest sessions, oldest first, with their routines' ids; `problem` where the journal is damaged.

    `place`: its file, or what opens a journal that lies elsewhere.
    """
    if isinstance(place, Path) and not place.exists():
        return {"sessions": [], "problem": ""}
    try:
        rows, damaged = _rows(place)
    except JournalError as error:
        return {"sessions": [], "problem": str(error)}
    problem = f"{damaged} damaged lines of the journal are left out of this" if damaged else ""
    return {"sessions": [asdict(row) for row in rows[-MOST_SESSIONS:]], "problem": problem}


def _rows(place: Path | Callable[[], Journal]) -> tuple[tuple[HistoryRow, ...], int]:
    with closing(Journal(place, may_mend=False) if isinstance(place, Path) else place()) as journal:
        return history_rows(journal.sessions()), journal.damaged


def _routine(library: Library, name: str) -> dict[str, Any]:
    routine = library.routines[name]
    return {
        "id": name,
        "title": library.title(name),
        "minutes": minutes(library, name),
        "steps": [library.words(step.technique).name for step in routine.steps],
        "is_users": routine.is_users,
    }
