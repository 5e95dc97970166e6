"""Texts → clips → player, in the caller's thread where samples count time, on a thread of its own in real time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Literal

import numpy as np

from assistant.errors import TuinaError
from assistant.messages import MOUTH_RATE_HZ, Clip, Failed
from assistant.speak.clips import SHARE, ClipCache
from assistant.speak.player import Player
from assistant.wire.runtime import Inbox

CLOSE_S = 5.0  # a voice that computes longer hangs; hibari loads in half a second, on a small machine in a few
_END, _BEAT, _SENTENCE, _AHEAD = -1, 0, 1, 2  # ranks, the lowest first; nobody waits for what is rendered ahead
REST_S = 300.0  # without a new sentence; then 55 of 245 MB are freed, and the next one takes half a second longer
QUICK_S = 0.8  # of the fastest usual tempo, 75 beats a minute (routines/techniques): its numbers are ready too
PAUSE_S = 0.1  # of silence in place of a sentence that no voice can say
NOTHING = Clip(pcm=np.zeros(round(PAUSE_S * MOUTH_RATE_HZ), np.int16), rate_hz=MOUTH_RATE_HZ)


def voice_fault(player: Player, inbox: Inbox) -> Callable[[str], None]:
    """Return a function that reports a broken voice to the session, with an earcon: the next voice may be mute."""

    def tell(reason: str) -> None:
        player.sound("not_understood")
        inbox.put(Failed(at_s=player.now_s, room="voice", reason=reason))

    return tell


class DirectMouth:
    """Renders on request; the same orders give the same samples."""

    is_idle = True

    def __init__(self, clips: ClipCache, player: Player) -> None:
        """Take the voice's clips and the player that sounds them."""
        self._clips = clips
        self._player = player
        self._speed = 1.0

    def speak_sentence(self, utterance: int, text: str, *, at_once: bool = False, then_s: float = 0.0) -> None:
        """Queue a sentence, and quiet after it."""
        self._player.queue_sentence(utterance, self._clips.get(text, self._speed), at_once=at_once, then_s=then_s)

    def speak_number(self, at_s: float, text: str, n: int, period_s: float) -> None:
        """Place a number, rendered so that it fits into its period."""
        self._player.place_number(at_s, self._clips.number(text, period_s, self._speed), n, period_s)

    def speak_word(self, at_s: float, text: str) -> None:
        """Place a word."""
        self._player.place_word(at_s, self._clips.get(text, self._speed))

    def hush(self, how: Literal["now", "phrase_end"]) -> None:
        """Do nothing: no text waits here, so the player does all."""
        self._player.hush(how)

    def rate(self, percent: int) -> None:
        """Set the rate of the sentences and numbers that follow, in percent."""
        self._speed = percent / 100


class ThreadMouth:
    """Renders on a thread: numbers before sentences, so that no long sentence delays a beat."""

    def __init__(self, clips: ClipCache, player: Player, inbox: Inbox, rest_s: float = REST_S) -> None:
        """Take the voice's clips and the player; after `rest_s` without work the voice frees memory."""
        self._clips = clips
        self._player = player
        self._inbox = inbox
        self._rest_s = rest_s
        self._ready: dict[str, tuple[Clip, ...]] = {}
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
        """True if nothing waits to be rendered."""
        return self._open == 0

    def speak_sentence(self, utterance: int, text: str, *, at_once: bool = False, then_s: float = 0.0) -> None:
        """Queue a sentence, and quiet after it."""
        speed = self._speed

        def render() -> Callable[[], None]:
            try:
                clip = self._clips.get(text, speed)
            except Exception as error:  # noqa: BLE001 - the dialogue waits for the end of this sentence, said or not
                self._failed(error)
                clip = NOTHING
            return lambda: self._player.queue_sentence(utterance, clip, at_once=at_once, then_s=then_s)

        self._queue(_SENTENCE, render)

    def speak_number(self, at_s: float, text: str, n: int, period_s: float) -> None:
        """Place a number, rendered so that it fits into its period."""
        speed = self._speed

        def render() -> Callable[[], None]:
            clip = self._clips.number(text, period_s, speed)
            return lambda: self._player.place_number(at_s, clip, n, period_s)

        ready = next((clip for clip in self._ready.get(text, ()) if clip.seconds <= SHARE * period_s), None)
        if ready is not None:
            self._player.place_number(
                at_s, ready, n, period_s
            )  # a voice that hangs on a sentence does not delay the count
        else:
            self._queue(_BEAT, render)

    def speak_word(self, at_s: float, text: str) -> None:
        """Place a word."""
        speed = self._speed

        def render() -> Callable[[], None]:
            clip = self._clips.get(text, speed)
            return lambda: self._player.place_word(at_s, clip)

        self._queue(_BEAT, render)

    def warm(self, texts: Iterable[str]) -> None:
        """Render the words of counts ahead, when there is no other work."""
        for text in texts:
            self._queue(_AHEAD, partial(self._ahead, text))

    def hush(self, how: Literal["now", "phrase_end"]) -> None:
        """Drop what waits to be rendered; with "now" also what sounds."""
        with self._lock:
            self._epoch += 1
            self._player.hush(how)

    def rate(self, percent: int) -> None:
        """Set the rate of the sentences and numbers that follow, in percent."""
        self._speed = percent / 100
        self._ready.clear()

    def close(self) -> None:
        """Drop everything and end: a program that ends while a model computes on a thread is aborted."""
        with self._lock:
            self._epoch += 1
            self._jobs.put((_END, 0, 0, lambda: lambda: None))
        self._thread.join(CLOSE_S)

    def _ahead(self, text: str) -> Callable[[], None]:
        speed = self._speed
        self._ready[text] = self._clips.get(text, speed), self._clips.number(text, QUICK_S, speed)
        return lambda: None

    def _queue(self, rank: int, render: Callable[[], Callable[[], None]]) -> None:
        with self._lock:
            self._order += 1
            self._open += rank < _AHEAD
            self._jobs.put((rank, self._order, self._epoch, render))

    def _run(self) -> None:
        is_resting = True
        while True:
            try:
                rank, _, epoch, render = self._jobs.get(timeout=None if is_resting else self._rest_s)
            except queue.Empty:
                is_resting = True
                self._clips.rest()
                continue
            if rank == _END:
                return
            is_resting = False
            self._do(rank, epoch, render)

    def _do(self, rank: int, epoch: int, render: Callable[[], Callable[[], None]]) -> None:
        try:
            order = render() if rank == _AHEAD or epoch == self._epoch else None
            with self._lock:  # a hush between rendering and playing must win
                if order is not None and epoch == self._epoch:
                    order()
        except Exception as error:  # noqa: BLE001 - the end of a thread: one bad sentence must not silence the rest
            self._failed(error)
        finally:
            with self._lock:
                self._open -= rank < _AHEAD

    def _failed(self, error: Exception) -> None:
        reason = str(error) if isinstance(error, TuinaError) else f"{type(error).__name__}: {error}"
        self._inbox.put(Failed(at_s=self._player.now_s, room="voice", reason=reason))
