"""The history as rows, files and a picture of characters, for `tuina history`. Prints nothing itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields

from assistant.store.journal import HistoryRow, SessionRecord, history_row, local_time

_LEVELS = " ▁▂▃▄▅▆▇█"
_WORST = 10  # ratings are zero to ten
_WIDTH = 40  # sessions in the picture, the latest; a small window has 80 columns


def as_csv(table: Sequence[HistoryRow]) -> str:
    """Return a header line, then a line a session; unknown values are empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [one.name for one in fields(HistoryRow)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in table)
    return out.getvalue()


def as_json(sessions: Iterable[SessionRecord]) -> str:
    """Return everything that is stored of each session, with every note."""
    return json.dumps([_everything(session) for session in sessions], indent=1, ensure_ascii=False) + "\n"


def picture(table: Sequence[HistoryRow]) -> list[str]:
    """Return bars of the discomfort before and after the last sessions, and the change; empty without ratings."""
    rated = [row for row in table if row.before is not None or row.after is not None][-_WIDTH:]
    if not rated:
        return []
    lines = [f"before  {_bars(row.before for row in rated)}", f"after   {_bars(row.after for row in rated)}"]
    falls = [row.before - row.after for row in rated if row.before is not None and row.after is not None]
    if falls:
        lines.append(f"Over {len(falls)} session(s) it changed by {-sum(falls) / len(falls):+.1f} on average.")
    return lines


def _bars(ratings: Iterable[int | None]) -> str:
    return "".join("·" if one is None else _LEVELS[round(one / _WORST * (len(_LEVELS) - 1))] for one in ratings)


def _everything(session: SessionRecord) -> dict[str, object]:
    notes = [{"at": local_time(note.at), "what": note.what, **note.values} for note in session.notes]
    return {**asdict(history_row(session)), "ended": local_time(session.ended_at), "notes": notes}
