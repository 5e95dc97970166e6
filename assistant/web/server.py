"""The web server of the page: files from memory, and one socket a page. On a thread of its own.

It listens on loopback, and on nothing else unless it is given a `Lan`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.errors import MissingExtra, TuinaError
from assistant.show import STYLE
from assistant.web import shell
from assistant.web.close_codes import COME_AGAIN, NO_PAGE, NOT_OURS, TOO_MANY
from assistant.web.contents import Contents
from assistant.web.pages import OpenPage, Pages

try:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route, WebSocketRoute
    from starlette.types import ASGIApp
    from starlette.websockets import WebSocket, WebSocketDisconnect

    from assistant.web.paced_socket import PacedProtocol, paced
except ImportError as error:
    raise MissingExtra.of("screen", error.name or "uvicorn", "the page of tuina serve and --screen") from error

from assistant.web.door import Door
from assistant.web.guard import Guard
from assistant.web.lan import Lan
from assistant.web.page_settings import PageSettings
from assistant.web.settings_route import settings_route
from assistant.web.sound_socket import SoundSocket

ALIVE = '{"alive": true}'
MOST_BYTES = 4096  # of a page's message: 200 characters of any script, and the braces around them
MOST_CONNECTIONS = 64  # a page has at most six and one socket; chosen
PING_S = 5.0  # a page that vanished without a word is given up after at most twice as long; chosen
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2: with forward secrecy, authenticated; those of 1.3 all are
ALIVE_S = 2.0  # a page is told something as often: one that hears nothing has lost us (page/live.js); chosen
SOON_S = 10.0  # a start or an end that takes longer has failed; both take milliseconds


class PageServer:
    """Serves pages from `start` to `stop`."""

    def __init__(
        self,
        pages: Pages,
        contents: Callable[[], Contents],
        history: Callable[[], Any],
        port: int | Door,
        *,
        lan: Lan | None = None,
        sound: SoundSocket | None = None,
        settings: PageSettings | None = None,
    ) -> None:
        """Take what is shown; `history` may read a disk. Port 0: any that is free. Raises TuinaError if it is not.

        A door that is open already is used instead of a port.

        With a `lan` its paired devices are served too. `sound`: pages may be the microphone and the loudspeaker.
        `settings`: they may show and change those.
        """
        self._pages, self._contents, self._history, self._lan, self._sound = pages, contents, history, lan, sound
        self._settings = settings
        door = port if isinstance(port, Door) else Door(port)
        self._socket, self.port, self.address = door.socket, door.port, door.address
        self._files = shell.files()
        here = [Route("/invitation", self._invitation, methods=["POST"]), *self._settings_route(is_here=True)]
        self._servers = {limited(Guard(self._application(*here), door.hosts)): [self._socket]}
        if lan is not None:
            app = self._application(*self._settings_route(is_here=False))
            behind = lan.guarded(app, shell.addresses(self._files))
            server = limited(behind, ssl_certfile=lan.certificate.path, ws=paced(lan.is_kept))
            self._servers[server] = list(lan.sockets)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="page server", daemon=True)

    def start(self) -> None:
        """Begin to serve. Raises TuinaError where it does not come up."""
        self._thread.start()
        pause, waited_s = threading.Event(), 0.0
        while not all(one.started for one in self._servers):
            pause.wait(0.01)
            waited_s += 0.01
            if waited_s > SOON_S or not self._thread.is_alive():
                raise TuinaError("the page's server does not start", where=self.address, remedy="Go on without it")

    def stop(self) -> None:
        """Close every page, and end; also where the start failed."""
        for one in self._servers:
            one.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(SOON_S)
        self._socket.close()

    async def _serve(self) -> None:
        """Serve until it is stopped. Raises what ended a task beside the servers: without it time would stand still."""
        self._pages.attach(asyncio.get_running_loop())
        beside = [self._pages.show_level()]
        beside += [self._lan.sweep()] if self._lan is not None else []
        beside += [self._sound.keep_time()] if self._sound is not None else []
        tasks = [asyncio.create_task(one) for one in beside]
        servers = [asyncio.create_task(one.serve(sockets=sockets)) for one, sockets in self._servers.items()]
        try:
            await asyncio.wait([*servers, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for one in self._servers:
                one.should_exit = True
            await asyncio.wait(servers)
            await asyncio.gather(*(one for one in (*tasks, *servers) if one.done()))
        finally:
            for task in tasks:
                task.cancel()
            self._pages.attach(None)

    def _settings_route(self, *, is_here: bool) -> list[Route]:
        return [] if self._settings is None else [settings_route(self._settings, is_here=is_here)]

    def _application(self, *more: Route) -> Starlette:
        return Starlette(
            routes=[
                *more,
                Route("/", self._file),
                Route("/library.json", self._library),
                Route("/history.json", self._sessions),
                Route("/drawings.css", self._drawing_style),
                Route("/drawings/{name}.svg", self._drawing),
                Route("/{name}", self._file),
                WebSocketRoute("/live", self._live),
                *([WebSocketRoute("/sound", self._sound.serve)] if self._sound else []),
            ]
        )

    async def _file(self, request: Request) -> Response:
        """Give a file of the page: from a list in memory, so that no path leads elsewhere."""
        name = request.path_params.get("name", "index.html")
        if name not in self._files:
            return Response(status_code=404)
        return Response(self._files[name], media_type=shell.media_type(name))

    async def _library(self, _request: Request) -> Response:
        contents = self._contents()
        library = {"language": contents.language, "routines": contents.routines}
        can = {"may_invite": self._lan is not None, "sound": self._sound is not None}
        can |= {"settings": self._settings is not None}
        return JSONResponse({**library, **can})

    def _sessions(self, _request: Request) -> Response:
        return JSONResponse(self._history())

    async def _invitation(self, request: Request) -> Response:
        """Invite a device, for a page of this machine only: a POST names its Origin, and the guard has read it."""
        if self._lan is None or "origin" not in request.headers:
            return Response(status_code=404)
        try:
            devices = await asyncio.to_thread(self._lan.devices.all)
        except TuinaError as error:
            return JSONResponse({"problem": str(error)}, status_code=500)
        made = self._lan.invite()
        paired = [f"{one.name}, {one.at:%Y-%m-%d}" for one in devices]
        told = {"address": made.address, "qr": made.svg(), "minutes": made.lasts_s / 60, "paired": paired}
        return JSONResponse({**told, "fingerprint": self._lan.certificate.fingerprint})

    async def _drawing_style(self, _request: Request) -> Response:
        return Response(STYLE, media_type="text/css")

    async def _drawing(self, request: Request) -> Response:
        drawing = self._contents().drawings.get(request.path_params["name"])
        return Response(status_code=404) if drawing is None else Response(drawing, media_type="image/svg+xml")

    async def _live(self, page_socket: WebSocket) -> None:
        """One page, from its opening to its end, whoever ends it."""
        await page_socket.accept()
        if self._pages.is_full:
            await page_socket.close(COME_AGAIN)
            return
        page = self._pages.join()
        ways: list[asyncio.Task[Any]] = [
            asyncio.create_task(_send(page_socket, page)),
            asyncio.create_task(self._receive(page_socket, page)),
            asyncio.create_task(page.fell_behind.wait()),
        ]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._pages.leave(page)
            for one in ways:
                one.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        code = next((one.result() for one in done if one is ways[1] and not one.exception()), COME_AGAIN)
        with suppress(WebSocketDisconnect, RuntimeError):  # it is closed already, by the other side
            await page_socket.close(code)

    async def _receive(self, page_socket: WebSocket, page: OpenPage) -> int:
        """Take messages until one is not a page's; return the reason as a close code."""
        while True:
            message = await page_socket.receive()
            if message["type"] != "websocket.receive":
                return NOT_OURS
            text = message.get("text")
            if text is None:
                return NO_PAGE
            if not page.may_press():
                return TOO_MANY
            if not self._pages.take(text):
                return NO_PAGE


async def _send(page_socket: WebSocket, page: OpenPage) -> None:
    """Send what waits, or that we live; a page that reads slowly delays itself alone."""
    while True:
        try:
            text = await asyncio.wait_for(page.next_message(), ALIVE_S)
        except asyncio.TimeoutError:
            text = ALIVE
        await page_socket.send_text(text)


def limited(app: ASGIApp, ssl_certfile: Path | None = None, ws: type[PacedProtocol] = PacedProtocol) -> uvicorn.Server:
    """Return a server of an application, with a certificate or without; it logs nothing, and trusts no proxy."""
    config = uvicorn.Config(
        app,
        ssl_certfile=ssl_certfile,
        ssl_ciphers=CIPHERS,
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws=ws,
        ws_max_size=MOST_BYTES,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        ws_per_message_deflate=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
