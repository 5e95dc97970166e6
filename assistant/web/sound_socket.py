"""The socket of a page that is the microphone and the loudspeaker: one at a time, and refused in words otherwise."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from assistant.errors import MissingExtra
from assistant.messages import BLOCK_S
from assistant.web.sound_frames import read_state
from assistant.web.sound_link import Down, Holder, SoundLink

try:
    from starlette.websockets import WebSocket, WebSocketDisconnect
except ImportError as error:
    raise MissingExtra.of("screen", error.name or "starlette", "the sound of a page") from error

FIRST_S = 5.0  # a page says who it is at once; chosen
DONE, NO_PAGE, TOO_MANY = 1000, 1003, 1008  # RFC 6455, 7.4.1
TAKEN, HELD = 4011, 4012  # ours, beside those of lan_gate.py: another page took the sound; another page has it


class SoundSocket:
    """Serves the sound of pages on the server's loop."""

    def __init__(self, link: SoundLink) -> None:
        """Take what joins a page to the session."""
        self._link = link

    async def serve(self, page: WebSocket) -> None:
        """Serve one socket from its opening to its end, whoever ends it."""
        await page.accept()
        try:
            code = await self._begin(page)
        except WebSocketDisconnect:  # while something was sent
            return
        with suppress(WebSocketDisconnect, RuntimeError):  # it is closed already, by the other side
            await page.close(code)

    async def keep_time(self) -> None:
        """Let a session's time pass where no page plays."""
        while True:
            await asyncio.sleep(BLOCK_S)
            self._link.pass_time()

    async def _begin(self, page: WebSocket) -> int:
        """Read who it is, and talk to it; return the reason of the end as a close code."""
        try:
            message = await asyncio.wait_for(page.receive(), FIRST_S)
        except asyncio.TimeoutError:
            return NO_PAGE
        state = read_state(message.get("text") or "")
        if state is None:
            return NO_PAGE
        joined = self._link.join(state)
        if joined is None:
            return HELD
        holder, first = joined
        try:
            await _send(page, first)
            return await self._talk(page, holder)
        finally:
            self._link.leave(holder)

    async def _talk(self, page: WebSocket, holder: Holder) -> int:
        while True:
            message = await page.receive()
            if not self._link.has(holder):
                return TAKEN
            if message["type"] != "websocket.receive":
                return DONE
            if not self._link.may_send(holder):
                return TOO_MANY
            data = message.get("bytes")
            if data is not None:
                answer = self._link.hear(holder, data)
                if answer is None:
                    return NO_PAGE
                await _send(page, answer)
                continue
            state = read_state(message.get("text") or "")
            if state is None or not self._link.learn(state):
                return NO_PAGE


async def _send(page: WebSocket, told: list[Down]) -> None:
    """Send in order. A page that does not read sends nothing either that is read, and so delays itself alone."""
    for one in told:
        if isinstance(one, str):
            await page.send_text(one)
        else:
            await page.send_bytes(one)
