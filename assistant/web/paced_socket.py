"""uvicorn's WebSocket protocol with a pace: a connection that floods is cut off before its frames are read.

One loop serves strangers and the sound of a session, and a frame costs it some 10 µs to read: 300,000 pings a second of
one connection that was not paired kept a "stop" waiting for 5.5 s (tried on two shared processors).
"""

from __future__ import annotations

import time
from asyncio import BaseTransport
from collections.abc import Callable

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from assistant.web.bucket import Bucket

MOST_UNKNOWN = 4096  # bytes with the request, which takes about 700; a hello has at most 170; chosen
AT_ONCE, A_SECOND = 600_000.0, 400_000.0  # bytes of a page; sound at 96,000 Hz takes 193,000; chosen
PINGS, PINGS_A_SECOND = 10, 1.0  # browsers send none of their own; chosen


class PacedProtocol(WebSocketsSansIOProtocol):
    """One connection. It is known from the moment when `is_known` says so."""

    is_known: Callable[[tuple[str, int]], bool] = staticmethod(lambda _: True)
    """True for the address and port of a device that was let in."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin; nothing was read."""
        super().connection_made(transport)
        now_s = time.monotonic()
        self._read = 0
        self._bytes = Bucket(AT_ONCE, A_SECOND, now_s)
        self._pings = Bucket(PINGS, PINGS_A_SECOND, now_s)

    def data_received(self, data: bytes) -> None:
        """Read frames, or end the connection where there are more than a page sends."""
        self._read += len(data)
        is_known = self.client is not None and self.is_known(self.client)
        if self._bytes.take(time.monotonic(), len(data)) and (is_known or self._read <= MOST_UNKNOWN):
            super().data_received(data)
        else:
            self.transport.abort()

    def handle_ping(self) -> None:
        """Answer a ping, or end the connection where there are more than a few."""
        if self._pings.take(time.monotonic()):
            super().handle_ping()
        elif not self.transport.is_closing():
            self.transport.abort()


def paced(is_known: Callable[[tuple[str, int]], bool]) -> type[PacedProtocol]:
    """Return the protocol of a server whose strangers may say next to nothing."""
    return type("PacedProtocol", (PacedProtocol,), {"is_known": staticmethod(is_known)})
