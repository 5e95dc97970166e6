"""The sessions of the journal as rows of numbers, for every table, file and plot of the history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assistant.store.journal.rows import SessionRecord


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


def history_rows(sessions: Iterable[SessionRecord]) -> tuple[HistoryRow, ...]:
    """Return one row a session, in their order."""
    return tuple(history_row(session) for session in sessions)


def history_row(session: SessionRecord) -> HistoryRow:
    """Return one session in numbers."""

    def counted(side: str) -> int:
        counts = [note.values for note in session.notes if note.what == "side_counted"]
        return sum(int(values.get("count", 0)) for values in counts if values.get("side", "") == side)

    def rated(when: str) -> int | None:
        found = [note.values for note in session.notes if note.what == "rating" and note.values.get("when") == when]
        return int(found[-1].get("number", 0)) if found else None

    return HistoryRow(
        begun=local_time(session.begun_at),
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


def local_time(at: datetime) -> str:
    """Return a time on this machine's clock, ISO 8601 to the second with its offset."""
    return at.astimezone().isoformat(timespec="seconds")
