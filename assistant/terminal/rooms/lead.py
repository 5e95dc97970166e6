"""The lead of a room whose journal lies in the PostgreSQL of all rooms. Needs the extra `rooms`.

A room opens once it has the lead. It stands by while another machine has it, and ends where another has taken it, so
that its process begins anew and stands by.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.errors import JournalError
from assistant.store.journal import Journal
from assistant.store.journal.postgres_address import Address
from assistant.store.journal.postgres_tables import LedElsewhere, RoomTables

if TYPE_CHECKING:
    from assistant.web.room_state import RoomState

ASK_S = 0.5  # a room that stands by asks as often, so that it takes over about as soon as the other one dies; chosen
KEEP_UP_S = 2.0  # a leader looks after its connection as often; chosen
GRACE_S = 3 * KEEP_UP_S  # after the database was away, its leader is given so long to come back first

Tell = Callable[[str], None]


def address_of(text: str) -> Address:
    """Return the address, after all that a database needs was loaded. Raises JournalError."""
    return Address(text)


def history_of(address: Address, room: str) -> Callable[[], Journal]:
    """Return what opens the room's journal for reading, on whichever thread."""
    return lambda: Journal(RoomTables(address, room, leads=False), may_mend=False)


@contextmanager
def leading(address: Address, room: str, state: RoomState, tell: Tell) -> Iterator[RoomTables]:
    """Wait for the lead of a room, and look after it on a thread until the block ends.

    Where the database is away at a start, the block begins without the lead; who has seen another one lead waits on.
    """
    tables = RoomTables(address, room, lock=threading.RLock())
    ended = threading.Event()
    try:
        _stand_by(tables, RoomTables(address, room, leads=False), state, tell)
        threading.Thread(target=_look_after, args=(tables, state, tell, ended), name="lead", daemon=True).start()
        yield tables
    finally:
        ended.set()
        tables.let_go()


@contextmanager
def session_in(tables: RoomTables, note: Tell) -> Iterator[bool]:
    """Mark the room while a session runs; give whether the one before died with its leader. Raises LedElsewhere.

    Where the database is away nobody knows, and everybody counts as new.
    """
    was_cut = _marked(tables.begin, note)
    try:
        yield was_cut
    finally:
        _marked(tables.end, note)


def _marked(mark: Callable[[], bool | None], note: Tell) -> bool:
    try:
        return bool(mark())
    except LedElsewhere:
        raise
    except JournalError as error:
        note(str(error))
        return False


def _stand_by(tables: RoomTables, reader: RoomTables, state: RoomState, tell: Tell) -> None:
    """Return with the lead, or without it where the database is away and no other machine was seen to lead."""
    stood_by = False
    while True:
        try:
            tables.keep_up()
            return
        except LedElsewhere as error:
            if not stood_by:
                tell(f"{error} This one stands by.")
            stood_by = True
            _rest(ASK_S, state)
        except JournalError as error:
            tell(str(error))
            if not stood_by:
                return
            while not _answers(reader):
                _rest(ASK_S, state)
            _rest(GRACE_S, state)


def _rest(seconds: float, state: RoomState) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        state.stand_by()
        time.sleep(ASK_S)


def _answers(reader: RoomTables) -> bool:
    try:
        reader.count_aside()
    except JournalError:
        return False
    return True


def _look_after(tables: RoomTables, state: RoomState, tell: Tell, ended: threading.Event) -> None:
    """Keep the lead; where it is lost, end this process once no session runs. A session says what it cannot keep."""
    tables.is_looked_after, is_away = True, False
    while not ended.wait(KEEP_UP_S):
        try:
            tables.keep_up()
        except LedElsewhere as error:
            if not state.is_running:
                tell(f"{error} This one ends, and stands by.")
                os.kill(os.getpid(), signal.SIGTERM)
                return
        except JournalError as error:
            if not is_away:
                tell(str(error))
            is_away = True
            continue
        if is_away:
            tell("the database is back")
        is_away = False
