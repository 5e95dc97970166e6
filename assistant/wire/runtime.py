"""Real time: the threads that listen, speak and read the keyboard, and the loop in which the session lives.

Everything that happens reaches the session through one inbox; nothing else touches it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.capture.microphone import Microphone
from assistant.clock import Clock
from assistant.decode.recogniser import Recogniser
from assistant.decode.typed_engine import heard_from_line
from assistant.errors import TuinaError
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, AudioBlock, Failed, Heard, Intent, Recovered, Slept
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.wire.lockstep import Sink
from assistant.wire.session import Session

MOST_BLOCKS = 250  # 5 s of sound: a longer jam means that what it holds is stale (faults.md 35)
TURN_S = 0.02  # the loop looks at the inbox and the timers this often; beats do not depend on it
MOST_BEHIND_S = 1.0  # a speaker that stood still for longer does not hurry either
FRAMES = round(BLOCK_S * MOUTH_RATE_HZ)


@dataclass(frozen=True, slots=True)
class Typed:
    """A line from the keyboard."""

    text: str


@dataclass(frozen=True, slots=True)
class NoMore:
    """The recording or the keyboard has nothing more to give."""


Message: TypeAlias = Heard | Typed | NoMore | Failed | Recovered
Inbox: TypeAlias = "queue.SimpleQueue[Message]"


@dataclass(frozen=True, slots=True)
class Raw:
    """Frames as a device gave them; the ear turns them into blocks, since the callback must not."""

    microphone: Microphone
    frames: bytes
    at_s: float


Item: TypeAlias = AudioBlock | Raw | frozenset[Intent] | None


def make_inbox() -> Inbox:
    """A place where everything that happens arrives, in order."""
    return queue.SimpleQueue()


class Ear:
    """A thread that owns the recogniser: blocks go in, what was heard comes out at the inbox."""

    def __init__(self, make: Callable[[], Recogniser], inbox: Inbox, player: Player) -> None:
        """`make` loads the engine and teaches it, on the ear's own thread: speaking need not wait for it."""
        self._make = make
        self._inbox = inbox
        self._player = player
        self._waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._blocks = threading.Semaphore(MOST_BLOCKS)
        self.dropped = 0
        """Blocks that found the queue full."""
        threading.Thread(target=self._run, name="ear", daemon=True).start()

    def take_raw(self, microphone: Microphone, frames: bytes, at_s: float) -> None:
        """Queue what a device's callback was given."""
        self.take(Raw(microphone, frames, at_s))

    def take(self, block: AudioBlock | Raw) -> None:
        """Queue a block; when the queue is full this one is dropped, counted and reported."""
        if self._blocks.acquire(blocking=False):
            self._waiting.put(block)
            return
        if self.dropped % MOST_BLOCKS == 0:
            self._fail("the ear can not keep up; sound was lost")
        self.dropped += 1

    def expect(self, intents: frozenset[Intent]) -> None:
        """Queue what is legal from here on, in order with the blocks."""
        self._waiting.put(intents)

    def finish(self) -> None:
        """No more blocks will come."""
        self._waiting.put(None)

    def _run(self) -> None:
        try:
            recogniser = self._make()
            while (item := self._waiting.get()) is not None:
                self._give(self._hear(recogniser, item))
            self._give(recogniser.finish())
        except TuinaError as error:
            self._fail(str(error))
        self._inbox.put(NoMore())

    def _hear(self, recogniser: Recogniser, item: AudioBlock | Raw | frozenset[Intent]) -> Iterable[Heard]:
        if isinstance(item, frozenset):
            recogniser.expect(item)
            return ()
        self._blocks.release()
        if isinstance(item, AudioBlock):
            return recogniser.feed(item)
        blocks = item.microphone.blocks_of(item.frames, item.at_s)
        return [heard for block in blocks for heard in recogniser.feed(block)]

    def _give(self, all_heard: Iterable[Heard]) -> None:
        for heard in all_heard:
            if heard.is_final:
                self._inbox.put(heard)

    def _fail(self, reason: str) -> None:
        self._inbox.put(Failed(at_s=self._player.now_s, room="decode", reason=reason))


