"""The reception of a house of rooms: says which room is free, shows the way there, and refuses in words.

It carries nothing of a session: a browser that has found its room talks to that room's own server. Loopback only.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from html import escape

from assistant.errors import MissingExtra
from assistant.web import shell
from assistant.web.door import Door
from assistant.web.room_metrics import TEXT, metrics
from assistant.web.room_state import RoomState

try:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
    from starlette.routing import Route
except ImportError as error:
    raise MissingExtra.of("screen", error.name or "starlette", "tuina serve --rooms") from error

from assistant.web.guard import Guard
from assistant.web.server import limited

STYLE = "page.css"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tuina: rooms</title><link rel="stylesheet" href="/{style}"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""
WORDS = {"free": "free", "taken": "taken", "elsewhere": "on another machine", "away": "starting again"}
AGAIN_S = 10  # after which a browser that found every room taken may ask again; chosen


class Reception:
    """Serves browsers of this machine that look for a room."""

    def __init__(self, addresses: Mapping[str, str], states: Mapping[str, RoomState]) -> None:
        """Take each room's address and state, by its name."""
        self._addresses = addresses
        self._states = states
        self._refused = Counter({"full": 0, "taken": 0, "elsewhere": 0, "unknown": 0})
        self._style = shell.files()[STYLE]

    def serve(self, door: Door) -> None:
        """Serve until SIGTERM or Ctrl-C, in this process' main thread."""
        limited(Guard(self.application(), door.hosts)).run(sockets=[door.socket])

    def application(self) -> Starlette:
        """Return what answers, without its guard."""
        return Starlette(
            routes=[
                Route("/", self._rooms),
                Route(f"/{STYLE}", self._style_sheet),
                Route("/any", self._any),
                Route("/room/{name}", self._room),
                Route("/health", self._health),
                Route("/metrics", self._metrics),
            ]
        )

    def _now(self) -> dict[str, str]:
        now_s = time.monotonic()
        return {name: one.state(now_s) for name, one in self._states.items()}

    async def _rooms(self, _request: Request) -> Response:
        return _page("Rooms", f'<p><a href="/any">Any free room</a></p>{self._list()}')

    async def _any(self, _request: Request) -> Response:
        """Show the way to the first free room."""
        free = next((name for name, state in self._now().items() if state == "free"), None)
        if free is not None:
            return RedirectResponse(self._addresses[free], 303)
        self._refused["full"] += 1
        told = f"All {len(self._states)} rooms are taken. Please wait until one is free, and try again."
        return _page("No room is free", f"<p>{told}</p>{self._list()}", 503, {"Retry-After": str(AGAIN_S)})

    async def _room(self, request: Request) -> Response:
        """Show the way to a room. One that is starting again lets its browser wait, so it is shown too."""
        name = request.path_params["name"]
        if name not in self._states:
            self._refused["unknown"] += 1
            told = f"There is no room {escape(name[:40])} here. There are {len(self._states)}:"
            return _page("No such room", f"<p>{told}</p>{self._list()}", 404)
        state = self._now()[name]
        if state == "elsewhere":
            self._refused["elsewhere"] += 1
            told = f"Room {name} is led by another machine. Please use the name by which your proxy leads there."
            return _page(f"Room {name} is elsewhere", f"<p>{told}</p>{self._list()}", 409)
        if state != "taken":
            return RedirectResponse(self._addresses[name], 303)
        self._refused["taken"] += 1
        told = f"Room {name} is taken: a page is open there. Please take another one."
        yours = f'<p>If it is yours, and its page is lost: <a href="{self._addresses[name]}">go in</a>.</p>'
        return _page(f"Room {name} is taken", f"<p>{told}</p>{yours}{self._list()}", 409)

    async def _health(self, _request: Request) -> Response:
        found = self._now()
        is_well = "away" not in found.values()
        return JSONResponse({"ok": is_well, "rooms": found}, 200 if is_well else 503)

    def _metrics(self, _request: Request) -> Response:
        """On a thread: the system walks through a process' memory to count it."""
        return Response(metrics(self._states, self._refused, time.monotonic()), media_type=TEXT)

    async def _style_sheet(self, _request: Request) -> Response:
        return Response(self._style, media_type="text/css")

    def _list(self) -> str:
        rows = (
            f'<li><a href="/room/{name}">Room {name}</a>: {WORDS[state]}</li>' for name, state in self._now().items()
        )
        return f"<ul>{''.join(rows)}</ul>"


def _page(title: str, body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return HTMLResponse(PAGE.format(style=STYLE, title=title, body=body), status, headers)
