"""Cost of the dialogue: events per second of `advance` on one core, over the events of whole sessions.

    .venv/bin/python -m benchmarks.advance [repeats]

A session of the full routine is spoken once with typed words and time counted in samples: the safety check, every
technique with its counts, the usual questions and commands, a pause, a pain, unknown speech. Its events are recorded
and replayed through `advance` repeatedly, from the first one on; the best repeat is the cost of the code, the others
include the machine's other load. Run it from the root of the repository.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from assistant.clock import ManualClock
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Effect, Event
from assistant.respond.dialogue import advance
from assistant.respond.states import Opening, State
from assistant.routine import Library
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.lockstep import Lockstep, Nowhere
from assistant.wire.mouth import DirectMouth

GOAL = 20_000  # issue 4
REPEATS = 20
ASKED_WHILE_COUNTING = ("how many left", "slower", "the next bus is late", "which side", "ten more", "what is next")
WHEN = {
    "Screening": "no",
    "ReadyPrompt": "ready",
    "FeelingAsked": "done",
    "Paused": "resume",
    "PainHold": "skip this one",
}
MOST_TURNS = 400


class Tape:
    """An observer that keeps every event."""

    def __init__(self) -> None:
        """Start without any event."""
        self.events: list[Event] = []

    def on_event(self, event: Event) -> None:
        """Store the event."""
        self.events.append(event)

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        """Ignore effects: the replay makes them anew."""


def record(folder: Path) -> tuple[Library, list[Event]]:
    """Run one session of the full routine to its end; return its events."""
    loaded = build.load_files(Settings(), Folders(config=folder, data=folder, cache=folder))
    player, tape = Player(), Tape()
    journal = Journal(folder / "journal.db")
    mouth = DirectMouth(ClipCache(SilentVoice(), None), player)
    session = build.session(
        loaded, player, mouth, lambda _: None, clock=ManualClock(), journal=journal, observers=(tape,)
    )
    lockstep = Lockstep(session, player, Nowhere())
    session.begin("full", "full")
    lockstep.wait_until_quiet()
    say(lockstep, player, "start")
    for turn in range(MOST_TURNS):
        name = type(session.state).__name__
        if name == "Finished" or session.is_over:
            break
        if name == "Counting":
            interrupt(lockstep, player, turn)
        lockstep.wait_for_count()
        say(lockstep, player, WHEN.get(type(session.state).__name__, "where am i"))
    journal.close()
    return loaded.library, tape.events


def interrupt(lockstep: Lockstep, player: Player, turn: int) -> None:
    """Ask and command in the middle of a count; sometimes pause or report pain."""
    for text in ASKED_WHILE_COUNTING:
        lockstep.wait(3.0)
        lockstep.step((heard_from_line(text, player.now_s),))
    if turn % 5 == 0:
        say(lockstep, player, "that hurts" if turn % 3 == 0 else "pause")


def say(lockstep: Lockstep, player: Player, text: str) -> None:
    """Say a text, and wait for the answer."""
    lockstep.step((heard_from_line(text, player.now_s),))
    lockstep.wait_until_quiet()


def replay(library: Library, events: list[Event]) -> float:
    """Return the seconds of processor time for all events."""
    state: State = Opening()
    began_s = time.process_time()
    for event in events:
        state, _ = advance(state, event, library)
    return time.process_time() - began_s


def main() -> None:
    """Record, replay, print."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    with tempfile.TemporaryDirectory() as folder:
        library, events = record(Path(folder))
    per_s = sorted(len(events) / replay(library, events) for _ in range(repeats))
    kinds = Counter(type(event).__name__ for event in events)
    print(f"{len(events)} events, {events[-1].at_s / 60:.0f} minutes: {dict(kinds.most_common())}")
    print(f"events a second: best {per_s[-1]:,.0f}, median {per_s[len(per_s) // 2]:,.0f}, worst {per_s[0]:,.0f}")
    print(f"goal {GOAL:,}: {'met' if per_s[len(per_s) // 2] >= GOAL else 'missed'}")


if __name__ == "__main__":
    main()
