"""A journal with some sessions in it, and everything that a session does with one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

from assistant.store.journal import Journal, database
from assistant.store.journal.sums import COLUMNS

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


def write_small(path: Path) -> dict[str, object]:
    """One row or a few of every kind, in a new file; gives what it holds."""
    path.unlink(missing_ok=True)
    with closing(Journal(path)) as journal:
        journal.note("session_begun", {"routine": "full"}, NOW)
        journal.note("side_counted", {"technique": "cross-push", "side": "left", "count": 36}, NOW)
        journal.note("rating", {"when": "after", "number": 3}, NOW)
        for fact in ("expert_advice_heard", "screening_failed", "checked_general", "checked_back"):
            journal.remember(fact, NOW)
        journal.prefer("tempo", 90)
        journal.keep({"version": 1, "routine": "full", "n": 7}, NOW)
        return held(journal)


def held(journal: Journal) -> dict[str, object]:
    """All that is read of it."""
    return {
        "saved": (journal.saved(), journal.saved_age_s(NOW)),
        "checks": (journal.checks(NOW), journal.since("expert_advice_heard")),
        "sessions": journal.sessions(),
        "preferred": journal.preferred(),
    }


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
        self._base = journal._tables.base

    def fill(self) -> None:
        self._base.execute("PRAGMA query_only=ON")

    def clear(self) -> None:
        self._base.execute("PRAGMA query_only=OFF")


class _Text(bytes):
    """Text of a column, be it valid or not."""


def make_older(path: Path, version: int) -> None:
    """Make a closed journal one of an earlier schema: its tables with what they held of ours, without sums."""
    tables = database._TABLES[version]
    with closing(sqlite3.connect(path)) as base:
        base.text_factory = _Text
        held = [
            (name, base.execute(f"SELECT {', '.join(COLUMNS[name])} FROM {name} ORDER BY rowid").fetchall())
            for name in tables
        ]
    path.unlink()
    with closing(sqlite3.connect(path)) as base:
        for sql in tables.values():
            base.execute(sql)
        for name, rows in held:
            for row in rows:
                marks = ", ".join("CAST(? AS TEXT)" if isinstance(one, _Text) else "?" for one in row)
                base.execute(f"INSERT INTO {name} ({', '.join(COLUMNS[name])}) VALUES ({marks})", row)
        base.execute(f"PRAGMA user_version={version}")
        base.commit()
