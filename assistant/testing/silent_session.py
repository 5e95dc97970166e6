"""A session with typed words, a silent voice and time moved by hand, and an observer that keeps all of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.clock import ManualClock
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Beat, Due, Effect, Event, Preference, Say, VoiceBegan
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.wire import build
from assistant.wire.lockstep import Lockstep, Nowhere
from assistant.wire.mouth import DirectMouth
from assistant.wire.session import Session


class Transcript:
    """An observer that keeps every event and effect, and what really sounded, in order."""

    def __init__(self) -> None:
        """Nothing happened yet."""
        self.events: list[Event] = []
        self.effects: list[tuple[float, Effect, str]] = []
        self.sounded: list[tuple[float, str]] = []
        """Seconds of the session, and the sentence or number that began to sound then."""
        self._texts: dict[int, str] = {}
        self._beat = ""

    def on_event(self, event: Event) -> None:
        """Store the event."""
        self.events.append(event)
        if isinstance(event, VoiceBegan):
            self.sounded.append((event.at_s, self._texts[event.utterance]))
        elif isinstance(event, Due) and event.tag == "beat":
            self.sounded.append((event.at_s, self._beat))

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        """Keep it, with what is spoken."""
        self.effects.append((at_s, effect, text))
        if isinstance(effect, Say):
            self._texts[effect.utterance] = text
        elif isinstance(effect, Beat):
            self._beat = text


class SilentSession:
    """Sessions with typed words, a silent voice of the right length and time moved by hand, on one journal.

    Order: know*, begin, then anything, close. A second `begin` loses the first session as a crash does.
    """

    session: Session
    lockstep: Lockstep
    player: Player

    def __init__(self, library: build.LoadedFiles, folder: Path) -> None:
        """Open `journal.db` in this folder."""
        self.library = library
        self.told = Transcript()
        self.clock = ManualClock()
        self.journal = Journal(folder / "journal.db")
        self.asks_rating = False

    def know(self, *facts: str) -> None:
        """Write facts of today into the journal."""
        for fact in facts:
            self.journal.remember(fact, self.clock.wall())

    def prefer(self, what: Preference, percent: int) -> None:
        """Write a choice of the person into the journal."""
        self.journal.prefer(what, percent)

    def begin(self, routine: str | None) -> None:
        """Start a new session, with a routine on offer or with none."""
        self.player = Player()
        self.session = build.session(
            self.library,
            self.player,
            DirectMouth(ClipCache(SilentVoice(), None), self.player),
            lambda _: None,
            clock=self.clock,
            journal=self.journal,
            observers=(self.told,),
        )
        self.lockstep = Lockstep(self.session, self.player, Nowhere())
        self.session.begin(routine, "full", asks_rating=self.asks_rating)

    def say(self, text: str, *, began_s: float | None = None, **how: Any) -> None:  # noqa: ANN401 - fields of Heard
        """Say a whole utterance; `how` changes what is heard of it, `began_s` is where it began."""
        at_s = self.player.now_s if began_s is None else began_s
        self.lockstep.step((replace(heard_from_line(text, at_s), **how),))

    def close(self) -> None:
        """Close the journal."""
        self.journal.close()

    @property
    def state(self) -> str:
        """The name of the dialogue's present state."""
        return type(self.session.state).__name__
