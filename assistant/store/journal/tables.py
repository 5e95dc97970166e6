"""The tables of one journal, wherever they lie: in a file of SQLite, or in a PostgreSQL of all rooms.

Sums, damage and meaning are judged above this interface, in the same way for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from assistant.errors import JournalError


class Tables(Protocol):
    """Rows by table, as in sums.COLUMNS. A method raises an exception of its library, or JournalError."""

    comes_back: bool
    """True where an error may pass: a database that is away is asked again, and the journal is kept open."""

    def rows(self, table: str) -> Iterable[Sequence[Any]]:
        """Return number, values and sum of every row, in the order in which they were written."""

    def put(self, table: str, values: Sequence[object]) -> None:
        """Write a row with its sum, in the place of the one with the same key."""

    def new_session(self, begun_at: str) -> int:
        """Write a session without a sum, and return its id."""

    def clear(self, table: str) -> None:
        """Delete every row of one table."""

    def set_aside(self, table: str, row: str) -> None:
        """Write a damaged row where nothing reads it."""

    def count_aside(self) -> int:
        """Return how many rows were ever set aside."""

    def is_index_sound(self) -> bool:
        """Return whether every key finds its row."""

    def transaction(self) -> AbstractContextManager[object]:
        """Make what is written in the block hold as a whole, or not at all."""

    def empty(self) -> None:
        """Delete every row of every table, in one transaction."""

    def erase(self) -> None:
        """Take the bytes of deleted rows from the disk, and damaged files. Raises JournalError where some stay."""

    def trouble(self, what: str, error: Exception) -> JournalError:
        """Return the error for a person: "the journal <what>"."""

    def close(self) -> None:
        """Let go of it."""
