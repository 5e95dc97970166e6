"""The journal's rows as values. Read-only. A row whose sum does not hold, or that cannot be, is left out.

A session counts if something was done: a step was begun, or it hurt. Opening the program and leaving does not count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from assistant.messages import Past, Preference, SlotValue
from assistant.store.journal.sums import COLUMNS, holds
from assistant.store.journal.tables import Tables

WEEK_DAYS = 7  # "this week" is the last seven days including today: a Monday or a Sunday is no border
OF_THE_GATE = ("fact", "saved")
"""The tables on which the safety questions and the doses depend: what was passed and when; the place with its doses."""
_YEARS = range(2000, 2200)  # any other is a fault of the file, and the end of the calendar has no local time
_PERCENT = range(20, 501)  # of the usual; no choice by voice leaves it
_NUMBERS_OF: Mapping[str, range] = {
    "count": range(10_001),  # repetitions: 60 at a time, and a session is no day
    "number": range(11),  # a rating is zero to ten
    "done": range(2),
    "finished": range(2),
}
"""The numbers in a note that are read again, with the values that they may have."""
_DONE = frozenset({"step_begun", "side_counted", "pain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecord:
    """One line of the history."""

    at: datetime
    what: str
    values: Mapping[str, SlotValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """One session; its notes are in the order in which they were written."""

    begun_at: datetime
    ended_at: datetime
    """The end; for an interrupted session, the time of its last note."""
    is_finished: bool
    """True if every step was done or skipped; False: the person ended it before, or it was interrupted."""
    routine: str
    """Its id; empty when unknown."""
    notes: tuple[NoteRecord, ...] = ()

    @property
    def techniques(self) -> tuple[str, ...]:
        """Return the techniques that were done, not only begun, in the order of their first time."""
        done = [note for note in self.notes if note.what == "side_counted" and note.values.get("done", 1)]
        named = [note.values.get("technique") for note in done]
        return tuple(dict.fromkeys(str(one) for one in named if one))


def read_facts(tables: Tables) -> dict[str, datetime]:
    """Return every fact with its date, the latest last."""
    return dict(_values(tables, "fact"))


def read_saved(tables: Tables) -> tuple[datetime, dict[str, Any]] | None:
    """Return when the place to resume was kept, and the place, or None."""
    return next(iter(_values(tables, "saved")), None)


def read_preferred(tables: Tables) -> dict[Preference, int]:
    """Return every choice of the person, in percent."""
    return {name: percent for name, percent in _values(tables, "preference") if name in get_args(Preference)}


def read_sessions(tables: Tables) -> tuple[SessionRecord, ...]:
    """Return every session in which something was done, the oldest first."""
    found: dict[int, SessionRecord] = dict(_values(tables, "session"))
    notes: dict[int, list[NoteRecord]] = {number: [] for number in found}
    for number, note in _values(tables, "note"):
        if number in notes:
            notes[number].append(note)
    return tuple(
        _with_notes(session, notes[number])
        for number, session in found.items()
        if any(note.what in _DONE for note in notes[number])
    )


def damaged_rows(tables: Tables) -> dict[str, set[int]]:
    """Return the rowids of all that is left out, by table: rows that do not hold, and the notes of such a session."""
    split = {table: _split(tables, table) for table in COLUMNS}
    found = {table: damaged for table, (_, damaged) in split.items()}
    sessions = {number for number, _ in split["session"][0]}
    found["note"] |= {number for number, (session, _) in split["note"][0] if session not in sessions}
    return {table: numbers for table, numbers in found.items() if numbers}


def is_gate_damaged(tables: Tables) -> bool:
    """Return whether a row is damaged on which the safety questions or a dose depend: nobody knows what it said."""
    return any(_split(tables, table)[1] for table in OF_THE_GATE)


def _values(tables: Tables, table: str) -> list[Any]:
    return [value for _, value in _split(tables, table)[0]]


def _split(tables: Tables, table: str) -> tuple[list[tuple[int, Any]], set[int]]:
    """Return the rows that hold, in their order with their rowids, and the rowids of those that do not."""
    sound: list[tuple[int, Any]] = []
    damaged: set[int] = set()
    for number, *values, kept in tables.rows(table):
        try:
            if not holds(table, values, kept):
                msg = "the sum does not hold"
                raise ValueError(msg)
            sound.append((number, _READ[table](*values)))
        except (TypeError, ValueError):
            damaged.add(number)
    return sound, damaged


def past_of(sessions: tuple[SessionRecord, ...], now: datetime) -> Past:
    """Return what the dialogue needs of them; days follow this machine's calendar."""
    if not sessions:
        return Past()
    known = {name: _days_between(session.ended_at, now) for session in sessions for name in session.techniques}
    return Past(
        sessions=len(sessions),
        days_ago=_days_between(sessions[-1].ended_at, now),
        sessions_this_week=sum(_days_between(one.ended_at, now) < WEEK_DAYS for one in sessions),
        techniques=len(sessions[-1].techniques),
        known=known,
    )


