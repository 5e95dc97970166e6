"""Journal keeper: writes to the journal. When the disk refuses, entries wait in memory until it works again."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias

from assistant.clock import Clock
from assistant.errors import JournalError
from assistant.messages import Began, Fact, Failed, Part, Preference, Recovered, Saved, SlotValue
from assistant.store.journal.queries import Journal

ADVICE_HEARD: Fact = "expert_advice_heard"
RETRY_S = 30.0  # a locked file costs up to two seconds a try, in which nobody is heard; chosen
MOST_WAITING = 1_000  # more than a day of notes; older ones are dropped, after the report that nothing is saved
PLACE, FORGET, OUTSIDE = "place", "forget", "forget more"
"""Kinds of entries that wait; the last two delete, in the journal and outside of it."""
Write: TypeAlias = Callable[[], None]


class JournalKeeper:
    """The journal as a session sees it: never raises; reports the first failure and the recovery."""

    def __init__(
        self,
        journal: Journal | None,
        clock: Clock,
        report: Callable[[Failed | Recovered], None],
        now_s: Callable[[], float],
        forget_more: Write = lambda: None,
    ) -> None:
        """Take the journal; without one nothing is stored. `report` takes events, whose `at_s` the session fills in.

        `now_s` is the session's time: the history counts it, without hours of suspend. `forget_more`
        deletes a person's data outside of the journal; raises JournalError where it cannot.
        """
        self._journal = journal
        self._clock = clock
        self._report = report
        self._now_s = now_s
        self._forget_more = forget_more
        self._begun_at = clock.wall()
        self._waiting: list[tuple[str, Write]] = []
        self._next_try_s = float("-inf")
        self._told: Part | None = None
        self.unsaved = ""
        """The reason why something waits for the disk; empty: nothing does."""

    def began(self, asked: Began, routines: Container[str]) -> Began:
        """Return the first event with the stored facts. Where reading fails everybody counts as new, and is told so."""
        nobody = replace(asked, is_first_session=True, can_save=self._journal is not None)
        if self._journal is None:
            return nobody
        if self._journal.moved_aside:
            what = f"the journal was damaged; it is kept as {self._journal.moved_aside}, and a new one is begun"
            self._report(Failed(at_s=0.0, room="journal", reason=what))
            self._report(Recovered(at_s=0.0, room="journal"))
        if self._journal.damaged:
            what = f"{self._journal.damaged} damaged lines of the journal are left out, and set aside in it"
            self._report(Failed(at_s=0.0, room="lines", reason=what))
        now = self._clock.wall()
        try:
            usual = self._journal.usual() or ""
            return replace(
                asked,
                usual=usual if usual in routines else asked.usual,
                is_first_session=self._journal.since(ADVICE_HEARD) is None,
                checks=self._journal.checks(now),
                saved=self._journal.saved(),
                saved_age_s=self._journal.saved_age_s(now),
                past=self._journal.past(now),
                preferred={**asked.preferred, **self._journal.preferred()},
            )
        except JournalError as error:
            self._failed(error)
            return nobody

    def remember(self, fact: Fact) -> None:
        """Write a fact to disk, with the present date."""
        self._write("fact", lambda journal, at: journal.remember(fact, at))

    def prefer(self, what: Preference, percent: int) -> None:
        """Write a choice of the person to disk."""
        self._write("preference", lambda journal, _: journal.prefer(what, percent))

    def keep(self, saved: Saved | None) -> None:
        """Write the place to disk, replacing the last one."""
        self._waiting = [one for one in self._waiting if one[0] != PLACE]
        self._write(PLACE, lambda journal, at: journal.keep(saved, at))

    def note(self, what: str, values: Mapping[str, SlotValue]) -> None:
        """Add a line to the history."""
        at = self._begun_at + timedelta(seconds=round(self._now_s(), 3))
        self._write("note", lambda journal, _: journal.note(what, values, at))

    def forget_everything(self) -> None:
        """Delete all stored data, and the entries that wait; a failure is reported, also while others wait."""
        self._waiting = [(OUTSIDE, self._forget_more)]
        if self._journal is not None:
            self._waiting.append((FORGET, self._journal.forget_everything))
        self._told = None
        self._try_now()

    def settle(self) -> bool:
        """Write what waits at once, however lately the disk refused; true if the last place that was kept is on disk.

        Takes up to two seconds where another program holds the file.
        """
        self._try_now()
        return self._journal is not None and all(kind != PLACE for kind, _ in self._waiting)

    def _write(self, kind: str, write: Callable[[Journal, Any], None]) -> None:
        if self._journal is not None:
            self._put(kind, partial(write, self._journal, self._clock.wall()))

    def _put(self, kind: str, write: Write) -> None:
        self._waiting.append((kind, write))
        while len(self._waiting) > MOST_WAITING:  # what was asked to be forgotten waits for ever
            self._waiting.remove(next(one for one in self._waiting if one[0] not in {FORGET, OUTSIDE}))
        if self._clock.now_s() >= self._next_try_s:
            self._try_now()

    def _try_now(self) -> None:
        """Write what waits, in its order; what lies outside of the journal holds up nothing in it."""
        left: list[tuple[str, Write]] = []
        refused: JournalError | None = None
        while self._waiting:
            kind, write = self._waiting.pop(0)
            try:
                write()
            except JournalError as error:
                refused = refused or error
                left.append((kind, write))
                if kind != OUTSIDE:
                    break
        self._waiting = left + self._waiting
        if refused is not None:
            self._failed(refused)
            return
        self._next_try_s, self.unsaved = float("-inf"), ""
        if self._told is not None:
            room, self._told = self._told, None
            self._report(Recovered(at_s=0.0, room=room))

    def _failed(self, error: JournalError) -> None:
        if self._told is None:
            self._told = "forget" if {FORGET, OUTSIDE} & {kind for kind, _ in self._waiting} else "journal"
            self._report(Failed(at_s=0.0, room=self._told, reason=str(error)))
        self.unsaved = str(error)
        self._next_try_s = self._clock.now_s() + RETRY_S
