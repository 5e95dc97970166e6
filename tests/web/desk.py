"""A page's server in this process, with a listener that keeps what pages press; and a client that is a page."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from assistant.web.contents import Contents
from assistant.web.lan import Lan
from assistant.web.page_settings import PageSettings
from assistant.web.pages import FromPage, Pages
from assistant.web.server import ALIVE, PageServer
from assistant.web.sound_link import SoundLink
from assistant.web.sound_socket import SoundSocket
from assistant.wire.build import LoadedFiles

ROOT = Path(__file__).parents[2]
SILENT = ("--typed", "--speaker", "none", "--voice", "silent")
SOON_S = 120.0  # longer than any machine needs; a test that waits so long has failed


class Desk:
    """Serves pages; `pressed` messages wait in `lines`."""

    def __init__(
        self,
        found: LoadedFiles,
        lan: Lan | None = None,
        *,
        sounds: bool = False,
        settings: PageSettings | None = None,
        port: int = 0,
    ) -> None:
        self.pages = Pages(self)
        self.sound = SoundLink()
        self.contents = Contents(found)
        self.level: float | None = None
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.changes: queue.SimpleQueue[str] = queue.SimpleQueue()
        history = {"sessions": [], "problem": ""}
        sound = SoundSocket(self.sound) if sounds else None
        self.server = PageServer(
            self.pages, lambda: self.contents, lambda: history, port, lan=lan, sound=sound, settings=settings
        )

    def pressed(self, message: FromPage) -> None:
        self.lines.put(message.say)

    def level_dbfs(self) -> float | None:
        return self.level

    def opened(self) -> None:
        self.changes.put("opened")

    def closed(self) -> None:
        self.changes.put("closed")


@contextmanager
def serving(
    found: LoadedFiles,
    lan: Lan | None = None,
    *,
    sounds: bool = False,
    settings: PageSettings | None = None,
    port: int = 0,
) -> Iterator[Desk]:
    """Serve until the block ends; with `sounds` a page may be the microphone and the loudspeaker."""
    desk = Desk(found, lan, sounds=sounds, settings=settings, port=port)
    desk.server.start()
    try:
        yield desk
    finally:
        desk.server.stop()


class PageSocket(ClientConnection):
    """A page's socket; like the page, it shows nobody that the server lives."""

    def recv(self, timeout: float | None = None, decode: bool | None = None) -> Any:
        """Return the next message of a session, in so many seconds. Raises TimeoutError, and ConnectionClosed."""
        until_s = time.monotonic() + (SOON_S if timeout is None else timeout)
        while (message := super().recv(max(0.0, until_s - time.monotonic()), decode)) == ALIVE:
            pass
        return message


def ending(page: ClientConnection, *messages: str | bytes) -> int | None:
    """Send, and read on to the end; return its code, or None where the socket was cut."""
    try:
        for message in messages:
            page.send(message)
        while True:
            page.recv(timeout=SOON_S)
    except ConnectionClosed as ended:
        return ended.rcvd.code if ended.rcvd else None


def page_at(address: str, path: str = "live", **how: object) -> ClientConnection:
    """Open a page's socket, from its own origin unless told otherwise."""
    origin = address.rstrip("/")
    usual = {"origin": origin, "open_timeout": SOON_S, "create_connection": PageSocket}
    return connect(f"{origin.replace('http', 'ws')}/{path}", **{**usual, **how})


def told(page: ClientConnection) -> dict[str, object]:
    """The next message that a page is told."""
    message: dict[str, object] = json.loads(page.recv(timeout=SOON_S))
    return message


class Served:
    """A running `tuina serve`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.address = self.printed("The page: ").split()[-1]

    def printed(self, text: str) -> str:
        """Wait for a line that holds this text."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if text in line:
                return line
        raise AssertionError(text)


@contextmanager
def tuina_serves(home: Path, *words: str, devices: tuple[str, ...] = SILENT) -> Iterator[Served]:
    """Run `tuina serve` without sound, or with other devices, in a process of its own, until the block ends."""
    command = ("serve", "--no-open", "--port", "0", *devices, *words)
    environment = {**os.environ, "TUINA_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    argv = [sys.executable, "-m", "assistant", *command]
    with subprocess.Popen(argv, cwd=home, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Served(process)
        finally:
            process.terminate()
            process.communicate(timeout=SOON_S)
