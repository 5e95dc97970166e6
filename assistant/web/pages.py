"""All open pages: what a session tells goes out to each of them, and what is pressed there comes in.

A session's thread only hands a text over (`publish`) and never waits for a page. Everything else runs on the server's
loop: an object here is used by that thread only.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.web.bucket import Bucket

MOST_WAITING = 500  # messages, about a minute of a count: a page that is further behind shows the past; chosen
MOST_PAGES = 8  # open at once; chosen
LEVEL_S = 0.2  # between two levels: shorter ones flicker; chosen
OFF_S = 1.0  # without sound the microphone is off; the ear stalls for less; chosen
AT_ONCE, A_SECOND = 20.0, 5.0  # messages of one page: more is no person's; chosen


class FromPage(BaseModel):
    """A message of a page: a line, as if it was typed, or the wish to begin a session."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    say: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    begin: Annotated[str, Field(max_length=40)] | None = None
    """A routine's id; empty: the person chooses by voice."""

    @model_validator(mode="after")
    def _is_one(self) -> FromPage:
        if (self.say is None) == (self.begin is None):
            msg = "a message has either 'say' or 'begin'"
            raise ValueError(msg)
        return self


class Listener(Protocol):
    """Takes what pages do. Called on the server's loop; must not wait."""

    def pressed(self, message: FromPage) -> None:
        """A person pressed or typed something."""

    def opened(self) -> None:
        """A page is open; there was none before."""

    def closed(self) -> None:
        """No page is open any more."""

    def level_dbfs(self) -> float | None:
        """Return the level of the microphone since the last call; None where it gave nothing."""


class OpenPage:
    """One open page."""

    def __init__(self, kept: Iterable[str]) -> None:
        """Begin with the messages that were kept for it."""
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        for text in kept:
            self._waiting.put_nowait(text)
        self.fell_behind = asyncio.Event()
        """Set when more waits than it will ever read."""
        self._presses = Bucket(AT_ONCE, A_SECOND, time.monotonic())

    def offer(self, text: str) -> None:
        """Queue a message; one too many, and the page is given up."""
        if self._waiting.qsize() >= MOST_WAITING:
            self.fell_behind.set()
        else:
            self._waiting.put_nowait(text)

    @property
    def is_idle(self) -> bool:
        """True if nothing waits to be told."""
        return self._waiting.empty()

    async def next_message(self) -> str:
        """Return the next message, as soon as there is one."""
        return await self._waiting.get()

    def may_press(self) -> bool:
        """Count one message of the page; false if it sends more than a person can."""
        return self._presses.take(time.monotonic())


class Pages:
    """Every open page of one server."""

    def __init__(self, listener: Listener) -> None:
        """Take who is told what pages do."""
        self._listener = listener
        self._open: set[OpenPage] = set()
        self._kept: dict[str, str] = {}
        self._level: int | None = None
        self._attaching = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Take the server's loop; with None nothing is told any more."""
        with self._attaching:
            self._loop = loop

    def publish(self, kind: str, text: str) -> None:
        """Tell all pages, from any thread, without waiting; later pages are told the last one of each `kind`.

        An empty `kind` is not kept.
        """
        self._on_loop(lambda: self._tell(kind, text))

    def forget(self) -> None:
        """Keep nothing of a session that is over, from any thread."""
        self._on_loop(self._kept.clear)

    def _on_loop(self, call: Callable[[], None]) -> None:
        with self._attaching:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call)

    def _tell(self, kind: str, text: str) -> None:
        if kind:
            self._kept.pop(kind, None)  # what is kept is told in the order in which it happened
            self._kept[kind] = text
        for page in self._open:
            page.offer(text)

    async def show_level(self) -> None:
        """Tell the level of the microphone, until it is cancelled; a page that is behind is not told each."""
        heard_s = float("-inf")
        while True:
            await asyncio.sleep(LEVEL_S)
            level, now_s = self._listener.level_dbfs(), time.monotonic()
            if level is not None:
                heard_s = now_s
            elif now_s - heard_s <= OFF_S:
                continue
            whole = None if level is None else round(level)
            if whole != self._level:
                self._level = whole
                for page in self._open:
                    if page.is_idle or whole is None:
                        page.offer(_level_text(whole))

    @property
    def is_full(self) -> bool:
        """True if no more pages may be opened."""
        return len(self._open) >= MOST_PAGES

    def join(self) -> OpenPage:
        """Open a page."""
        page = OpenPage([*self._kept.values(), *([] if self._level is None else [_level_text(self._level)])])
        self._open.add(page)
        if len(self._open) == 1:
            self._listener.opened()
        return page

    def leave(self, page: OpenPage) -> None:
        """Close a page."""
        self._open.discard(page)
        if not self._open:
            self._listener.closed()

    def take(self, text: str) -> bool:
        """Take a message of a page; false if it is none that a page of ours sends."""
        try:
            message = FromPage.model_validate_json(text)
        except ValidationError:
            return False
        self._listener.pressed(message)
        return True


def _level_text(level: int | None) -> str:
    return json.dumps({"level": level})
