"""Sets damaged rows aside, in a table of the same file that nothing reads: kept for somebody who can mend them.

After a damaged fact or place nobody knows what was passed of the safety questions, what failed since, or what was done
today: every date of the questions is set aside with it, so that all is asked in full, at this start and at later ones.
"""

from __future__ import annotations

import json

from assistant.store.journal.rows import OF_THE_GATE, damaged_rows
from assistant.store.journal.tables import Tables

INDEXED = ("fact", "preference")
"""The tables with an index, which does not find a row whose name was changed."""
KEPT = "expert_advice_heard"
"""The one fact that opens nothing."""


def set_rows_aside(tables: Tables) -> int:
    """Set every damaged row aside, in one transaction; return how many were damaged."""
    damaged = damaged_rows(tables)
    count = sum(map(len, damaged.values()))
    if not count and tables.is_index_sound():
        return 0
    with tables.transaction():
        if damaged.keys() & set(OF_THE_GATE):
            doubted = {number for number, name, *_ in tables.rows("fact") if name != KEPT}
            damaged["fact"] = damaged.get("fact", set()) | doubted
        for table in damaged.keys() | set(INDEXED):
            _write_anew(tables, table, damaged.get(table, set()))
    return count


def _write_anew(tables: Tables, table: str, damaged: set[int]) -> None:
    """Empty the table, index and all, and write back the rows that hold."""
    rows = list(tables.rows(table))
    tables.clear(table)
    for number, *values in rows:
        if number in damaged:
            tables.set_aside(table, json.dumps(values, default=repr))
        else:
            tables.put(table, values)
