"""Opens the SQLite file: checks it before writing, moves a damaged one aside, migrates an old one.

It deletes no data. A file of a newer version is left untouched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.errors import JournalError
from assistant.store.journal.sums import COLUMNS, READ, SUM, sum_of

SCHEMA = 4
_HEAD = b"SQLite format 3\0"  # sqlite.org/fileformat.html, "Magic Header String"
BUSY_S = 2.0  # another program may hold the file this long; a longer wait would be heard as a hang. Chosen by ear
_FACT = "CREATE TABLE fact (name TEXT PRIMARY KEY, at TEXT NOT NULL)"
_SAVED = "CREATE TABLE saved (id INTEGER PRIMARY KEY CHECK (id = 1), at TEXT NOT NULL, place TEXT NOT NULL)"
_SESSION = "CREATE TABLE session (id INTEGER PRIMARY KEY, begun_at TEXT NOT NULL, ended_at TEXT, routine TEXT)"
_NOTE = (
    "CREATE TABLE note (id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session (id),"
    " at TEXT NOT NULL, what TEXT NOT NULL, numbers TEXT NOT NULL)"
)
_PREFERENCE = "CREATE TABLE preference (name TEXT PRIMARY KEY, percent INTEGER NOT NULL)"
_ASIDE = "CREATE TABLE aside (id INTEGER PRIMARY KEY, part TEXT NOT NULL, row TEXT NOT NULL)"
_SUM = "sum TEXT NOT NULL DEFAULT ''"  # a row that lacks it does not hold


def _with_sum(table: str) -> str:
    """Return the table's SQL as SQLite stores it after the column was added."""
    return f"{table[:-1]}, {_SUM})"


_TABLES = {  # of each schema, letter by letter as SQLite stores them: any other file is not ours
    1: {"fact": _FACT},
    2: {"fact": _FACT, "saved": _SAVED, "session": _SESSION, "note": _NOTE},
    3: {"fact": _FACT, "saved": _SAVED, "session": _SESSION, "note": _NOTE, "preference": _PREFERENCE},
}
_TABLES[4] = {name: _with_sum(sql) for name, sql in _TABLES[3].items()} | {"aside": _ASIDE}


def open_file(path: Path, *, may_mend: bool) -> tuple[sqlite3.Connection, Path | None]:
    """Return the connection, private to its owner, and the path to which a damaged file was moved.

    Raises JournalError when the file cannot be opened, or is newer; also when it is damaged, unless `may_mend`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = None
        if damage := damage_of(path):
            if not may_mend:
                raise JournalError(f"the journal is damaged ({damage})", where=str(path), remedy=_START)
            aside = _move_aside(path)
        return _open_sound(path), aside
    except (OSError, sqlite3.Error) as error:
        raise trouble(path, "cannot be opened", error) from error


def damage_of(path: Path) -> str:
    """Describe the file's damage, or return an empty text; reads through a connection that cannot write.

    Raises JournalError for a newer schema, sqlite3.OperationalError when it is locked or cannot be read.
    """
    if not path.exists() or path.stat().st_size == 0:  # SQLite would delete the log of an empty file
        return "its log has no journal" if _size(_beside(path, "-wal")) else ""
    if not _has_head(path):  # with a log beside it SQLite would read that alone, and give half a journal
        return "it does not begin as a database"
    uri = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)) as base:
            return _damage_in(base, path)
    except sqlite3.OperationalError as error:
        if "unsupported file format" in str(error):
            return str(error)
        raise
    except (sqlite3.DatabaseError, LookupError, TypeError, ValueError) as error:
        return str(error) or type(error).__name__


def trouble(path: Path, what: str, error: Exception) -> JournalError:
    """Return the JournalError for an error of SQLite or of the system."""
    return JournalError(
        f"the journal {what} ({error})",
        where=str(path),
        remedy="The session goes on without it; check the disk and the folder's permissions",
    )


@contextmanager
def transaction(base: sqlite3.Connection) -> Iterator[None]:
    """Run the block in a transaction: all or nothing."""
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
        base.execute("COMMIT")
    finally:
        if base.in_transaction:  # SQLite itself rolls back when the disk is full
            base.execute("ROLLBACK")


def beside(path: Path) -> list[Path]:
    """Return the journal's files, existing or not: itself, its log, the log's index."""
    return [path, _beside(path, "-wal"), _beside(path, "-shm")]


def set_aside(path: Path) -> list[Path]:
    """Return every damaged file that was ever moved aside, with its log."""
    return sorted(path.parent.glob(f"{path.name}.damaged-*"))


_START = "A new one is begun, and this one kept, by: tuina start"


def _has_head(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD


def _damage_in(base: sqlite3.Connection, path: Path) -> str:
    base.text_factory = bytes.decode  # a flipped bit may leave invalid text: this reports it with a ValueError
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA:
        what = f"was written by a newer tuina (schema {version}, this one knows {SCHEMA})"
        raise JournalError(f"the journal {what}", where=str(path), remedy="Update tuina")
    (verdict,) = base.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        return str(verdict).replace("\n", " ")
    tables = dict(base.execute(_SCHEMA_OF).fetchall())
    was_begun = version == 0 and tables in ({}, _TABLES[1])  # schema 1 made its table first and numbered it then
    if not was_begun and tables != _TABLES.get(version):
        return "its tables are not ours"
    return ""


_SCHEMA_OF = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"


def _move_aside(path: Path) -> Path:
    """Rename the file, its log and index to the first free `.damaged-<n>`."""
    n = 1
    while any(one.exists() for one in beside(_beside(path, f".damaged-{n}"))):
        n += 1
    aside = _beside(path, f".damaged-{n}")
    for old, new in zip(beside(path), beside(aside), strict=True):
        if old.exists():
            old.rename(new)
    return aside


def _open_sound(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    if path.stat().st_mode & 0o077:  # a copy or an older version may have left it readable by others
        path.chmod(0o600)
    base = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    base.text_factory = _text
    try:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        base.execute("PRAGMA secure_delete=ON")
        _bring_up_to_date(base)
    except sqlite3.Error:
        base.close()
        raise
    return base


def _text(raw: bytes) -> str:
    """Read text that a flipped bit may have made invalid: its row's sum does not hold then."""
    return raw.decode("utf-8", "surrogateescape")


def _bring_up_to_date(base: sqlite3.Connection) -> None:
    """Migrate any older schema to ours, in one transaction."""
    if base.execute("PRAGMA user_version").fetchone() == (SCHEMA,):
        return
    with transaction(base):
        there = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
        for name, sql in _TABLES[SCHEMA].items():
            if name not in there:
                base.execute(sql)
            elif name in COLUMNS:
                base.execute(f"ALTER TABLE {name} ADD COLUMN {_SUM}")
                _sum_up(base, name)
        base.execute(f"PRAGMA user_version={SCHEMA}")


def _sum_up(base: sqlite3.Connection, table: str) -> None:
    """Give every row of an older version its sum, which says that nobody knows what changed before."""
    for number, *values, _ in base.execute(READ[table]).fetchall():
        base.execute(SUM[table], (sum_of(table, values, "migrated"), number))


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
