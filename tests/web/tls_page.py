"""A page's socket over TLS for tests that wait: one loop on a thread of its own reads and writes it.

The SSLSocket of a Python before 3.12.8 may hang or crash where one thread reads and another writes, as the sockets of
`websockets.sync` do: of about 450 pairings in turn six stood still for half a minute, and once the process crashed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from assistant.web.server import ALIVE


class TlsPage:
    """An open socket; like the page, it shows nobody that the server lives."""

    def __init__(self, page: ClientConnection, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._page, self._run = page, run

    def recv(self, timeout: float) -> str | bytes:
        """Return the next message of a session, in so many seconds. Raises TimeoutError, and ConnectionClosed."""

        async def following() -> str | bytes:
            while (message := await self._page.recv()) == ALIVE:
                pass
            return message

        try:
            return self._run(asyncio.wait_for(following(), timeout))
        except asyncio.TimeoutError as error:
            raise TimeoutError from error

    def send(self, message: str | bytes) -> None:
        """Send a message. Raises ConnectionClosed."""
        self._run(self._page.send(message))

    def ping(self) -> threading.Event:
        """Send a ping; what is returned is set by its answer. Raises ConnectionClosed."""
        answered = threading.Event()

        async def pinged() -> None:
            pong = await self._page.ping()
            pong.add_done_callback(lambda one: None if one.cancelled() or one.exception() else answered.set())

        self._run(pinged())
        return answered


@contextmanager
def tls_page(address: str, **how: Any) -> Iterator[TlsPage]:
    """Open a socket until the block ends; `how` goes to the client's `connect`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def run(task: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(task, loop).result()

    async def opened() -> ClientConnection:
        return await connect(address, **how)

    try:
        page = run(opened())
        try:
            yield TlsPage(page, run)
        finally:
            run(page.close())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
