"""Sets damaged rows aside, in a table of the same file that nothing reads: kept for somebody who can mend them.

After a damaged fact or place nobody knows what was passed of the safety questions, what failed since, or what was done
today: every date of the questions is set aside with it, so that all is asked in full, at this start and at later ones.
"""

from __future__ import annotations

import json
import sqlite3

from assistant.store.journal.database import transaction
from assistant.store.journal.rows import OF_THE_GATE, damaged_rows
from assistant.store.journal.sums import CLEAR, READ, WRITE

INDEXED = ("fact", "preference")
"""The tables with an index, which does not find a row whose name was changed."""
KEPT = "expert_advice_heard"
"""The one fact that opens nothing."""


def set_rows_aside(base: sqlite3.Connection) -> int:
    """Set every damaged row aside, in one transaction; return how many were damaged."""
    damaged = damaged_rows(base)
    count = sum(map(len, damaged.values()))
    is_index_sound = base.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    if not count and is_index_sound:
        return 0
    with transaction(base):
        if damaged.keys() & set(OF_THE_GATE):
            doubted = base.execute("SELECT rowid FROM fact WHERE name != ?", (KEPT,))
            damaged["fact"] = damaged.get("fact", set()) | {number for (number,) in doubted}
        for table in damaged.keys() | set(INDEXED):
            _write_anew(base, table, damaged.get(table, set()))
    return count


def _write_anew(base: sqlite3.Connection, table: str, damaged: set[int]) -> None:
    """Empty the table, index and all, and write back the rows that hold."""
    rows = base.execute(READ[table]).fetchall()
    base.execute(CLEAR[table])
    for number, *values in rows:
        if number in damaged:
            base.execute("INSERT INTO aside (part, row) VALUES (?, ?)", (table, json.dumps(values, default=repr)))
        else:
            base.execute(WRITE[table], values)
