"""Device watch: reports when a microphone or speaker fails and when it works again, and when the machine stood still.

PortAudio reports next to nothing (docs/faults.md, "Microphone and speaker"): `device_health.py` tells a fault from
blocks, frames and what they hold. Here it becomes an event, and the device is opened again and again, on a thread,
until it works. That the machine stood still (docs/faults.md, "Machine that slept") shows in a clock that goes on while
it sleeps.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator

from assistant.clock import Clock
from assistant.errors import DeviceError
from assistant.messages import Failed, Recovered, Slept
from assistant.speak.player import Player
from assistant.wire.deadline import finish_within
from assistant.wire.devices.device_health import (
    DeviceHealth,
    DeviceRoom,
    Fault,
    Identity,
    Listening,
    Senses,
    WatchedDevice,
    WatchedSpeaker,
)
from assistant.wire.devices.rescan import Rescan

RETRY_S = 3.0  # between attempts to reopen a device: as long as a first block may take
CLOSE_S = 2.0  # chosen: docs/faults.md, "Device that does not close"
STOOD_STILL_S = 5.0  # docs/faults.md, "Machine that slept"; the loop looks every 0.02 s
NEVER_THERE = "none was found"
NOUN: dict[DeviceRoom, str] = {"capture": "Microphone", "speak": "Speaker"}


def steady_s() -> float:
    """Return the seconds of a monotonic clock that also counts while the machine is suspended."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)  # Linux: its monotonic clock stops in suspend
    if hasattr(time, "CLOCK_MONOTONIC"):
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # macOS: time.monotonic() stops in suspend, this one does not
    return time.monotonic()  # Windows: counts suspend


