"""Watches the devices and the time: a microphone or speaker that falls silent is said, and said again when it is back.

PortAudio reports neither (faults.md rows 1-4): only the age of the last block tells. That the machine stood still
(row 47) shows in a clock that goes on while it sleeps.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from assistant.clock import Clock
from assistant.errors import DeviceError
from assistant.messages import Failed, Recovered, Slept
from assistant.speak.player import Player

OLD_S = 1.0  # faults.md row 1: no block for 1 s
GRACE_S = 3.0  # a first block may take 2 s on some sound servers (audio.md section 1)
RETRY_S = 3.0  # between attempts to open a device again: as long as a first block may take
STOOD_STILL_S = 5.0  # faults.md row 47; the loop looks every 0.02 s


class Device(Protocol):
    """What a microphone and a speaker have in common."""

    last_block_s: float | None
    has_ended: bool

    def start(self) -> None:
        """Open the device. Raises DeviceError."""

    def stop(self) -> object:
        """Close it."""


def steady_s() -> float:
    """Seconds of a clock that nobody sets, and that also counts while the machine is suspended."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)  # Linux: its monotonic clock stops in suspend
    if hasattr(time, "CLOCK_MONOTONIC"):
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # macOS: time.monotonic() stops in suspend, this one does not
    return time.monotonic()  # Windows: counts suspend


class _Post:
    """One device under watch."""

    def __init__(self, room: str, device: Device, now_s: float) -> None:
        self.room = room
        self.device = device
        self.is_lost = False
        self.opened_s = now_s
        self.next_try_s = now_s
        self.attempt: threading.Thread | None = None


class Watch:
    """Called often; gives an event when a device is lost or found again."""

    def __init__(
        self,
        microphone: Device | None,
        speaker: Device | None,
        clock: Clock,
        player: Player,
        steady: Callable[[], float] = steady_s,
    ) -> None:
        """Watch what there is; None is not watched. `steady` tells seconds, also of suspend."""
        self._clock = clock
        self._player = player
        now_s = clock.now_s()
        pairs = (("capture", microphone), ("speak", speaker))
        self._posts = [_Post(room, device, now_s) for room, device in pairs if device is not None]
        self._steady = steady
        self._looked_s = steady()
        self._awake_s = now_s

    def look(self) -> Iterable[Failed | Recovered | Slept]:
        """What changed since the last look."""
        return [*self._stood_still(), *(event for post in self._posts for event in self._look_at(post))]

    def _stood_still(self) -> Iterator[Slept]:
        before_s, self._looked_s = self._looked_s, self._steady()
        still_s = self._looked_s - before_s
        if still_s > STOOD_STILL_S:
            self._awake_s = self._clock.now_s()  # the devices stood still too: they get their time again
            yield Slept(at_s=self._player.now_s, seconds=round(still_s, 1))

    def _look_at(self, post: _Post) -> Iterator[Failed | Recovered]:
        now_s = self._clock.now_s()
        if not post.is_lost and self._is_silent(post, now_s):
            post.is_lost = True
            yield Failed(at_s=self._player.now_s, room=post.room, reason="the device gives no more sound")
        elif post.is_lost and not self._is_silent(post, now_s):
            post.is_lost = False
            yield Recovered(at_s=self._player.now_s, room=post.room)
        elif post.is_lost and now_s >= post.next_try_s and not (post.attempt and post.attempt.is_alive()):
            post.next_try_s = now_s + RETRY_S
            post.attempt = threading.Thread(target=_reopen, args=(post.device,), name="reopen", daemon=True)
            post.attempt.start()  # a driver may take seconds, or hang, and the count must go on

    def _is_silent(self, post: _Post, now_s: float) -> bool:
        last_s = post.device.last_block_s
        if last_s is None:
            return post.is_lost or now_s - max(post.opened_s, self._awake_s) > GRACE_S
        return post.device.has_ended or now_s - max(last_s, self._awake_s) > OLD_S


def _reopen(device: Device) -> None:
    try:
        device.stop()
        device.start()
    except DeviceError:
        return  # still gone: the loss was said, and there will be another try
