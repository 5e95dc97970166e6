"""The tables of a journal in a file of SQLite, which is the default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from assistant.errors import JournalError
from assistant.store.journal.database import open_file, set_aside, transaction, trouble
from assistant.store.journal.sums import CLEAR, READ, WRITE


class SqliteTables:
    """Implement `Tables`. One thread, one process: SQLite does not survive a fork."""

    comes_back = False

    def __init__(self, path: Path, *, may_mend: bool) -> None:
        """Open or create the file; see database.open_file. Raises JournalError."""
        self.path = path
        self.base, self.moved_aside = open_file(path, may_mend=may_mend)

    def rows(self, table: str) -> Iterable[Sequence[Any]]:
        """Implement `Tables.rows`."""
        return self.base.execute(READ[table])

    def put(self, table: str, values: Sequence[object]) -> None:
        """Implement `Tables.put`."""
        self.base.execute(WRITE[table], values)

    def new_session(self, begun_at: str) -> int:
        """Implement `Tables.new_session`."""
        return self.base.execute("INSERT INTO session (begun_at) VALUES (?)", (begun_at,)).lastrowid or 0

    def clear(self, table: str) -> None:
        """Implement `Tables.clear`."""
        self.base.execute(CLEAR[table])

    def set_aside(self, table: str, row: str) -> None:
        """Implement `Tables.set_aside`."""
        self.base.execute("INSERT INTO aside (part, row) VALUES (?, ?)", (table, row))

    def count_aside(self) -> int:
        """Implement `Tables.count_aside`."""
        (count,) = self.base.execute("SELECT count(*) FROM aside").fetchone()
        return int(count)

    def is_index_sound(self) -> bool:
        """Implement `Tables.is_index_sound`."""
        return bool(self.base.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))

    def transaction(self) -> AbstractContextManager[object]:
        """Implement `Tables.transaction`."""
        return transaction(self.base)

    def empty(self) -> None:
        """Implement `Tables.empty`."""
        with self.transaction():
            for clear in (*CLEAR.values(), "DELETE FROM aside"):
                self.base.execute(clear)

    def erase(self) -> None:
        """Implement `Tables.erase`."""
        self.base.execute("VACUUM")
        (is_busy, _, _) = self.base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        for damaged in set_aside(self.path):
            damaged.unlink()
        if is_busy:
            what = "the journal is cleared, but another program still reads the old pages"
            raise JournalError(what, where=str(self.path), remedy="Close it and run: tuina history --forget")

    def trouble(self, what: str, error: Exception) -> JournalError:
        """Implement `Tables.trouble`."""
        return trouble(self.path, what, error)

    def close(self) -> None:
        """Implement `Tables.close`."""
        self.base.close()
