"""The tables of a PostgreSQL that holds the journals of all rooms: those of the file, with the room in each row."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Identity,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.schema import CreateSchema

from assistant.errors import JournalError

NAME = "tuina"  # of the schema inside the database
VERSION = 1
MAKING = 0x7475696E61  # the lock under which one of many rooms makes the tables; "tuina" in ASCII
META = MetaData(schema=NAME)


def _rows(name: str, *columns: Column[object], key: tuple[str, ...]) -> Table:
    """Describe a table of rows in the order of `number`, with their room and their sum; `key` is unique in a room."""
    first = (Column("number", BigInteger, Identity(), primary_key=True), Column("room", Text, nullable=False))
    last = Column("sum", Text, nullable=False)
    return Table(name, META, *first, *columns, last, UniqueConstraint("room", *key))


def _text(name: str, *, is_optional: bool = False) -> Column[object]:
    return Column(name, Text, nullable=is_optional)


KEYS: Mapping[str, tuple[str, ...]] = {
    "fact": ("name",),
    "saved": ("id",),
    "session": ("id",),
    "note": ("sum",),  # a note that was written twice, since nobody heard of the first time, is there once
    "preference": ("name",),
}
"""Of each table, what two rows of a room differ in."""
TABLES: Mapping[str, Table] = {
    "fact": _rows("fact", _text("name"), _text("at"), key=KEYS["fact"]),
    "saved": _rows("saved", Column("id", SmallInteger), _text("at"), _text("place"), key=KEYS["saved"]),
    "session": _rows(
        "session",
        Column("id", BigInteger),
        _text("begun_at"),
        _text("ended_at", is_optional=True),
        _text("routine", is_optional=True),
        key=KEYS["session"],
    ),
    "note": _rows(
        "note", Column("session", BigInteger), _text("at"), _text("what"), _text("numbers"), key=KEYS["note"]
    ),
    "preference": _rows("preference", _text("name"), Column("percent", Integer), key=KEYS["preference"]),
}
ASIDE = Table(
    "aside",
    META,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("room", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("row", Text, nullable=False),
)
ROOM = Table(
    "room",
    META,
    Column("name", Text, primary_key=True),
    Column("term", BigInteger, nullable=False),  # how often the room was taken over; its leader knows the last
    Column("runs", Boolean, nullable=False),  # a session runs there, or was cut off with its leader
    Column("leader", Text, nullable=False),  # the machine that took it over last, for people
)
_VERSION = Table("version", META, Column("number", Integer, primary_key=True))


def make_tables(connection: Connection) -> None:
    """Make what is missing, in the transaction that is open. Raises JournalError for a newer version."""
    if connection.scalar(select(cast(func.to_regclass(f"{NAME}.version"), Text))) is None:
        connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
        connection.execute(CreateSchema(NAME, if_not_exists=True))
        META.create_all(connection)
        connection.execute(insert(_VERSION).values(number=VERSION).on_conflict_do_nothing())
    version = connection.scalar(select(func.max(_VERSION.c.number)))
    if version != VERSION:
        what = f"the database was made by another tuina (version {version}, this one knows {VERSION})"
        raise JournalError(what, remedy="Update tuina on every machine")
