"""Refuses whatever did not come from a page of ours, and tells browsers to load nothing from elsewhere.

A foreign page that is open in the same browser may send requests to this machine: its Origin gives it away. A name that
was made to point to this machine (DNS rebinding) gives itself away by its Host.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.close_codes import NOT_OURS

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Guard:
    """Stands before an application; to be asked for each request and each socket."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], scheme: Literal["http", "https"] = "http") -> None:
        """Take the `hosts` under which the application is reached, each as address:port."""
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = {f"{scheme}://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on with our headers, or refuse it with 403."""
        if scope["type"] == "websocket":
            if self._is_ours(scope):
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": NOT_OURS})
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        app = self._app if self._is_ours(scope) else PlainTextResponse("not from here", status_code=403)
        await app(scope, receive, with_headers)

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return False
        # A browser always names the Origin of a socket, and leaves it out where our own page asks for a file.
        needed = 1 if scope["type"] == "websocket" else 0
        return needed <= len(origins) <= 1 and all(origin in self._origins for origin in origins)
