"""Texts → clips → player: in the caller's thread where time is counted in samples, in one of its own in real time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Literal

from assistant.errors import TuinaError
from assistant.messages import Failed
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.wire.runtime import Inbox

CLOSE_S = 5.0  # a voice that computes longer hangs; loading hibari takes half a second, on a small machine a few
_END = -1  # rank before everything


class DirectMouth:
    """Renders when asked; the same orders give the same samples."""

    is_idle = True

    def __init__(self, clips: ClipCache, player: Player) -> None:
        """Take the voice's clips and the player that sounds them."""
        self._clips = clips
        self._player = player
        self._speed = 1.0

    def say(self, utterance: int, text: str, *, at_once: bool = False) -> None:
        """Queue a sentence."""
        self._player.say(utterance, self._clips.get(text, self._speed), at_once=at_once)

    def beat(self, at_s: float, text: str, n: int, period_s: float) -> None:
        """Place a number, rendered so that it fits into its period."""
        self._player.beat(at_s, self._clips.number(text, period_s), n, period_s)

    def cue(self, at_s: float, text: str) -> None:
        """Place a word."""
        self._player.cue(at_s, self._clips.get(text))

    def hush(self, how: Literal["now", "phrase_end"]) -> None:
        """Nothing waits here: the player does it all."""
        self._player.hush(how)

    def rate(self, percent: int) -> None:
        """Speak the sentences that follow slower or faster."""
        self._speed = percent / 100


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
        self._thread = threading.Thread(target=self._run, name="mouth", daemon=True)
        self._thread.start()

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

    def close(self) -> None:
        """Drop everything and end: where a program ends while a model computes on a thread, it is aborted."""
        with self._lock:
            self._epoch += 1
            self._jobs.put((_END, 0, 0, lambda: lambda: None))
        self._thread.join(CLOSE_S)

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
            if rank == _END:
                return
            try:
                order = render() if rank == 2 or epoch == self._epoch else None  # noqa: PLR2004
                with self._lock:  # a hush between rendering and giving out must win
                    if order is not None and epoch == self._epoch:
                        order()
            except TuinaError as error:
                self._inbox.put(Failed(at_s=self._player.now_s, room="voice", reason=str(error)))
            except Exception as error:  # noqa: BLE001 - the end of a thread: one bad sentence must not silence the rest
                reason = f"{type(error).__name__}: {error}"
                self._inbox.put(Failed(at_s=self._player.now_s, room="voice", reason=reason))
            finally:
                with self._lock:
                    self._open -= rank < 2  # noqa: PLR2004
