"""What `advance` costs: events a second on one core, over the events of a whole session.

    python benchmarks/advance.py

A person goes through the full routine with questions, changes of tempo, a pause and pain; every event of it is
recorded once, and then fed to the dialogue again and again. The issue asks for 20,000 events a second.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from assistant.clock import ManualClock
from assistant.messages import Event
from assistant.respond.dialogue import advance
from assistant.respond.states import Opening, State
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.wire import build
from assistant.wire.lockstep import Nowhere, run_lines
from assistant.wire.mouth import DirectMouth
from assistant.wire.settings import Folders, Settings

ROUNDS = 40
SCRIPT = """
start the evening routine
no\nno\nno\nno\nno\nno
ready\n+6s\nhow many left\nslower\n+5s\nwhich side\n+count
ready\n+8s\npause\nresume\n+count\nready\n+count
ready\n+5s\nten more\nlouder\n+count
ready\n+6s\nthat hurts\nlighter\nyes\nready\n+count\nready\n+count
ready\n+count\nready\n+count\nready\n+count\nready\n+count
"""


class Recorder:
    """Keeps every event."""

    def __init__(self) -> None:
        """Begin with none."""
        self.events: list[Event] = []

    def on_event(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

    def on_effect(self, at_s: float, effect: object, text: str) -> None:
        """Effects are not of interest."""


def recorded(shelf: build.Shelf) -> list[Event]:
    """The events of one session."""
    player, recorder = Player(), Recorder()
    session = build.session(
        shelf,
        player,
        DirectMouth(ClipCache(SilentVoice(), None), player),
        lambda _: None,
        clock=ManualClock(),
        journal=None,
        observers=(recorder,),
    )
    session.begin(None, "full")
    run_lines(session, player, Nowhere(), SCRIPT.splitlines())
    return recorder.events


def main() -> None:
    """Measure, and print the figure with its count and the machine's load."""
    nowhere = Path("nowhere")
    shelf = build.shelf(Settings(), Folders(config=nowhere, data=nowhere, cache=nowhere))
    events = recorded(shelf)
    began = time.process_time()
    for _ in range(ROUNDS):
        state: State = Opening()
        for event in events:
            state, _effects = advance(state, event, shelf.library)
    spent_s = time.process_time() - began
    count = ROUNDS * len(events)
    print(f"{count / spent_s:,.0f} events a second: {count:,} events ({ROUNDS} x {len(events)}) in {spent_s:.2f} s")
    print(f"of processor time; it ended in {type(state).__name__}; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
