"""The history as rows, files and a picture of characters, for `tuina history`. Prints nothing itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from assistant.store.journal import SessionRecord

_LEVELS = " ▁▂▃▄▅▆▇█"
_WORST = 10  # ratings are zero to ten
_WIDTH = 40  # sessions in the picture, the latest; a small window has 80 columns


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One session in numbers."""

    begun: str
    """Local date and time, ISO 8601 with its offset."""
    routine: str
    minutes: int
    techniques: int
    left: int
    """Repetitions counted on the left side."""
    right: int
    both: int
    """Repetitions of techniques without sides."""
    before: int | None
    """Discomfort, zero to ten; None: not asked, or not answered."""
    after: int | None
    pains: int
    is_finished: bool


def rows(sessions: Iterable[SessionRecord]) -> tuple[HistoryRow, ...]:
    """Return one row a session, in their order."""
    return tuple(_row(session) for session in sessions)


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


def _row(session: SessionRecord) -> HistoryRow:
    def counted(side: str) -> int:
        counts = [note.values for note in session.notes if note.what == "side_counted"]
        return sum(int(values.get("count", 0)) for values in counts if values.get("side", "") == side)

    def rated(when: str) -> int | None:
        found = [note.values for note in session.notes if note.what == "rating" and note.values.get("when") == when]
        return int(found[-1].get("number", 0)) if found else None

    return HistoryRow(
        begun=_here(session.begun_at),
        routine=session.routine,
        minutes=max(0, round((session.ended_at - session.begun_at).total_seconds() / 60)),
        techniques=len(session.techniques),
        left=counted("left"),
        right=counted("right"),
        both=counted(""),
        before=rated("before"),
        after=rated("after"),
        pains=sum(note.what == "pain" for note in session.notes),
        is_finished=session.is_finished,
    )


def _everything(session: SessionRecord) -> dict[str, object]:
    notes = [{"at": _here(note.at), "what": note.what, **note.values} for note in session.notes]
    return {**asdict(_row(session)), "ended": _here(session.ended_at), "notes": notes}


def _here(at: datetime) -> str:
    return at.astimezone().isoformat(timespec="seconds")
