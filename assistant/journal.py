"""Keeps what must outlive a session, in SQLite; the only writer. No audio, no transcript, no answers: dated facts.

Write-ahead log and synchronous=FULL: what `remember` returned from is on disk (faults.md 7: 0 of 200 kills lost).
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from assistant.errors import JournalError

SCHEMA = 1
_TABLES = "CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, at TEXT NOT NULL)"


class Journal:
    """Facts by name. Everything raises JournalError when the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        """Open or make the file, readable by its owner only."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._base = sqlite3.connect(path, isolation_level=None)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=FULL")
            self._check_schema()
        except (OSError, sqlite3.Error) as error:
            raise self._trouble("cannot be opened", error) from error

    def _check_schema(self) -> None:
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA:
            what = f"was written by a newer tuina (schema {version}, this one knows {SCHEMA})"
            raise JournalError(f"the journal {what}", where=str(self._path), remedy="Update tuina")
        self._base.execute(_TABLES)
        self._base.execute(f"PRAGMA user_version={SCHEMA}")

    def remember(self, fact: str, at: datetime) -> None:
        """Put a fact on disk, with its date; on return it is there."""
        try:
            self._base.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (fact, at.isoformat()))
        except sqlite3.Error as error:
            raise self._trouble("cannot be written", error) from error

    def knows(self, fact: str) -> bool:
        """Whether the fact was ever remembered."""
        try:
            return self._base.execute("SELECT 1 FROM fact WHERE name = ?", (fact,)).fetchone() is not None
        except sqlite3.Error as error:
            raise self._trouble("cannot be read", error) from error

    def close(self) -> None:
        """Release the file."""
        self._base.close()

    def _trouble(self, what: str, error: Exception) -> JournalError:
        return JournalError(
            f"the journal {what} ({error})",
            where=str(self._path),
            remedy="The session goes on without it; check the disk and the folder's permissions",
        )