def _fact(name: str, at: str) -> tuple[str, datetime]:
    return str(name), _time(at)


def _place(_: int, at: str, place: str) -> tuple[datetime, dict[str, Any]]:
    return _time(at), _object(place)


def _session(number: int, begun: str, ended: str | None, routine: str | None) -> tuple[int, SessionRecord]:
    begun_at, ended_at = _time(begun), _time(ended or begun)
    if not isinstance(routine or "", str):
        msg = f"{routine!r} is no routine"
        raise TypeError(msg)
    return number, SessionRecord(begun_at=begun_at, ended_at=ended_at, is_finished=False, routine=routine or "")


def _note(session: int, at: str, what: str, numbers: str) -> tuple[int, NoteRecord]:
    return session, NoteRecord(at=_time(at), what=str(what), values=_numbers(numbers))


def _preference(name: str, percent: int) -> tuple[str, int]:
    return name, _within(percent, _PERCENT, name) if name in get_args(Preference) else 0


_READ: Mapping[str, Callable[..., Any]] = {
    "fact": _fact,
    "saved": _place,
    "session": _session,
    "note": _note,
    "preference": _preference,
}


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        msg = f"{text!r} has no time zone"
        raise ValueError(msg)
    if at.year not in _YEARS:
        msg = f"{text!r} is no year of ours"
        raise ValueError(msg)
    return at


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except RecursionError as error:
        msg = "an object is too deep"
        raise ValueError(msg) from error
    if not isinstance(found, dict):
        msg = f"{text!r} is no object"
        raise TypeError(msg)
    return found


def _numbers(text: str) -> dict[str, SlotValue]:
    found = _object(text)
    if not all(isinstance(value, (int, str)) for value in found.values()):
        msg = f"{text!r} holds more than numbers and ids"
        raise TypeError(msg)
    for name in found.keys() & _NUMBERS_OF.keys():
        _within(found[name], _NUMBERS_OF[name], name)
    return found


def _within(value: object, known: range, name: str) -> int:
    if not isinstance(value, int) or value not in known:
        msg = f"{name}: {value!r} is not between {known.start} and {known.stop - 1}"
        raise ValueError(msg)
    return value


def _with_notes(session: SessionRecord, notes: list[NoteRecord]) -> SessionRecord:
    ends = [note for note in notes if note.what == "session_ended"]
    is_finished = any(note.values.get("finished") for note in ends)
    ended_at = session.ended_at if ends else notes[-1].at
    return replace(session, ended_at=ended_at, is_finished=is_finished, notes=tuple(notes))


def _days_between(then: datetime, now: datetime) -> int:
    """Return the local midnights since then; 0 when the clock was set back."""
    return max(0, (now.astimezone().date() - then.astimezone().date()).days)
