"""Fixtures that many tests share: the shipped library, a session on a manual clock, and the reader of journeys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.clock import ManualClock
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Due, Effect, Event, Failed, Recovered, Say, Slept, VoiceBegan
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.lockstep import Lockstep, Nowhere
from assistant.wire.mouth import DirectMouth

pytest_plugins = ["tests.fakes.command_line"]

ROOT = Path(__file__).parent.parent
PATIENCE_S = 40.0  # no pause between two sentences of one instruction is longer
NEARLY = -0.5  # nats below the bar; half of what may be missing where it asks back
REST_OF_WORDS_S = 0.5  # from an early answer to the end of the utterance: the rest of the word and 0.3 s of silence


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> build.Shelf:
    """The shipped techniques, routines and grammar, without anybody's own files."""
    empty = tmp_path_factory.mktemp("home")
    return build.shelf(Settings(), Folders(config=empty, data=empty, cache=empty))


class Told:
    """An observer that keeps what was really sounded, in order, and every event and effect."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.effects: list[tuple[float, Effect, str]] = []
        self.sounded: list[tuple[float, str]] = []
        self._texts: dict[int, str] = {}
        self._beat = ""

    def on_event(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, VoiceBegan):
            self.sounded.append((event.at_s, self._texts[event.utterance]))
        elif isinstance(event, Due) and event.tag == "beat":
            self.sounded.append((event.at_s, self._beat))

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        self.effects.append((at_s, effect, text))
        if isinstance(effect, Say):
            self._texts[effect.utterance] = text
        elif type(effect).__name__ == "Beat":
            self._beat = text


@pytest.fixture
def told() -> Told:
    """An observer for one session."""
    return Told()


class Rehearsal:
    """Sessions with typed words, a silent voice of the right length, and time moved by hand, on one journal."""

    def __init__(self, shelf: build.Shelf, folder: Path) -> None:
        self.shelf = shelf
        self.told = Told()
        self.clock = ManualClock()
        self.journal = Journal(folder / "journal.db")
        self.asks_rating = False

    def know(self, *facts: str) -> None:
        for fact in facts:
            self.journal.remember(fact, self.clock.wall())

    def begin(self, routine: str | None) -> None:
        """A new session; one that is going on is lost as in a crash."""
        self.player = Player()
        self.session = build.session(
            self.shelf,
            self.player,
            DirectMouth(ClipCache(SilentVoice(), None), self.player),
            lambda _: None,
            clock=self.clock,
            journal=self.journal,
            observers=(self.told,),
        )
        self.lockstep = Lockstep(self.session, self.player, Nowhere())
        self.session.begin(routine, "full", asks_rating=self.asks_rating)

    def say(self, text: str, *, began_s: float | None = None, **how: object) -> None:
        """A whole utterance; `how` changes what is heard of it, `began_s` is where it began."""
        at_s = self.player.now_s if began_s is None else began_s
        self.lockstep.step((replace(heard_from_line(text, at_s), **how),))

    @property
    def state(self) -> str:
        return type(self.session.state).__name__


@pytest.fixture
def rehearse(shelf: build.Shelf, tmp_path: Path) -> Iterator[Callable[..., Rehearsal]]:
    """Make rehearsals that know the given facts; their journals are closed afterwards."""
    made: list[Rehearsal] = []

    def make(*facts: str) -> Rehearsal:
        made.append(Rehearsal(shelf, tmp_path / str(len(made))))
        made[-1].know(*facts)
        return made[-1]

    yield make
    for one in made:
        one.journal.close()


@pytest.fixture
def perform() -> Callable[[Path, Rehearsal], None]:
    """Run a journey file in a rehearsal."""
    return lambda journey, rehearsal: Reader(journey, rehearsal).perform()


KNOWN = {
    "advice": "expert_advice_heard",
    "check": "screening_passed",
    "check of the back": "screening_passed_back",
    "check without legs": "screening_passed_no_leg",
    "failed check": "screening_failed",
}


class Reader:
    """Reads a journey aloud; fails with file:line, what was expected and what was said instead.

    `you:` waits until it is quiet (or counting), `you!:` interrupts; `you…:` is what is heard of a sentence that is
    still being spoken, and the next `you` line is the whole of it; `you?:` is not clear enough to be obeyed. `it:` is
    the very next thing said, after `…` any later one; `+3s` waits, `+count` waits for a count's end, `silence 3s` must
    be silent, `state:` names the state.
    `known:` lists the facts of the journal (advice and check unless told otherwise), `routine:` begins a session
    (again: after a crash), `day +1` lets days pass, `lost:`/`found:` break and mend a room, `asleep` stops the
    machine, `over` means that the program has ended.
    """

    def __init__(self, journey: Path, rehearsal: Rehearsal) -> None:
        self.journey = journey
        self.rehearsal = rehearsal
        self.cursor = 0
        self.skips = False
        self.place = journey.name
        self.facts = ["expert_advice_heard", "screening_passed"]
        self.began_s: float | None = None
        self.lines = {
            r"known: *(.*)": self.known,
            r"routine: *(.*)": self.begin,
            r"rating: on": self.rate,
            r"day \+([0-9]+)": self.days,
            r"lost: *(.*)": self.lose,
            r"found: *(.*)": self.find,
            r"asleep ([0-9]+)s": self.sleep,
            r"over": self.over,
            r"you…: *(.*)": self.you_so_far,
            r"you\?: *(.*)": self.you_unclearly,
            r"you!: *(.*)": self.you,
            r"you: *(.*)": self.you_politely,
            r"it: *(.*)": self.it,
            r"state: *(.*)": self.state,
            r"\+([0-9.]+)s": self.wait,
            r"\+count": self.count,
            r"silence ([0-9.]+)s": self.silence,
            r"…": self.skip,
        }

    def perform(self) -> None:
        for number, line in enumerate(self.journey.read_text(encoding="utf-8").splitlines(), start=1):
            self.place = f"{self.journey.name}:{number}"
            text = line.strip()
            if text and not text.startswith("#"):
                self.read(text)

    def read(self, text: str) -> None:
        for pattern, do in self.lines.items():
            if found := re.fullmatch(pattern, text):
                do(*found.groups())
                return
        pytest.fail(f"{self.place}: not a line of a journey: {text}")

    def known(self, facts: str) -> None:
        self.facts = []
        self.rehearsal.know(*(KNOWN[fact.strip()] for fact in facts.split(",") if fact.strip() != "nothing"))

    def begin(self, routine: str) -> None:
        self.rehearsal.know(*self.facts)
        self.facts = []
        self.cursor = len(self.rehearsal.told.sounded)
        self.rehearsal.begin(None if routine == "none" else routine)

    def rate(self) -> None:
        self.rehearsal.asks_rating = True

    def days(self, days: str) -> None:
        self.rehearsal.clock = ManualClock(self.rehearsal.clock.wall() + timedelta(days=int(days)))

    def lose(self, room: str) -> None:
        self.rehearsal.session.tell(Failed(at_s=self.rehearsal.player.now_s, room=room, reason="gone"))

    def find(self, room: str) -> None:
        self.rehearsal.lockstep.wait_until_quiet()
        self.rehearsal.session.tell(Recovered(at_s=self.rehearsal.player.now_s, room=room))

    def sleep(self, seconds: str) -> None:
        self.rehearsal.session.tell(Slept(at_s=self.rehearsal.player.now_s, seconds=float(seconds)))

    def over(self) -> None:
        self.rehearsal.lockstep.wait(5.0)
        assert self.rehearsal.session.is_over, f"{self.place}: the program goes on"

    def count(self) -> None:
        self.rehearsal.lockstep.wait_for_count()

    def you(self, text: str) -> None:
        if self.skips:
            self.cursor = len(self.rehearsal.told.sounded)
        if self.began_s is not None:
            self.rehearsal.lockstep.wait(REST_OF_WORDS_S)
        self.rehearsal.say(text, began_s=self.began_s)
        self.began_s = None

    def you_so_far(self, text: str) -> None:
        if self.skips:
            self.cursor = len(self.rehearsal.told.sounded)
        self.began_s = self.rehearsal.player.now_s if self.began_s is None else self.began_s
        self.rehearsal.say(text, began_s=self.began_s, is_final=False)

    def you_unclearly(self, text: str) -> None:
        self.rehearsal.lockstep.wait_until_quiet()
        self.rehearsal.say(text, is_sure=False, spare=NEARLY)

    def you_politely(self, text: str) -> None:
        if self.began_s is None:
            self.rehearsal.lockstep.wait_until_quiet()
        self.you(text)

    def it(self, text: str) -> None:
        for wanted in _items(text):
            self.expect(wanted)
            self.skips = False

    def state(self, name: str) -> None:
        self.rehearsal.lockstep.wait_until_quiet()
        assert self.rehearsal.state == name, self.place

    def wait(self, seconds: str) -> None:
        self.rehearsal.lockstep.wait_until_quiet()
        self.rehearsal.lockstep.wait(float(seconds))

    def silence(self, seconds: str) -> None:
        self.rehearsal.lockstep.wait_until_quiet()
        before = len(self.rehearsal.told.sounded)
        self.rehearsal.lockstep.wait(float(seconds))
        assert self.rehearsal.told.sounded[before:] == [], f"{self.place}: expected silence"

    def skip(self) -> None:
        self.skips = True

    def expect(self, wanted: str) -> None:
        """Put the cursor behind the sentence; time moves until it is said."""
        until_s = self.rehearsal.player.now_s + PATIENCE_S
        while True:
            heard = [_plain(text) for _, text in self.rehearsal.told.sounded[self.cursor :]]
            if self.skips and _plain(wanted) in heard:
                self.cursor += heard.index(_plain(wanted)) + 1
                return
            if heard and not self.skips:
                assert heard[0] == _plain(wanted), f"{self.place}: expected '{wanted}', it said '{heard[0]}'"
                self.cursor += 1
                return
            assert self.rehearsal.player.now_s < until_s, f"{self.place}: '{wanted}' was never said; it said {heard}"
            self.rehearsal.lockstep.step()


def _items(text: str) -> Iterable[str]:
    """One sentence; or several numbers in one line: "one. two. three."."""
    parts = [part.strip() for part in text.split(".") if part.strip()]
    return parts if all(len(part.split()) <= 2 for part in parts) and len(parts) > 1 else [text]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("-", " ")))