class Watch:
    """Gives an event when a device is lost or found again, or when there is advice on its sound; call it often."""

    def __init__(  # noqa: PLR0913 - what it watches, by what, and whom it tells
        self,
        microphone: Listening | None,
        speaker: WatchedSpeaker | None,
        clock: Clock,
        player: Player,
        steady: Callable[[], float] = steady_s,
        *,
        source: Identity | None = None,
        rescan: Rescan | None = None,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Watch the given devices; None is not watched. A device that was never opened is waited for.

        `steady` gives seconds, also in suspend; `source` the sound server's source for us; `note` is called for another
        device than before.
        """
        self._clock = clock
        self._player = player
        self._source = source
        self._rescan = rescan
        self._note = note
        now_s = clock.now_s()
        self._microphone = microphone
        self._speaker = speaker
        self._posts: list[DeviceHealth] = []
        if microphone is not None:
            self._posts.append(DeviceHealth("capture", microphone, now_s, Senses(microphone, speaker, source)))
        if speaker is not None:
            self._posts.append(DeviceHealth("speak", speaker, now_s))
        self._missing = [post for post in self._posts if not post.name]
        self._steady = steady
        self._looked_s = steady()
        self._awake_s = now_s

    @property
    def is_mute(self) -> bool:
        """True if the speaker is lost: nothing sounds before it is back."""
        return any(post.room == "speak" and post.lost and post.lost.reason != NEVER_THERE for post in self._posts)

    def look(self) -> Iterable[Failed | Recovered | Slept]:
        """Return the changes since the last call."""
        events: list[Failed | Recovered | Slept] = [*self._never_there(), *self._stood_still()]
        for post in self._posts:
            if not post.is_parked:
                events += self._look_at(post)
        self._calm()
        return [*events, *self._advice()]

    def _calm(self) -> None:
        """Reopen a speaker that ran dry too often with a longer buffer, once nothing sounds; this is not announced."""
        if self._speaker is None or not self._speaker.is_hurried or not self._player.is_idle:
            return
        post = next(each for each in self._posts if each.device is self._speaker)
        if not (post.lost or post.is_parked or any(map(_is_at_it, self._posts))):
            post.is_parked = True
            post.attempt = threading.Thread(target=self._open_anew, args=(post,), name="reopen", daemon=True)
            post.attempt.start()

    def _never_there(self) -> Iterator[Failed]:
        """Report a missing microphone at the first call; a missing speaker cannot be announced."""
        for post in self._missing:
            post.lost = Fault("missing" if post.room == "capture" else "speak", NEVER_THERE)
            if post.room == "capture":
                yield self._failed(post.lost)
        self._missing = []

    def _stood_still(self) -> Iterator[Slept]:
        before_s, self._looked_s = self._looked_s, self._steady()
        still_s = self._looked_s - before_s
        if still_s > STOOD_STILL_S:
            self._awake_s = self._clock.now_s()  # the devices stood still too: they get new time
            for post in self._posts:
                post.judge_anew()
            yield Slept(at_s=self._player.now_s, seconds=round(still_s, 1))

    def _look_at(self, post: DeviceHealth) -> Iterator[Failed | Recovered]:
        now_s = self._clock.now_s()
        fault = post.fault(now_s, self._awake_s)
        if fault and not post.lost:
            post.lost = fault
            self._suspect(post)
            yield self._failed(fault)
        elif post.lost and not fault:
            room, post.lost = post.lost.room, None
            self._suspect(post)
            if post.name not in {"", post.device.device_name}:
                self._note(f"{NOUN[post.room]}: {post.device.device_name}")
            post.name = post.device.device_name
            yield Recovered(at_s=self._player.now_s, room=room)
        elif fault and fault.room != "muted" and now_s >= post.next_try_s and not _is_at_it(post):
            post.next_try_s = now_s + RETRY_S
            post.attempt = threading.Thread(target=self._reopen, args=(post,), name="reopen", daemon=True)
            post.attempt.start()  # a driver may take seconds, or hang, and the count must continue

    def _suspect(self, post: DeviceHealth) -> None:
        if self._microphone is not None and post.room == "capture":
            self._microphone.is_suspect = post.was_dead

    def _advice(self) -> Iterator[Failed]:
        advice = self._microphone.levels.advice if self._microphone is not None else ()
        reasons = {"clipped": "the sound hits full scale", "hum": "nothing but the mains is heard"}
        for _ in range(len(advice)):
            one = self._microphone.levels.advice.popleft()  # type: ignore[union-attr]  # there is one
            yield self._failed(Fault(one, reasons[one]))

    def _failed(self, fault: Fault) -> Failed:
        return Failed(at_s=self._player.now_s, room=fault.room, reason=fault.reason)

    # --- on a thread of its own --------------------------------------------------------------------------------------

    def _reopen(self, post: DeviceHealth) -> None:
        try:
            finish_within(lambda: _stop(post.device), CLOSE_S)
            if post.senses and self._source and not self._source.has_microphone():
                return  # there are only monitors: one of them would give us our own sound
            self._start(post)
        except DeviceError:
            self._look_for_others(post)

    def _open_anew(self, post: DeviceHealth) -> None:
        try:
            finish_within(lambda: _stop(post.device), CLOSE_S)
            self._start(post)
        except DeviceError:
            return  # gone at this moment: the age of its last block will show it
        finally:
            post.is_parked = False

    def _start(self, post: DeviceHealth) -> None:
        post.device.start()
        post.opened_s = self._clock.now_s()
        post.is_new = True
        if post.senses and self._source:
            self._source.look()

    def _look_for_others(self, post: DeviceHealth) -> None:
        """Let PortAudio find new devices; working ones are closed for that moment, and only in silence."""
        others = [other for other in self._posts if other is not post]
        is_quiet = self.is_mute or self._player.is_idle
        if self._rescan is None or any(map(_is_at_it, others)) or not (is_quiet and self._rescan.is_worth_it()):
            return
        open_ones = [other for other in others if not other.lost]
        for other in open_ones:
            other.is_parked = True
            finish_within(lambda other=other: _stop(other.device), CLOSE_S)  # type: ignore[misc]
        try:
            self._rescan.run()
            for each in (*open_ones, post):
                self._start(each)
        except DeviceError:
            return  # still gone: the loss was reported, and another attempt follows
        finally:
            for other in open_ones:
                other.is_parked = False


def _stop(device: WatchedDevice) -> None:
    device.stop()


def _is_at_it(post: DeviceHealth) -> bool:
    return post.attempt is not None and post.attempt.is_alive()
