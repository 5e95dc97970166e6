"""The journal's queries: each is one transaction, and returns only when it is on disk (WAL, synchronous=FULL).

The tables are a file of SQLite; or those that it is given, of a PostgreSQL, where the server's disk is meant.
Of 200 kills in mid-write none lost what was returned from (docs/faults.md, "Killed while it writes").
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast, get_args

from assistant.errors import JournalError
from assistant.messages import Check, Fact, Past, Preference, SlotValue
from assistant.store.journal.mend import set_rows_aside
from assistant.store.journal.rows import (
    SessionRecord,
    damaged_rows,
    is_gate_damaged,
    past_of,
    read_facts,
    read_preferred,
    read_saved,
    read_sessions,
)
from assistant.store.journal.sqlite_tables import SqliteTables
from assistant.store.journal.sums import sum_of
from assistant.store.journal.tables import Tables

FAILED: Fact = "screening_failed"
CHECKS: frozenset[Check] = frozenset(get_args(Check))
_BEFORE: Mapping[str, tuple[Check, ...]] = {
    "screening_passed": ("checked_general", "checked_back", "checked_legs"),
    "screening_passed_back": ("checked_general", "checked_back"),
    "screening_passed_no_leg": ("checked_general", "checked_back", "legs_closed"),
}
"""Facts that earlier versions stored, one for all areas."""
DOCTORS: frozenset[Check] = frozenset({"doctor_agreed", "doctor_agreed_legs"})
Call = TypeVar("Call", bound=Callable[..., Any])


def _says(what: str) -> Callable[[Call], Call]:
    """Turn the errors of the tables into JournalError: "the journal <what>"."""

    def around(call: Call) -> Call:
        @wraps(call)
        def guarded(self: Journal, *args: object, **named: object) -> object:
            try:
                return call(self, *args, **named)
            except (OSError, sqlite3.Error, LookupError, TypeError, ValueError) as error:
                raise self._tables.trouble(what, error) from error

        return cast("Call", guarded)

    return around


class _SessionRow(NamedTuple):
    """The row of the present session, in the order of sums.COLUMNS."""

    id: int
    begun_at: str
    ended_at: str | None = None
    routine: SlotValue | None = None


class Journal:
    """Everything stored about a person. Any call raises JournalError when it cannot be read or written.

    Order of calls: any. One thread, one process: no connection survives a fork.
    """

    path: Path
    """Its file; not there where the tables lie elsewhere."""
    moved_aside: Path | None
    """Path of the damaged journal that was found here and moved; None: there was no damage."""
    damaged: int
    """Rows that were found damaged when it was opened, and are not read; with `may_mend` they were set aside."""

    def __init__(self, place: Path | Tables, *, may_mend: bool = True) -> None:
        """Open or create the file. A damaged one is moved aside and a new one begun, or refused unless `may_mend`.

        Given tables, of a database that may be away, it is made in any case; `damaged` is 0 where they cannot be read.
        """
        self._session: _SessionRow | None = None
        self._is_named = False
        self.moved_aside = None
        if isinstance(place, Path):
            self.path = place
            self._tables: Tables = (file := SqliteTables(place, may_mend=may_mend))
            self.moved_aside = file.moved_aside
        else:
            self._tables = place
        self.damaged = 0
        try:
            self.damaged = self._look(may_mend=may_mend)
        except JournalError:
            if not self._tables.comes_back:
                self._tables.close()
                raise

    @_says("cannot be read")
    def _look(self, *, may_mend: bool) -> int:
        """Count the damaged rows, and set them aside where it may."""
        return set_rows_aside(self._tables) if may_mend else sum(map(len, damaged_rows(self._tables).values()))

    @_says("cannot be read")
    def aside(self) -> int:
        """Return how many damaged rows were ever set aside, with the dates that were doubted with them."""
        return self._tables.count_aside()

    @_says("cannot be written")
    def remember(self, fact: str, at: datetime) -> None:
        """Write a fact to disk with its date; a known fact gets the new date."""
        self._put("fact", (fact, at.isoformat()))

    @_says("cannot be read")
    def since(self, fact: str) -> datetime | None:
        """Return the date of the fact, or None."""
        return read_facts(self._tables).get(fact)

    @_says("cannot be read")
    def checks(self, now: datetime) -> dict[Check, float]:
        """Return what was passed of the safety questions, and how many seconds ago: negative if the clock was set back.

        A failed check takes back what was passed before it, but no doctor's word. Where a fact or the place is damaged
        there is nothing, so that all is asked in full: it may have said that a check failed.
        """
        if is_gate_damaged(self._tables):
            return {}
        found: dict[Check, float] = {}
        for fact, at in read_facts(self._tables).items():
            if fact == FAILED:
                found = {check: age_s for check, age_s in found.items() if check in DOCTORS}
            for check in sorted(CHECKS):
                if check == fact or check in _BEFORE.get(fact, ()):
                    found[check] = (now - at).total_seconds()
        return found

    @_says("cannot be written")
    def prefer(self, what: Preference, percent: int) -> None:
        """Write a choice of the person to disk, replacing the last one."""
        self._put("preference", (what, percent))

    @_says("cannot be read")
    def preferred(self) -> dict[Preference, int]:
        """Return every choice of the person, in percent."""
        return read_preferred(self._tables)

    @_says("cannot be written")
    def keep(self, saved: Mapping[str, Any] | None, at: datetime) -> None:
        """Write the place to resume to disk, replacing the last one; None: there is none any more."""
        if saved is None:
            self._tables.clear("saved")
            return
        place = json.dumps(dict(saved), ensure_ascii=False)
        self._put("saved", (1, at.isoformat(), place))

    @_says("cannot be read")
    def saved(self) -> dict[str, Any] | None:
        """Return the last place as it was given, or None."""
        kept = read_saved(self._tables)
        return kept[1] if kept else None

    @_says("cannot be read")
    def saved_age_s(self, now: datetime) -> float:
        """Return how many seconds ago the last place was kept; nought without one, below it for a clock set back."""
        kept = read_saved(self._tables)
        return (now - kept[0]).total_seconds() if kept else 0.0

    @_says("cannot be written")
    def note(self, what: str, values: Mapping[str, SlotValue], at: datetime) -> None:
        """Add a line to the history of the present session; numbers and ids only.

        `session_begun` opens a session, and so does a rating `when` "before", which comes ahead of it; a rating
        "after" belongs to the session that has ended.
        """
        opens = what == "session_begun"
        with self._tables.transaction():
            session = self._session
            if session is None or (self._is_named and (opens or values.get("when") == "before")):
                session = self._new_session(at)
            self._put("note", (session.id, at.isoformat(), what, json.dumps(dict(values))))
            if opens:
                session = session._replace(routine=values.get("routine"))
            if what == "session_ended":
                session = session._replace(ended_at=at.isoformat())
            if session != self._session:
                self._put("session", session)
        self._is_named = opens or (self._is_named and session.id == (self._session and self._session.id))
        self._session = session

    @_says("cannot be read")
    def sessions(self) -> tuple[SessionRecord, ...]:
        """Return every session in which something was done, the oldest first."""
        return read_sessions(self._tables)

    def past(self, now: datetime) -> Past:
        """Return the facts about earlier sessions that the dialogue needs."""
        return past_of(self.sessions(), now)

    def usual(self) -> str | None:
        """Return the routine of the last completed session, or None."""
        done = [one.routine for one in self.sessions() if one.is_finished and one.routine]
        return done[-1] if done else None

    @_says("cannot be cleared")
    def forget_everything(self) -> None:
        """Delete facts, choices, place, history so that their bytes are gone, and damaged files that were moved.

        In a PostgreSQL the rows are deleted; their bytes are the server's.
        """
        self._tables.empty()
        self._session, self._is_named = None, False
        self._tables.erase()

    def close(self) -> None:
        """Close the file, or let go of the tables."""
        self._tables.close()

    def _new_session(self, at: datetime) -> _SessionRow:
        begun_at = at.isoformat()
        return _SessionRow(id=self._tables.new_session(begun_at), begun_at=begun_at)

    def _put(self, table: str, values: tuple[object, ...]) -> None:
        """Write a row with its sum, in the place of the one with the same key."""
        self._tables.put(table, (*values, sum_of(table, values)))
