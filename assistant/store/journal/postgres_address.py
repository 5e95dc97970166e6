"""The address of a PostgreSQL, and connections to it that never keep a session waiting for long.

It is imported before its neighbours: a missing package is told here.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from assistant.errors import JournalError, MissingExtra
from assistant.store.journal.database import BUSY_S

try:
    import psycopg
    from psycopg.abc import RV, PQGen
    from psycopg.conninfo import conninfo_to_dict
    from psycopg.pq import TransactionStatus
    from sqlalchemy import Engine, create_engine
    from sqlalchemy.pool import NullPool
except ImportError as error:
    raise MissingExtra.of("rooms", error.name or "psycopg", "a journal in PostgreSQL") from error

LOOK_S = 0.1  # Ctrl-C is noticed as often while the server is waited for; psycopg's own default
LEAST_S = 0.05  # that an answer is given in any case
SERVERS = {
    "statement_timeout": f"{BUSY_S * 1000:.0f}",
    "synchronous_commit": "on",  # what was returned from is on the server's disk
    "tcp_keepalives_idle": "5",  # the server notices after 5 + 3 * 2 s that a machine is gone, and frees its rooms
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}
OURS: Mapping[str, Any] = {
    "connect_timeout": round(BUSY_S),
    "tcp_user_timeout": round(BUSY_S * 1000),
    "application_name": "tuina",
    "options": " ".join(f"-c {name}={value}" for name, value in SERVERS.items()),
}
"""Parameters of every connection, unless the address says otherwise (libpq, "Parameter Key Words")."""


class Address:
    """The place of the database. Never shows a password."""

    def __init__(self, text: str) -> None:
        """Read `postgresql://...`. Raises JournalError, which does not repeat the text: it may hold a password."""
        try:
            self._parts = conninfo_to_dict(text)
        except psycopg.Error:
            what = "the address of the database cannot be read"
            raise JournalError(what, remedy="Write it as postgresql://user@host/database") from None
        host = self._parts.get("host") or self._parts.get("hostaddr") or "this machine"
        port = f":{self._parts['port']}" if "port" in self._parts else ""
        self.shown = f"{host}{port}/{self._parts.get('dbname', '')}"

    def engine(self) -> Engine:
        """Return what opens such connections for SQLAlchemy; errors do not repeat what a row holds."""
        return create_engine("postgresql+psycopg://", creator=self.connect, poolclass=NullPool, hide_parameters=True)

    def connect(self) -> BoundedConnection:
        """Open a connection, in two seconds for each address that the host's name has. Raises psycopg.Error."""
        made = BoundedConnection.connect(**{**OURS, **self._parts})
        made.allow(BUSY_S)
        return made


def said_by(error: Exception) -> str:
    """Return the first line of what the database said; the error's own where that said nothing."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else repr(error)


class BoundedConnection(psycopg.Connection[Any]):
    """Closes itself where the server is silent for too long, so that nothing waits for it twice."""

    until_s = float("inf")
    """Time of the monotonic clock up to which the server may answer."""
    is_silent = False
    """It was closed since the server did not answer in time."""

    def allow(self, seconds: float) -> None:
        """Begin a call that may take so many seconds in all."""
        self.until_s = time.monotonic() + seconds

    def wait(self, gen: PQGen[RV], interval: float = LOOK_S, timeout: float | None = None) -> RV:
        """Implement `Connection.wait`, on which every statement waits. Raises psycopg.Error."""
        left_s = max(LEAST_S, min(BUSY_S, self.until_s - time.monotonic()))
        try:
            return super().wait(gen, interval, left_s if timeout is None else timeout)
        except psycopg.Error:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.is_silent = True
                self.pgconn.finish()
            raise
