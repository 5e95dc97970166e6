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
    name: f"SELECT rowid, {', '.join(columns)}, sum FROM {name} ORDER BY rowid"  # noqa: S608 - names of our own
    for name, columns in COLUMNS.items()
}
"""Of each table, the SQL that reads all rows."""
WRITE: Mapping[str, str] = {
    name: f"INSERT OR REPLACE INTO {name} ({', '.join(columns)}, sum) VALUES ({'?, ' * len(columns)}?)"  # noqa: S608 - as above
    for name, columns in COLUMNS.items()
}
"""Of each table, the SQL that writes one row in the place of one with the same key."""
_BYTES = 8  # one damage in 2 ** 64 passes, and each flipped bit changes about half of them


def sum_of(table: str, values: Iterable[object], since: Since = "written") -> str:
    """Return the sum of a row; `values` in the order of COLUMNS."""
    text = json.dumps([table, since, *values], default=repr)
    return f"{since} {blake2b(text.encode(), digest_size=_BYTES).hexdigest()}"


def holds(table: str, values: Iterable[object], kept: object) -> bool:
    """Return whether the row is as it was written; `kept` is the sum that lies beside it."""
    since: Since = "migrated" if str(kept).startswith("migrated") else "written"
    return kept == sum_of(table, values, since)
