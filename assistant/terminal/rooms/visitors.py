"""The journal of a room in which people come and go: what one of them answered says nothing of the next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from assistant.errors import JournalError
from assistant.messages import Check
from assistant.store.journal import Journal
from assistant.store.journal.tables import Tables
from assistant.wire.build import Notify

SAME_PERSON_S = 600.0  # after a crash: nobody else lies down, and has begun, in ten minutes; chosen


class VisitorsJournal(Journal):
    """Gives no answer of the safety check and no advice heard, unless the session `goes_on` that a crash ended."""

    goes_on = False

    def since(self, fact: str) -> datetime | None:
        """Return the date of the fact for the person who goes on, else None. Raises JournalError."""
        return super().since(fact) if self.goes_on else None

    def checks(self, now: datetime) -> dict[Check, float]:
        """Return what was passed, and how many seconds ago, for the person who goes on. Raises JournalError."""
        return super().checks(now) if self.goes_on else {}


def visitors_journal(place: Path | Tables, note: Notify, now: datetime, *, after_crash: bool) -> VisitorsJournal | None:
    """Return the room's journal, or None, noted, when its file cannot be opened; a database may come back.

    `after_crash`: the room's process died in the middle of a session, and this is the next one; `now`: wall time.
    """
    try:
        journal = VisitorsJournal(place)
    except JournalError as error:
        note(str(error))
        return None
    journal.goes_on = after_crash and _was_left_lately(journal, note, now)
    return journal


def _was_left_lately(journal: Journal, note: Notify, now: datetime) -> bool:
    """Return whether a place was kept in the last minutes; false, noted, where the journal cannot be read."""
    try:
        return journal.saved() is not None and 0.0 <= journal.saved_age_s(now) < SAME_PERSON_S
    except JournalError as error:
        note(str(error))
        return False
