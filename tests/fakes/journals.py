"""A journal with some sessions in it, and everything that a session does with one."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from assistant.store.journal import Journal

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=timezone.utc)


def place(n: int) -> dict[str, object]:
    return {"version": 1, "routine": "full", "n": n, "filling": "x" * 500}


def write_journal(path: Path) -> None:
    """Some sessions, a place and facts, all in the main file."""
    journal = Journal(path)
    for n in range(20):
        journal.note("session_begun", {"routine": "full"}, NOW)
        journal.note("side_counted", {"technique": "cross-push", "side": "left", "count": n}, NOW)
    journal.remember("screening_passed", NOW)
    journal.keep(place(7), NOW)
    journal.close()


def use(path: Path) -> Journal:
    """Everything that a session does with it."""
    journal = Journal(path)
    journal.saved()
    journal.past(NOW)
    journal.usual()
    journal.checks(NOW)
    journal.keep(place(8), NOW)
    journal.note("session_begun", {"routine": "full"}, NOW)
    assert journal.saved() == place(8)
    return journal


class Disk:
    """Takes the room away from a journal, and gives it back."""

    def __init__(self, journal: Journal) -> None:
        self._base = journal._base

    def fill(self) -> None:
        self._base.execute("PRAGMA query_only=ON")

    def clear(self) -> None:
        self._base.execute("PRAGMA query_only=OFF")
