"""Real time: the threads that listen, play and read the keyboard, and the main loop of the session.

Every event reaches the session through one inbox; no other thread touches the session.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from assistant.capture.echo import EchoCanceller
from assistant.capture.frame_cutter import FrameCutter
from assistant.capture.microphone import Microphone
from assistant.clock import Clock
from assistant.decode.recogniser import Recogniser
from assistant.decode.typed_engine import heard_from_line
from assistant.errors import TuinaError
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, AudioBlock, Failed, Heard, Intent, Part, Recovered, Slept
from assistant.speak.player import Player
from assistant.wire.lockstep import Sink
from assistant.wire.session import Session

MOST_BLOCKS = 250  # 5 s of sound: what a longer jam holds is stale (docs/faults.md, "Recogniser that hangs")
TURN_S = 0.02  # the loop checks the inbox and the timers this often; beats do not depend on it
MOST_BEHIND_S = 1.0  # after a longer standstill a speaker does not catch up
CLOSE_S = 5.0  # an engine that computes longer hangs; the longest utterance takes under a second
ENDED = "it has ended"
FRAMES = round(BLOCK_S * MOUTH_RATE_HZ)


@dataclass(frozen=True, slots=True)
class Typed:
    """A line from the keyboard."""

    text: str


@dataclass(frozen=True, slots=True)
class NoMore:
    """The recording or the keyboard has no more to give."""

    lost: Literal["", "keyboard", "ear"] = ""
    """The part that a person may have meant to go on using; empty: a recording is over, or it was closed."""
    reason: str = ENDED


Message: TypeAlias = Heard | Typed | NoMore | Failed | Recovered
Inbox: TypeAlias = "queue.SimpleQueue[Message]"


@dataclass(frozen=True, slots=True)
class Raw:
    """Frames as a device gave them; the ear makes blocks of them, since the callback must not."""

    cutter: FrameCutter
    """Of the stream that they came from; the ear's thread never asks the microphone."""
    frames: bytes
    at_s: float
    played_s: float
    """Seconds given to the loudspeaker when they arrived."""


QueuedForEar: TypeAlias = AudioBlock | Raw | frozenset[Intent] | None


def make_inbox() -> Inbox:
    """Return an empty inbox, where everything arrives in order."""
    return queue.SimpleQueue()


class EarThread:
    """A thread that owns the recogniser: blocks go in, results come out at the inbox."""

    def __init__(
        self, make: Callable[[], Recogniser], inbox: Inbox, player: Player, *, echo: EchoCanceller | None = None
    ) -> None:
        """Take `make`, which loads and teaches the engine on the ear's own thread, so that speaking need not wait.

        `echo` cancels the loudspeaker's echo in a microphone's blocks.
        """
        self._make = make
        self._inbox = inbox
        self._player = player
        self._echo = echo
        self._waiting: queue.SimpleQueue[QueuedForEar] = queue.SimpleQueue()
        self._blocks = threading.Semaphore(MOST_BLOCKS)
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._heard_s = 0.0
        self.dropped = 0
        """Number of blocks that found the queue full."""

    def listen(self) -> None:
        """Load the engine and begin; queued blocks are heard. Never called where nothing sounds."""
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop hearing and end: a program that ends while a model computes on a thread is aborted."""
        self._is_closed = True
        self.finish()
        if self._thread is not None:
            self._thread.join(CLOSE_S)

    def take_raw(self, microphone: Microphone, frames: bytes, at_s: float) -> None:
        """Queue the frames of a device's callback."""
        self.take(Raw(microphone.cutter, frames, at_s, self._echo.played_s if self._echo else 0.0))

    def take(self, block: AudioBlock | Raw) -> None:
        """Queue a block; if the queue is full it is dropped, counted and reported."""
        if self._blocks.acquire(blocking=False):
            self._waiting.put(block)
            return
        if self.dropped % MOST_BLOCKS == 0:
            self.fail("the ear cannot keep up; sound was lost")
        self.dropped += 1

    def expect(self, intents: frozenset[Intent]) -> None:
        """Queue the legal intents from here on, in order with the blocks."""
        self._waiting.put(intents)

    def finish(self) -> None:
        """End the blocks."""
        self._waiting.put(None)

    def _run(self) -> None:
        lost = NoMore()
        try:
            recogniser = self._make()
            while (item := self._waiting.get()) is not None and not self._is_closed:
                self._give(self._hear(recogniser, item))
            self._give(() if self._is_closed else recogniser.finish())
        except TuinaError as error:
            lost = NoMore("ear", str(error))
        except Exception as error:  # noqa: BLE001 - the end of a thread: a person must learn that nobody listens
            lost = NoMore("ear", f"{type(error).__name__}: {error}")
        self._inbox.put(lost)

    def _hear(self, recogniser: Recogniser, item: AudioBlock | Raw | frozenset[Intent]) -> Iterable[Heard]:
        if isinstance(item, frozenset):
            recogniser.expect(item)
            return ()
        self._blocks.release()
        if isinstance(item, AudioBlock):
            return recogniser.feed(item)
        if item.at_s < self._heard_s:
            recogniser.reset()  # the microphone was opened again: a cut-off utterance would merge with the next one
        self._heard_s = item.at_s
        blocks = item.cutter.blocks_of(item.frames, item.at_s)
        if self._echo is None:
            return [heard for block in blocks for heard in recogniser.feed(block)]
        clean = map(partial(self._echo.cancel, played_s=item.played_s), blocks)
        found = [heard for block in clean for heard in recogniser.feed(block)]
        return [heard for heard in found if not self._echo.is_ours(heard.at_s, heard.end_s)]

    def _give(self, all_heard: Iterable[Heard]) -> None:
        for heard in all_heard:
            self._inbox.put(heard)

    def fail(self, reason: str) -> None:
        """Report that hearing is impaired; the session says so."""
        self._inbox.put(Failed(at_s=self._player.now_s, room="decode", reason=reason))


