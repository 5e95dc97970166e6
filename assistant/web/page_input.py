"""The page as an input of a live session, beside the devices of this machine or in place of a missing one."""

from __future__ import annotations

from collections.abc import Callable

from assistant.capture.echo import EchoCanceller
from assistant.capture.microphone import Microphone
from assistant.messages import Failed, Recovered
from assistant.wire.devices.speaker import Speaker
from assistant.wire.runtime import EarThread, Typed
from assistant.wire.session_run import Devices, LiveParts

HEARING = frozenset({"capture", "decode"})
MOST_WAITING = 12  # that the session has not read yet: about 0.3 s of its work, and more than people press; chosen
MOST_HOLDS = 100  # of them, when each may be a "stop": one more changes nothing; chosen
HOLDS = frozenset({"stop", "pause"})
"""The words of the buttons and keys that hold a session; they are taken in any flood."""


class PageInput:
    """Gives a session what is pressed on a page. `wire/session_run.py` says what the methods of devices are.

    Where the page `began` the session, it is a source of words like a microphone, and where it is the only one, its
    closing holds the count and is told. Beside a keyboard it may come and go.
    """

    def __init__(self, devices: Devices, is_open: Callable[[], bool], *, began: bool) -> None:
        """Take the devices of this machine, and whether a page is open."""
        self._devices = devices
        self._is_open = is_open
        self._began = began
        self._parts: LiveParts | None = None
        self._has_other: Callable[[], bool] = lambda: True
        self._microphone: Microphone | None = None
        self._is_lost = False
        self._deaf: set[str] = set()
        """The rooms on the way from the microphone to the words that are at fault now."""
        self.is_typed, self.is_here = devices.is_typed, devices.is_here

    def open_output(self, parts: LiveParts, echo: EchoCanceller | None) -> Speaker | None:
        """Begin to play."""
        return self._devices.open_output(parts, echo)

    def open_input(self, parts: LiveParts, ear: EarThread) -> tuple[Microphone | None, int]:
        """Begin to hear, and to take what is pressed."""
        microphone, sources = self._devices.open_input(parts, ear)
        self._parts, self._microphone = parts, microphone
        if self._began:
            self._has_other = lambda: bool(sources and microphone and microphone.device_name and not self._deaf)
            sources += 1
        if not self._is_open():
            self.lost()
        return microphone, sources

    def typed(self, text: str) -> bool:
        """Give the session a line; false if it is flooded: a "stop" must not wait behind hundreds of lines."""
        if self._parts is None:
            return True
        if self._parts.inbox.qsize() >= (MOST_HOLDS if text in HOLDS else MOST_WAITING):
            return False
        self._parts.inbox.put(Typed(text))
        return True

    def level_dbfs(self) -> float | None:
        """Return the level of the microphone since the last call; None where it gave nothing. For one reader."""
        return self._microphone.levels.level_dbfs() if self._microphone is not None else None

    def noticed(self, event: Failed | Recovered) -> None:
        """Know what else could be heard: a microphone that is at fault is no other input."""
        if event.room not in HEARING:
            return
        if isinstance(event, Failed):
            self._deaf.add(event.room)
        else:
            self._deaf.discard(event.room)

    def ear_lost(self) -> None:
        """Take the page for the only input from here on."""
        self._has_other = lambda: not self._began

    def lost(self) -> None:
        """Tell the session that no page is open, if nobody could stop it now."""
        if self._parts is not None and not self._is_lost and not self._has_other():
            self._is_lost = True
            self._parts.inbox.put(Failed(at_s=self._parts.player.now_s, room="page", reason="it was closed"))

    def found(self) -> None:
        """Tell the session that a page is open again, if it missed one."""
        if self._parts is not None and self._is_lost:
            self._is_lost = False
            self._parts.inbox.put(Recovered(at_s=self._parts.player.now_s, room="page"))
