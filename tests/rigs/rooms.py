"""A house of rooms in a process of its own; rooms whose names begin with "samples" count time in samples.

    python -m tests.rigs.rooms HOME NAMES [sound]

There the same lines give the same trace, byte for byte: it is written beside the room's journal. The other rooms run by
the clock, with a journal that knows who lies there: so a count begins soon. Without "sound" pages press and type.
"""

from __future__ import annotations

import queue
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from assistant.messages import Failed, Recovered
from assistant.store.journal import Journal
from assistant.store.settings import Folders, Settings, folders_in
from assistant.terminal.rooms.names import room_names
from assistant.terminal.rooms.open_house import HouseWish, open_house
from assistant.terminal.rooms.room import Room, by_the_clock
from assistant.terminal.rooms.warm import Warm, WarmSession
from assistant.terminal.start.malloc_arenas import keep_little
from assistant.web import ScreenPage
from assistant.web.page_input import PageInput
from assistant.wire.lockstep import Nowhere
from assistant.wire.parts import Observer
from assistant.wire.session_run import begin_with
from assistant.wire.trace import open_trace

TRACE = "trace.jsonl"
LAST = "end session"


class Lines(PageInput):
    """The lines that a page presses, in order; the session waits for each, and time with it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def typed(self, text: str) -> bool:
        """Take a line."""
        self._lines.put(text)
        return True

    def level_dbfs(self) -> None:
        """Hear nothing."""

    def lost(self) -> None:
        """Wait on."""

    def found(self) -> None:
        """Go on."""

    def noticed(self, event: Failed | Recovered) -> None:
        """Ignore devices: there are none."""

    def __iter__(self) -> Iterator[str]:
        """Yield line after line, up to the one that ends the session."""
        text = ""
        while text != LAST:
            text = self._lines.get()
            yield text


def in_samples(
    warm: Warm, settings: Settings, where: Folders, lines: Iterator[str], observers: tuple[Observer, ...] = ()
) -> None:
    """Run one session of these lines, and write its trace into the folder of its journal."""
    where.data.mkdir(parents=True, exist_ok=True)
    trace = open_trace(where.data / TRACE, warm.found.library)
    with ExitStack() as stack:
        stack.callback(trace.close)
        run = WarmSession(
            warm.found,
            settings,
            where,
            begin=begin_with(warm.found, settings, None, print),
            journal=None,
            observers=(*observers, trace),
            note=lambda _: None,
            closing=stack,
        )
        run.warm = warm
        run.typed(lines, Nowhere())


def session(room: Room, routine: str, page: ScreenPage) -> None:
    """Run a session of a room, by its name."""
    if not room.name.startswith("samples"):
        by_the_clock(room, routine, page, Journal(room.where.journal))
        return
    page.show(room.warm.found)
    lines = page._input = Lines()
    page._run("running")  # what is pressed is taken from here on
    in_samples(room.warm, room.settings, room.where, iter(lines), (page,))


if __name__ == "__main__":
    sounds = sys.argv[3:] == ["sound"]
    house = Settings(voice="auto" if sounds else "silent", rating=False, emergency_number="112")
    wish = HouseWish(names=room_names(sys.argv[2]), port=0, is_typed=not sounds, lan=None)
    keep_little()
    open_house(wish, house, folders_in(Path(sys.argv[1])), Console(), session)
