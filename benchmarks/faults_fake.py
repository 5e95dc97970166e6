"""Faults that no sound server can be made to have: streams called by hand, with a clock moved by hand.

Everything else is the application's own: microphone, speaker, watch, session, player. Used by faults.py.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from assistant.capture.microphone import Microphone
from assistant.clock import ManualClock
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import BLOCK_S, Effect, Event, Failed, Recovered, Say, VoiceBegan
from assistant.respond.states import Counting, Paused
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.store.settings import folders, resolve
from assistant.wire import build
from assistant.wire.devices.device_watch import Watch
from assistant.wire.devices.rescan import Rescan
from assistant.wire.devices.speaker import Speaker
from assistant.wire.mouth import DirectMouth

NO_FLAG = SimpleNamespace(input_overflow=False, output_underflow=False)
PATIENCE_S = 30.0
BLOCK = 320
FIRST_NUMBERS = 4
MAINS = 3_000 * np.sin(2 * np.pi * 50 * np.arange(16_000) / 16_000)

Outcome = tuple["float | None", bool, bool]


class Stream:
    """A stream that the machine calls."""

    latency = 0.1

    def __init__(self, machine: Machine, **settings: Any) -> None:
        self.machine, self.settings = machine, settings
        self.is_open = False

    def start(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False
        self.machine.may_close.wait()

    abort = close


class Machine:
    """The sounddevice module's interface over fake devices, and a session that runs on them."""

    class PortAudioError(Exception):
        """Stands for sounddevice's error."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.there, self.known = list(names), list(names)
        self.default = SimpleNamespace(device=(0, 0))
        self.streams: list[Stream] = []
        self.may_close = threading.Event()
        self.may_close.set()
        self.pace = 1.0
        self.sound: Callable[[int], np.ndarray] = lambda _: self._rng.normal(0, 20, BLOCK)
        self._rng = np.random.default_rng(1)
        self.folder = folder
        self._blocks = 0
        self._owed = 0.0
        self._begin()

    # --- sounddevice -------------------------------------------------------------------------------------------------

    def query_hostapis(self) -> list[dict[str, str]]:
        return [{"name": "fake"}]

    def query_devices(self) -> list[dict[str, Any]]:
        kind = {"hostapi": 0, "default_samplerate": 48_000.0}
        return [
            {"name": name, "max_input_channels": name != "Loud", "max_output_channels": name == "Loud", **kind}
            for name in self.known
        ]

    def check_input_settings(self, **_: Any) -> None:
        """Accept any settings."""

    check_output_settings = check_input_settings

    def RawInputStream(self, **settings: Any) -> Stream:
        self.streams.append(Stream(self, **settings))
        return self.streams[-1]

    OutputStream = RawInputStream

    def _terminate(self) -> None:
        if any(stream.is_open for stream in self.streams):
            raise self.PortAudioError("a stream is open")

    def _initialize(self) -> None:
        self.known = list(self.there)

    # --- the session -------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        where = folders({"TUINA_HOME": str(self.folder)})
        settings, _ = resolve(where, {})
        self.clock, self.player = ManualClock(), Player()
        self.journal = Journal(where.journal)
        for fact in ("expert_advice_heard", "screening_passed"):
            self.journal.remember(fact, self.clock.wall())
        self.events: list[Event] = []
        self.texts: dict[int, str] = {}
        self.spoken: list[str] = []
        self.microphone = Microphone(None, self._take, clock=self.clock, sound=self)
        self.speaker = Speaker("Loud", self.player.render, clock=self.clock, sound=self)
        self.sink: Callable[[], object] = lambda: None
        mouth = DirectMouth(ClipCache(SilentVoice(), None), self.player)
        self.session = build.session(
            build.load_files(settings, where), self.player, mouth, lambda _: None,
            clock=self.clock, journal=self.journal, observers=(self,),
        )  # fmt: skip
        self.speaker.start()
        if "Mic" in self.there:
            self.microphone.start()
        rescan = Rescan(self, lambda: tuple(self.there))
        self.watch = Watch(
            self.microphone, self.speaker, self.clock, self.player, self.clock.now_s, rescan=rescan
        )  # fmt: skip
        self.session.begin("full", "full")

    def _take(self, frames: bytes, at_s: float) -> None:
        self.sink()
        for _ in self.microphone.blocks_of(frames, at_s):
            """An ear would hear it."""

    def on_event(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, VoiceBegan):
            self.spoken.append(self.texts[event.utterance])

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        if isinstance(effect, Say):
            self.texts[effect.utterance] = text

    def say(self, text: str) -> None:
        self.session.hear(heard_from_line(text, self.player.now_s))

    def step(self) -> None:
        """Advance by 20 ms."""
        self.clock.advance(BLOCK_S)
        for stream in [one for one in self.streams if one.is_open]:
            if "finished_callback" in stream.settings and stream.settings["blocksize"] == BLOCK:
                self._owed += self.pace
                while self._owed >= 1:
                    self._owed -= 1
                    pcm = np.clip(np.rint(self.sound(self._blocks)), -32_768, 32_767).astype("<i2")
                    self._blocks += 1
                    stream.settings["callback"](pcm.tobytes(), 320, None, NO_FLAG)
            else:
                stream.settings["callback"](np.zeros((480, 1), np.int16), 480, None, NO_FLAG)
        for event in self.watch.look():
            self.session.tell(event)
        self.session.tick()
        for post in self.watch._posts:
            if post.attempt is not None:
                post.attempt.join(0.0 if not self.may_close.is_set() else 5.0)

    def until(self, is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> float | None:
        """Return the time until it is so, by the clock; None: never."""
        start_s = self.clock.now_s()
        while not is_so():
            if self.clock.now_s() - start_s > patience_s:
                return None
            self.step()
        return round(self.clock.now_s() - start_s, 2)

    def to_count(self) -> None:
        """Advance to the fourth number."""
        self.until(lambda: self.player.is_idle and len(self.spoken) > 0, 60)
        self.say("start")
        self.until(lambda: type(self.session.state).__name__ == "ReadyPrompt", 120)
        self.say("ready")
        self.until(lambda: self.counts_past(FIRST_NUMBERS - 1), 60)

    @property
    def number(self) -> int:
        """Counted last, or held; 0 while no count is open."""
        state = self.session.state
        place = state.place if isinstance(state, Counting | Paused) else None
        return place.n if place else 0

    def counts_past(self, number: int) -> bool:
        return isinstance(self.session.state, Counting) and self.number > number

    def has(self, kind: type[Failed | Recovered], room: str) -> bool:
        return any(isinstance(one, kind) and one.room == room for one in self.events)


def trial(
    make: Callable[[Machine], object], end: Callable[[Machine], object], room: str, words: str, *, holds: bool = True
) -> Callable[[], Outcome]:
    """Return a trial of one fault in a count: its detection, if it was announced, and if the session was kept."""

    def run() -> Outcome:
        with tempfile.TemporaryDirectory() as folder:
            machine = Machine(Path(folder), "Mic", "Loud")
            machine.to_count()
            make(machine)
            detected_s = machine.until(lambda: machine.has(Failed, room))
            n = machine.number
            machine.until(lambda: False, 5.0)
            was_held = isinstance(machine.session.state, Paused) and machine.number == n
            end(machine)
            if holds:
                machine.until(lambda: machine.has(Recovered, room))
                machine.until(lambda: machine.player.is_idle)
                machine.say("resume")
            machine.until(lambda: machine.counts_past(n))
            goes_on = machine.counts_past(n)
            machine.journal.close()
            return detected_s, any(words in text for text in machine.spoken), goes_on and was_held == holds

    return run


def _raise_once(machine: Machine) -> None:
    def broken() -> None:
        machine.sink = lambda: None
        raise MemoryError

    machine.sink = broken


def _unplug(machine: Machine) -> None:
    for stream in machine.streams:
        stream.is_open = stream.is_open and stream.settings["blocksize"] != BLOCK


def _unplug_and_reorder(machine: Machine) -> None:
    _unplug(machine)
    machine.known = machine.there = ["Loud"]


def _hang(machine: Machine) -> None:
    _unplug(machine)
    machine.may_close.clear()


def _hears(sound: Callable[[int], np.ndarray]) -> Callable[[Machine], None]:
    return lambda machine: setattr(machine, "sound", sound)


def _no_microphone() -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(Path(folder), "Loud")
        detected_s = machine.until(lambda: machine.has(Failed, "missing"))
        machine.until(lambda: any("I find no microphone" in text for text in machine.spoken), 60)
        machine.there.insert(0, "Mic")
        back = machine.until(lambda: machine.has(Recovered, "missing"), 60)
        machine.journal.close()
        return detected_s, any("I find no microphone" in text for text in machine.spoken), back is not None


def _nothing(_: Machine) -> None:
    """Do nothing: the fault ends by itself."""


SQUARE = np.repeat([4e4, -4e4] * 8, 20)
NOISE = np.random.default_rng(2).normal(0, 20, 320)
WELL = _hears(lambda n: np.roll(NOISE, n))
DEAF = "I cannot hear you, so I have paused"
TRIALS: list[tuple[str, Callable[[], Outcome]]] = [
    ("the microphone's callback raised", trial(_raise_once, _nothing, "capture", DEAF)),
    ("half of the sound lost without a flag",
     trial(lambda m: setattr(m, "pace", 0.5), lambda m: setattr(m, "pace", 1.0), "capture", DEAF)),
    ("no microphone at the start; plugged in later", _no_microphone),
    ("unplugged; back under another index",
     trial(_unplug_and_reorder, lambda m: setattr(m, "there", ["Loud", "Mic"]), "capture", DEAF)),
    ("sound at twice the rate",
     trial(lambda m: setattr(m, "pace", 2.0), lambda m: setattr(m, "pace", 1.0), "capture", DEAF)),
    ("48 000 Hz taken for 44 100",
     trial(lambda m: setattr(m, "pace", 48 / 44.1), lambda m: setattr(m, "pace", 1.0), "capture", DEAF)),
    ("close() hangs", trial(_hang, lambda m: m.may_close.set(), "capture", DEAF)),
    ("a constant voltage", trial(_hears(lambda _: np.full(320, 900.0)), WELL, "muted", DEAF)),
    ("clipped", trial(_hears(lambda _: SQUARE), WELL, "clipped",
                            "too loud", holds=False)),
    ("50 Hz hum only", trial(_hears(lambda n: MAINS[n % 50 * 320 : n % 50 * 320 + 320]), WELL, "hum", "hums",
                                   holds=False)),
]  # fmt: skip
