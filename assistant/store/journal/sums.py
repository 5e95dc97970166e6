"""Checksums of the journal's rows: a row whose bytes were changed by anything but a write of ours is never believed.

A sum is no signature: it finds what a disk, a memory or a copy changes, not somebody who makes a new sum.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Literal, TypeAlias

Since: TypeAlias = Literal["written", "migrated"]
"""From when on a row has its sum; what changed in a migrated one before is not known."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "fact": ("name", "at"),
    "saved": ("id", "at", "place"),
    "session": ("id", "begun_at", "ended_at", "routine"),
    "note": ("session", "at", "what", "numbers"),
    "preference": ("name", "percent"),
}
"""The tables whose rows have a sum, with what goes into it."""
READ: Mapping[str, str] = {
    "fact": "SELECT rowid, name, at, sum FROM fact ORDER BY rowid",
    "saved": "SELECT rowid, id, at, place, sum FROM saved",
    "session": "SELECT rowid, id, begun_at, ended_at, routine, sum FROM session ORDER BY rowid",
    "note": "SELECT rowid, session, at, what, numbers, sum FROM note ORDER BY rowid",
    "preference": "SELECT rowid, name, percent, sum FROM preference ORDER BY rowid",
}
"""Of each table, the SQL that reads all rows."""
WRITE: Mapping[str, str] = {
    "fact": "INSERT OR REPLACE INTO fact (name, at, sum) VALUES (?, ?, ?)",
    "saved": "INSERT OR REPLACE INTO saved (id, at, place, sum) VALUES (?, ?, ?, ?)",
    "session": "INSERT OR REPLACE INTO session (id, begun_at, ended_at, routine, sum) VALUES (?, ?, ?, ?, ?)",
    "note": "INSERT INTO note (session, at, what, numbers, sum) VALUES (?, ?, ?, ?, ?)",
    "preference": "INSERT OR REPLACE INTO preference (name, percent, sum) VALUES (?, ?, ?)",
}
"""Of each table, the SQL that writes one row in the place of one with the same key."""
CLEAR: Mapping[str, str] = {
    "fact": "DELETE FROM fact",
    "saved": "DELETE FROM saved",
    "session": "DELETE FROM session",
    "note": "DELETE FROM note",
    "preference": "DELETE FROM preference",
}
"""Of each table, the SQL that empties it."""
SUM: Mapping[str, str] = {
    "fact": "UPDATE fact SET sum = ? WHERE rowid = ?",
    "saved": "UPDATE saved SET sum = ? WHERE rowid = ?",
    "session": "UPDATE session SET sum = ? WHERE rowid = ?",
    "note": "UPDATE note SET sum = ? WHERE rowid = ?",
    "preference": "UPDATE preference SET sum = ? WHERE rowid = ?",
}
"""Of each table, the SQL that writes the sum of a row that is there, whatever its other values are."""
_BYTES = 8  # one damage in 2 ** 64 passes, and each flipped bit changes about half of them


def sum_of(table: str, values: Iterable[object], since: Since = "written") -> str:
    """Return the sum of a row; `values` in the order of COLUMNS."""
    text = json.dumps([table, since, *values], default=repr)
    return f"{since} {blake2b(text.encode(), digest_size=_BYTES).hexdigest()}"


def holds(table: str, values: Iterable[object], kept: object) -> bool:
    """Return whether the row is as it was written; `kept` is the sum that lies beside it."""
    since: Since = "migrated" if str(kept).startswith("migrated") else "written"
    return kept == sum_of(table, values, since)
