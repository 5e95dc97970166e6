"""The state of a PostgreSQL of all rooms, for `tuina doctor`: its rooms, and who leads them now. Read-only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from sqlalchemy import BigInteger, Connection, cast, column, func, select, table
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import JournalError
from assistant.store.journal.postgres_address import Address, said_by
from assistant.store.journal.postgres_schema import NAME, ROOM, TABLES
from assistant.store.journal.postgres_tables import key_of

_LOCKS = table("pg_locks", column("locktype"), column("classid"), column("objid"), column("database"))
_BASES = table("pg_database", column("oid"), column("datname"))
_HALF, _WHOLE = 32, 64  # bits: the view shows the halves of a lock's key apart, without a sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The rooms of a database, and the way there."""

    shown: str
    """Its address, without a password."""
    is_encrypted: bool
    """The way there is, by TLS; false also for a socket of this machine."""
    is_local: bool
    """It is reached by a socket of this machine."""
    sessions: int
    """Of all rooms."""
    leaders: Mapping[str, str]
    """Of each room that ever wrote there, the machine that leads it now; empty where none does."""


def survey(address: Address) -> Survey:
    """Ask the database at this address. Raises JournalError where it does not answer."""
    try:
        with address.engine().connect() as connection:
            raw = connection.connection.driver_connection
            is_made = connection.scalar(select(func.to_regclass(f"{NAME}.room").is_not(None)))
            rooms = connection.execute(select(ROOM).order_by(ROOM.c.name)).all() if is_made else []
            count = select(func.count()).select_from(TABLES["session"])
            held = _held(connection)
            return Survey(
                shown=address.shown,
                is_encrypted=isinstance(raw, psycopg.Connection) and bool(raw.pgconn.ssl_in_use),
                is_local=isinstance(raw, psycopg.Connection) and raw.info.host.startswith("/"),
                sessions=int(connection.scalar(count) or 0) if is_made else 0,
                leaders={one.name: one.leader if key_of(one.name) % 2**_WHOLE in held else "" for one in rooms},
            )
    except SQLAlchemyError as error:
        what = f"the database does not answer ({said_by(error)})"
        raise JournalError(what, where=address.shown, remedy="Ask whoever keeps it") from error


def _held(connection: Connection) -> set[int]:
    """Return every advisory lock of this database."""
    halves = cast(_LOCKS.c.classid, BigInteger), cast(_LOCKS.c.objid, BigInteger)
    here = select(_BASES.c.oid).where(_BASES.c.datname == func.current_database()).scalar_subquery()
    found = select(*halves).where(_LOCKS.c.locktype == "advisory", _LOCKS.c.database == here)
    return {high << _HALF | low for high, low in connection.execute(found)}