class ThreadMouth:
    """A thread that renders: numbers before sentences, so that a beat is never late for a long word."""

    def __init__(self, clips: ClipCache, player: Player, inbox: Inbox) -> None:
        """Take the voice's clips and the player that sounds them."""
        self._clips = clips
        self._player = player
        self._inbox = inbox
        self._lock = threading.Lock()
        self._epoch = 0
        self._order = 0
        self._open = 0
        self._speed = 1.0
        self._jobs: queue.PriorityQueue[tuple[int, int, int, Callable[[], Callable[[], None]]]] = queue.PriorityQueue()
        threading.Thread(target=self._run, name="mouth", daemon=True).start()

    @property
    def is_idle(self) -> bool:
        """Nothing waits to be rendered."""
        return self._open == 0

    def say(self, utterance: int, text: str, *, at_once: bool = False) -> None:
        """Queue a sentence."""
        speed = self._speed

        def render() -> Callable[[], None]:
            clip = self._clips.get(text, speed)
            return lambda: self._player.say(utterance, clip, at_once=at_once)

        self._queue(1, render)

    def beat(self, at_s: float, text: str, n: int, period_s: float) -> None:
        """Place a number, rendered so that it fits into its period."""

        def render() -> Callable[[], None]:
            clip = self._clips.number(text, period_s)
            return lambda: self._player.beat(at_s, clip, n, period_s)

        self._queue(0, render)

    def cue(self, at_s: float, text: str) -> None:
        """Place a word."""

        def render() -> Callable[[], None]:
            clip = self._clips.get(text)
            return lambda: self._player.cue(at_s, clip)

        self._queue(0, render)

    def warm(self, texts: Iterable[str]) -> None:
        """Render ahead what will be needed later, when there is nothing else to do."""
        for text in texts:
            self._queue(2, lambda text=text: self._ahead(text))  # type: ignore[misc]  # binds this turn's text

    def hush(self, how: Literal["now", "phrase_end"]) -> None:
        """Drop what waits to be rendered; with "now" also what sounds."""
        with self._lock:
            self._epoch += 1
            self._player.hush(how)

    def rate(self, percent: int) -> None:
        """Speak the sentences that follow slower or faster; the clips of the count stay as they are."""
        self._speed = percent / 100

    def _ahead(self, text: str) -> Callable[[], None]:
        self._clips.get(text)
        return lambda: None

    def _queue(self, rank: int, render: Callable[[], Callable[[], None]]) -> None:
        with self._lock:
            self._order += 1
            self._open += rank < 2  # noqa: PLR2004 - rank 2 is rendering ahead, which nobody waits for
            self._jobs.put((rank, self._order, self._epoch, render))

    def _run(self) -> None:
        while True:
            rank, _, epoch, render = self._jobs.get()
            try:
                order = render() if rank == 2 or epoch == self._epoch else None  # noqa: PLR2004
                with self._lock:  # a hush between rendering and giving out must win
                    if order is not None and epoch == self._epoch:
                        order()
            except TuinaError as error:
                self._inbox.put(Failed(at_s=self._player.now_s, room="voice", reason=str(error)))
            finally:
                with self._lock:
                    self._open -= rank < 2  # noqa: PLR2004


class Pump:
    """Plays in real time where there is no speaker: into a file, or nowhere."""

    def __init__(self, player: Player, sink: Sink, clock: Clock, inbox: Inbox) -> None:
        """Begin to play on a thread of its own."""
        self._player = player
        self._sink = sink
        self._clock = clock
        self._inbox = inbox
        self._is_over = threading.Event()
        threading.Thread(target=self._run, name="pump", daemon=True).start()

    def stop(self) -> None:
        """Play no more."""
        self._is_over.set()

    def _run(self) -> None:
        start_s = self._clock.now_s() - self._player.now_s
        try:
            while not self._is_over.is_set():
                self._sink.write(self._player.render(FRAMES))
                ahead_s = start_s + self._player.now_s - self._clock.now_s()
                if ahead_s < -MOST_BEHIND_S:
                    start_s -= ahead_s  # the machine stood still: what would have sounded meanwhile is not played now
                self._is_over.wait(max(ahead_s, 0))
        except TuinaError as error:
            self._inbox.put(Failed(at_s=self._player.now_s, room="speak", reason=str(error)))


def play_recording(blocks: Iterator[AudioBlock], ear: Ear, clock: Clock) -> None:
    """Feed a recording to the ear in real time, from a thread of its own."""

    def run() -> None:
        start_s = clock.now_s()
        pause = threading.Event()
        for block in blocks:
            ear.take(block)
            pause.wait(max(start_s + block.at_s + BLOCK_S - clock.now_s(), 0))
        ear.finish()

    threading.Thread(target=run, name="recording", daemon=True).start()


def read_lines(lines: Iterable[str], inbox: Inbox, *, is_alone: bool) -> None:
    """Pass typed lines on, from a thread of its own; when they end and nothing else is heard, the session ends."""

    def run() -> None:
        for line in lines:
            inbox.put(Typed(line))
        if is_alone:
            inbox.put(NoMore())

    threading.Thread(target=run, name="keyboard", daemon=True).start()


def run_live(
    session: Session, inbox: Inbox, player: Player, watch: Callable[[], Iterable[Failed | Recovered | Slept]]
) -> None:
    """The main loop: until the person leaves, or the last source has nothing more and everything is said."""
    is_ending = False
    while not session.is_over and not (is_ending and player.is_idle):
        try:
            message = inbox.get(timeout=TURN_S)
        except queue.Empty:
            message = None
        for event in watch():  # before what was heard: that may be from before the machine stood still
            session.tell(event)
        match message:
            case Heard():
                session.hear(message)
            case Typed(text=text):
                session.hear(heard_from_line(text, player.now_s))
            case NoMore():
                is_ending = True
            case Failed() | Recovered():
                session.tell(message)
        session.tick()