class Pump:
    """Plays in real time where there is no speaker: into a file, or nowhere."""

    def __init__(self, player: Player, sink: Sink, clock: Clock, inbox: Inbox) -> None:
        """Begin to play on a thread of its own."""
        self._player = player
        self._sink = sink
        self._clock = clock
        self._inbox = inbox
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pump", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop playing; after the return nothing is written any longer."""
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        start_s = self._clock.now_s() - self._player.now_s
        try:
            while not self._is_over.is_set():
                self._sink.write(self._player.render(FRAMES))
                ahead_s = start_s + self._player.now_s - self._clock.now_s()
                if ahead_s < -MOST_BEHIND_S:
                    start_s -= ahead_s  # the machine stood still: sound of that time is not played now
                self._is_over.wait(max(ahead_s, 0))
        except TuinaError as error:
            self._inbox.put(Failed(at_s=self._player.now_s, room="speak", reason=str(error)))


def play_recording(blocks: Iterator[AudioBlock], ear: EarThread, clock: Clock) -> None:
    """Feed a recording to the ear in real time, on a thread of its own."""

    def run() -> None:
        start_s = clock.now_s()
        pause = threading.Event()
        try:
            for block in blocks:
                ear.take(block)
                pause.wait(max(start_s + block.at_s + BLOCK_S - clock.now_s(), 0))
        except TuinaError as error:
            ear.fail(str(error))
        ear.finish()

    threading.Thread(target=run, name="recording", daemon=True).start()


def read_lines(lines: Iterable[str], inbox: Inbox) -> None:
    """Pass typed lines on, on a thread of its own."""

    def run() -> None:
        reason = ENDED
        try:
            for line in lines:
                inbox.put(Typed(line))
        except (OSError, ValueError) as error:  # the terminal vanished, or somebody closed it
            reason = str(error)
        inbox.put(NoMore("keyboard", reason))

    threading.Thread(target=run, name="keyboard", daemon=True).start()


def run_live(
    session: Session,
    inbox: Inbox,
    player: Player,
    watch: Callable[[], Iterable[Failed | Recovered | Slept]],
    *,
    sources: int = 1,
    is_mute: Callable[[], bool] = lambda: False,
) -> None:
    """Run the main loop until the person leaves, or all `sources` have ended and everything is said.

    While `is_mute`, it does not wait for the last sentence.
    """
    while True:
        was_quiet = session.is_quiet  # read before `tick`, so that what ended just now is still answered
        try:
            message = inbox.get(timeout=TURN_S)
        except queue.Empty:
            message = None
        for event in watch():  # before what was heard: that may be from before the machine stood still
            session.tell(event)
        sources -= _told(session, message, player.now_s, sources)
        session.tick()
        if session.is_over or (session.is_leaving and is_mute()):
            return
        if sources <= 0 and was_quiet and session.is_quiet and inbox.empty():
            return


def _told(session: Session, message: Message | None, now_s: float, sources: int) -> int:
    """Tell the session a message; 1 if one of the sources has ended with it."""
    match message:
        case Heard():
            session.hear(message)
        case Typed(text=text):
            session.hear(heard_from_line(text, now_s))
        case NoMore(lost=lost, reason=reason):
            if lost:
                room: Part = lost if sources > 1 else "input"
                session.tell(Failed(at_s=now_s, room=room, reason=reason))
            return 1
        case Failed() | Recovered():
            session.tell(message)
    return 0
