"""One room in its own process: a page's server, and one session after the other that is begun on a page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.clock import SystemClock
from assistant.errors import TuinaError
from assistant.store.journal import Journal
from assistant.store.settings import Folders, Settings
from assistant.terminal.rooms.visitors import visitors_journal
from assistant.terminal.rooms.warm import Warm, WarmSession
from assistant.terminal.single_instance import only_one
from assistant.terminal.start.this_machine import ThisMachine
from assistant.web import LanWish, ScreenPage, opened
from assistant.wire.session_run import begin_with

if TYPE_CHECKING:
    from assistant.store.journal.postgres_address import Address
    from assistant.store.journal.postgres_tables import RoomTables
    from assistant.web.door import Door
    from assistant.web.room_state import RoomState


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Everything that a room's process needs to know."""

    name: str
    where: Folders
    """The room's own folders."""
    settings: Settings
    """Those of the house."""
    warm: Warm
    door: Door
    state: RoomState
    lan: LanWish | None
    is_typed: bool
    """No sound: pages press and type only."""
    tell: Callable[[str], None]
    """Takes sentences about the room for the terminal; never what a person says."""
    database: Address | None = None
    """The database of all rooms' journals; None: the room has a file of its own."""
    tables: RoomTables | None = None
    """The room's journal there, once it has the lead."""


Session = Callable[[Room, str, ScreenPage], None]
"""Runs one session of a room; `str` is a routine's id, or empty to choose by voice. Raises TuinaError."""


def live(room: Room, session: Session) -> None:
    """Serve the room's pages and run their sessions, until the process is ended. Raises TuinaError at its start."""
    with ExitStack() as stack:
        stack.enter_context(only_one(room.where.lock))
        history: Path | Callable[[], Journal] = room.where.journal
        if (database := room.database) is not None:
            from assistant.terminal.rooms.lead import history_of, leading  # packages that a file needs not

            room = replace(room, tables=stack.enter_context(leading(database, room.name, room.state, room.tell)))
            history = history_of(database, room.name)
        page = stack.enter_context(opened(room.warm.found, history, room.door, lan=room.lan, sounds=not room.is_typed))
        page.pulse = lambda is_open, is_running: room.state.pulse(is_open=is_open, is_running=is_running)
        if page.lan is not None:
            room.tell(f"pair a device within 10 minutes, once: {page.lan.invite().address}")
        while True:
            routine = page.wait_for_begin()
            room.state.sessions += 1
            _run(room, routine, page, session)


def _run(room: Room, routine: str, page: ScreenPage, session: Session) -> None:
    """Run one session; where it cannot begin, the page says so and waits for the next."""
    try:
        session(room, routine, page)
    except TuinaError as error:
        room.tell(str(error))
        page.note(str(error))
    finally:
        page.over()


def live_session(room: Room, routine: str, page: ScreenPage) -> None:
    """Run a session by the clock, of somebody new unless a crash has cut off the one before."""
    was_cut, room.state.was_cut = room.state.was_cut, False
    with ExitStack() as stack:
        place: Path | RoomTables = room.where.journal
        if room.tables is not None:
            from assistant.terminal.rooms.lead import session_in

            place, was_cut = room.tables, stack.enter_context(session_in(room.tables, page.note))
        journal = visitors_journal(place, page.note, SystemClock().wall(), after_crash=was_cut)
        by_the_clock(room, routine, page, journal)


def by_the_clock(room: Room, routine: str, page: ScreenPage, journal: Journal | None) -> None:
    """Run a session by the clock with this journal, which is closed afterwards; None keeps nothing."""
    with ExitStack() as stack:
        if journal:
            stack.callback(journal.close)
        page.show(room.warm.found)
        run = WarmSession(
            room.warm.found,
            room.settings,
            room.where,
            begin=begin_with(room.warm.found, room.settings, routine or None, page.note),
            journal=journal,
            observers=(page,),
            note=page.note,
            closing=stack,
        )
        run.warm = room.warm
        here = ThisMachine(None, "none", page.note, is_typed=True, reads_keyboard=False)
        run.live(page.beside(page.devices(page.note) or here, began=True))
