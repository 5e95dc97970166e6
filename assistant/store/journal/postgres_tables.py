"""The tables of one room in a PostgreSQL of all rooms, and the lead of that room: one machine at a time has it.

The lead is an advisory lock of the connection on which everything is written. The server frees it when that connection
ends, and nobody else can write meanwhile. A connection that broke is made anew, and goes on only where no other machine
led the room since.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import blake2b
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import JournalError
from assistant.store.journal.database import BUSY_S
from assistant.store.journal.postgres_address import Address, BoundedConnection, said_by
from assistant.store.journal.postgres_schema import ASIDE, KEYS, ROOM, TABLES, make_tables
from assistant.store.journal.sums import COLUMNS

REMEDY = "The session goes on without it; ask whoever keeps the database"


class LedElsewhere(JournalError):
    """Another machine leads the room, or has led it since; nothing may be written here."""


class RoomTables:
    """Implement `Tables`; every method raises JournalError, after about two seconds where the database is silent.

    It connects when it is first asked, and again after a failure. Two threads may share it, given a `lock` of theirs.
    """

    comes_back = True

    def __init__(
        self, address: Address, room: str, *, leads: bool = True, lock: AbstractContextManager[object] | None = None
    ) -> None:
        """Take the room's name. Unless it `leads`, it only reads, whoever leads the room. `lock` can be re-entered."""
        self._address, self._room, self._leads = address, room, leads
        self._lock = lock or nullcontext()
        self._engine = address.engine()
        self._open: Connection | None = None
        self._has_lead = False
        self._term: int | None = None
        self.is_looked_after = False
        """True where somebody calls `keep_up` all the time: then nothing else waits for a database that was away."""
        self._away: JournalError | None = None
        self.was_cut = False
        """The session before was cut off when its leader died, and none has begun since."""

    # --- the lead ----------------------------------------------------------------------------------------------------

    def keep_up(self) -> None:
        """Take the lead, or keep it over a connection that broke. Raises LedElsewhere, and JournalError otherwise."""
        with self._lock:
            self._away = None
            try:
                with self.transaction():
                    pass
            except LedElsewhere:
                raise
            except JournalError as error:
                self._away = error
                raise

    def begin(self) -> bool:
        """Note that a session begins; true if the one before was cut off when its leader died."""
        was_cut, self.was_cut = self.was_cut, False
        self._note_session(runs=True)
        return was_cut

    def end(self) -> None:
        """Note that the session has ended in order."""
        self._note_session(runs=False)

    def let_go(self) -> None:
        """Close the connection, and give up the lead with it."""
        with self._lock:
            self._drop()

    def _note_session(self, *, runs: bool) -> None:
        with self.transaction() as connection:
            connection.execute(update(ROOM).where(ROOM.c.name == self._room).values(runs=runs))

    def _take(self, connection: Connection) -> None:
        """Take the lead. Where another machine has it, or had it since, nothing is held."""
        try:
            with connection.begin():
                self._take_term(connection)
        except LedElsewhere:
            if self._term is not None:
                self._drop()
            raise
        self._has_lead = True

    def _take_term(self, connection: Connection) -> None:
        """Take the lock of the room, and its next term; or go on with the term that is ours."""
        is_taken = connection.scalar(select(func.pg_try_advisory_lock(key_of(self._room))))
        last = connection.execute(select(ROOM).where(ROOM.c.name == self._room)).one_or_none()
        if self._term is not None and last is not None and last.term == self._term:
            if not is_taken:
                raise JournalError("the database still waits for a connection that broke", where=self.place)
            return
        if not is_taken or self._term is not None:
            leader = last.leader if last is not None else "another machine"
            remedy = "A page that is loaded again leads there"
            raise LedElsewhere(f"room {self._room} is led by {leader} now", where=self.place, remedy=remedy)
        values = {"runs": False, "leader": platform.node()}
        taken = insert(ROOM).values(name=self._room, term=1, **values)
        taken = taken.on_conflict_do_update(index_elements=["name"], set_={"term": ROOM.c.term + 1, **values})
        self._term = connection.execute(taken.returning(ROOM.c.term)).scalar_one()
        self.was_cut = last is not None and last.runs

    # --- the connection ----------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Implement `Tables.transaction`; the connection is that of the block."""
        with self._lock:
            if self._away is not None and self.is_looked_after:
                raise JournalError(self._away.what, where=self._away.where, remedy=self._away.remedy)
            if self._open is not None and self._open.in_transaction():
                yield self._open
                return
            try:
                connection = self._connected()
                if self._leads and not self._has_lead:
                    self._take(connection)
                with connection.begin():
                    yield connection
            except SQLAlchemyError as error:
                if _is_dead(self._open):
                    self._drop()
                raise self.trouble("cannot be reached", error) from error

    def _connected(self) -> Connection:
        """Return the connection, after it was tried; a new one where the old one is dead."""
        if self._open is not None:
            raw = _raw(self._open)
            raw.allow(BUSY_S)
            try:
                self._engine.dialect.do_ping(cast("Any", raw))
                return self._open
            except psycopg.Error:
                self._drop()
                if raw.is_silent:  # a second one would be silent too, and nobody is heard meanwhile
                    raise JournalError("the database does not answer", where=self.place, remedy=REMEDY) from None
        self._open = self._engine.connect()
        if self._leads:
            with self._open.begin():
                make_tables(self._open)
        return self._open

    def _drop(self) -> None:
        self._has_lead = False
        opened, self._open = self._open, None
        if opened is not None:
            opened.invalidate()
            opened.close()

    @property
    def place(self) -> str:
        """Return where it lies, for messages; without a password."""
        return f"{self._address.shown}, room {self._room}"

    def trouble(self, what: str, error: Exception) -> JournalError:
        """Implement `Tables.trouble`."""
        return JournalError(f"the journal {what} ({said_by(error)})", where=self.place, remedy=REMEDY)

    def close(self) -> None:
        """Implement `Tables.close`; the lead is kept from one session to the next."""
        if not self._leads:
            self.let_go()

    # --- the rows ----------------------------------------------------------------------------------------------------

    def rows(self, table: str) -> Sequence[Sequence[Any]]:
        """Implement `Tables.rows`."""
        found = TABLES[table].c
        order = found.id if table == "session" else found.number
        what = [order, *(found[name] for name in (*COLUMNS[table], "sum"))]
        with self.transaction() as connection:
            return connection.execute(select(*what).where(found.room == self._room).order_by(order)).all()

    def put(self, table: str, values: Sequence[object]) -> None:
        """Implement `Tables.put`."""
        row = {"room": self._room, **dict(zip((*COLUMNS[table], "sum"), values, strict=True))}
        found = TABLES[table]
        same = [found.c[name] == row[name] for name in ("room", *KEYS[table])]
        with self.transaction() as connection:
            connection.execute(delete(found).where(*same))
            connection.execute(insert(found).values(row))

    def new_session(self, begun_at: str) -> int:
        """Implement `Tables.new_session`."""
        found = TABLES["session"]
        with self.transaction() as connection:
            last = connection.scalar(select(func.max(found.c.id)).where(found.c.room == self._room))
            number = int(last or 0) + 1
            connection.execute(insert(found).values(room=self._room, id=number, begun_at=begun_at, sum=""))
        return number

    def clear(self, table: str) -> None:
        """Implement `Tables.clear`."""
        with self.transaction() as connection:
            connection.execute(delete(TABLES[table]).where(TABLES[table].c.room == self._room))

    def set_aside(self, table: str, row: str) -> None:
        """Implement `Tables.set_aside`."""
        with self.transaction() as connection:
            connection.execute(insert(ASIDE).values(room=self._room, part=table, row=row))

    def count_aside(self) -> int:
        """Implement `Tables.count_aside`."""
        with self.transaction() as connection:
            count = select(func.count()).select_from(ASIDE).where(ASIDE.c.room == self._room)
            return int(connection.scalar(count) or 0)

    def is_index_sound(self) -> bool:
        """Implement `Tables.is_index_sound`: the server keeps its own."""
        return True

    def empty(self) -> None:
        """Implement `Tables.empty`."""
        with self.transaction() as connection:
            for table in (*TABLES.values(), ASIDE):
                connection.execute(delete(table).where(table.c.room == self._room))

    def erase(self) -> None:
        """Implement `Tables.erase`: pages, logs and copies are the server's (docs/several-machines.md)."""


def _raw(connection: Connection) -> BoundedConnection:
    return cast("BoundedConnection", connection.connection.driver_connection)


def _is_dead(connection: Connection | None) -> bool:
    return connection is not None and (connection.invalidated or _raw(connection).closed)


def key_of(room: str) -> int:
    """Return the room's lock, which the whole database shares: eight bytes, with a sign."""
    return int.from_bytes(blake2b(f"tuina {room}".encode(), digest_size=8).digest(), "big", signed=True)
