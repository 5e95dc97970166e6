"""Stands before the page's application on the network: lets paired devices in, and shows others how to be paired.

A device proves itself in the first message of its socket, and in a header where it asks for a file; so neither a code
nor a token ever stands in a path, which logs and histories keep. There is no cookie, so no other page can use one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from datetime import datetime, timezone
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import TuinaError
from assistant.store.paired_devices import PairedDevices
from assistant.web.bucket import Bucket
from assistant.web.close_codes import CODE_SPENT, COME_AGAIN, NO_ROOM, UNPAIRED
from assistant.web.invitations import Invitations
from assistant.web.lan_socket import Connections, Peer

HELLO_S = 5.0  # a page's first message is sent when its socket opens; chosen
LOOK_S = 1.0  # a device that was forgotten is shut out as soon; chosen
TOLD_AT_ONCE, TOLD_A_SECOND = 3.0, 1 / 60  # refusals that the terminal shows: nobody may flood it; chosen
BEARER = "Bearer "
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "CrOS", "Linux")
BROWSERS = {"Edg/": "Edge", "Firefox/": "Firefox", "FxiOS/": "Firefox", "Chrome/": "Chrome", "CriOS/": "Chrome"}
BROWSERS |= {"Safari/": "Safari"}  # the last one, since most of the others name it too


class Hello(BaseModel):
    """The first message of a device: a pairing code, or the token that it got for one."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    pair: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    token: Annotated[str, Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Hello:
        if (self.pair is None) == (self.token is None):
            msg = "a hello has either 'pair' or 'token'"
            raise ValueError(msg)
        return self


class LanGate:
    """An application before another one; to be asked for each request and each socket."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        shell: Collection[str],
        devices: PairedDevices,
        invitations: Invitations,
        connections: Connections,
        tell: Callable[[str], None],
    ) -> None:
        """Take the application, and the paths of its `shell`: those that an unpaired device may read."""
        self._app = app
        self._shell = frozenset(shell)
        self._devices = devices
        self._invitations = invitations
        self._connections = connections
        self._tell = tell
        self._adding = asyncio.Lock()
        self._told = Bucket(TOLD_AT_ONCE, TOLD_A_SECOND, time.monotonic())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, or refuse it: 401 for a file, a code of our own for a socket."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["path"] in self._shell or self._devices.knows(_token(scope)):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("this device is not paired", status_code=401)(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # the wish to connect
        await send({"type": "websocket.accept"})
        try:
            hello = await asyncio.wait_for(receive(), HELLO_S)
        except asyncio.TimeoutError:  # a slow network: its token is as good as before
            await send({"type": "websocket.close", "code": COME_AGAIN})
            return
        if hello.get("type") == "websocket.disconnect":
            return
        token, refusal = await self._admit(hello.get("text"), scope)
        if refusal:
            await send({"type": "websocket.close", "code": refusal})
            return
        self._connections.keep(_peer(scope))
        paired = '{"paired": true}' if token is None else f'{{"paired": true, "token": "{token}"}}'
        await send({"type": "websocket.send", "text": paired})
        await self._session(scope, receive, send, token or _said(hello).token or "")

    async def _admit(self, text: str | None, scope: Scope) -> tuple[str | None, int]:
        """Return the token of a device that is paired now, or None, and the code of a refusal, or 0.

        A disk may take long, and this loop carries the sound of a session: it is written on another thread.
        """
        hello = _said({"text": text})
        if hello.token is not None:
            return None, 0 if self._devices.knows(hello.token) else UNPAIRED
        if hello.pair is None:
            return None, UNPAIRED
        address, name = _peer(scope)[0], _name(Headers(scope=scope).get("user-agent", ""))
        if not self._invitations.redeem(hello.pair):
            self._tell_seldom(f"A pairing code that is spent, too old or wrong came from {address}; it was refused.")
            return None, CODE_SPENT
        try:
            async with self._adding:  # one after the other, so that there is never one too many
                token = await asyncio.to_thread(self._devices.add, name, datetime.now(timezone.utc))
        except TuinaError as error:
            self._tell_seldom(str(error))
            return None, NO_ROOM
        self._tell(f"Paired: {name}, {address}. If that is not yours: tuina serve --forget-devices")
        return token, 0

    async def _session(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        """Let the application have the socket until either side ends it, or the device is forgotten."""
        session = asyncio.create_task(self._opened(scope, receive, send))
        forgotten = asyncio.create_task(self._until_forgotten(token))
        try:
            await asyncio.wait({session, forgotten}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (session, forgotten):
                one.cancel()
            results = await asyncio.gather(session, forgotten, return_exceptions=True)
        if isinstance(results[0], asyncio.CancelledError):
            if results[1] is not None:  # nobody forgot it: the disk does not tell, and the device keeps its token
                raise results[1]
            await send({"type": "websocket.close", "code": UNPAIRED})
        elif results[0] is not None:
            raise results[0]

    async def _opened(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application on a socket that is open already, as if it opened it."""
        connects: list[Message] = [{"type": "websocket.connect"}]

        async def received() -> Message:
            return connects.pop() if connects else await receive()

        async def sent(message: Message) -> None:
            if message["type"] != "websocket.accept":
                await send(message)

        await self._app(scope, received, sent)

    async def _until_forgotten(self, token: str) -> None:
        is_known = True
        while is_known:  # another process may forget it, and can set no event here
            await asyncio.sleep(LOOK_S)
            is_known = self._devices.knows(token)

    def _tell_seldom(self, sentence: str) -> None:
        if self._told.take(time.monotonic()):
            self._tell(sentence)


def _said(message: Message) -> Hello:
    """Read a first message; one that is none says nothing."""
    try:
        return Hello.model_validate_json(message.get("text") or "")
    except ValidationError:
        return Hello.model_construct()


def _token(scope: Scope) -> str:
    found = Headers(scope=scope).getlist("authorization")
    return found[0][len(BEARER) :] if len(found) == 1 and found[0].startswith(BEARER) else ""


def _peer(scope: Scope) -> Peer:
    address, port = scope["client"]
    return address, port


def _name(user_agent: str) -> str:
    """Name the browser and the system in words of our own: what a stranger sends is not shown."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "a browser")
    system = next((one for one in SYSTEMS if one in user_agent), "an unknown system")
    return f"{browser} on {system}"
