"""A microphone or speaker under watch that does what a test says, and time that passes for it."""

from __future__ import annotations

import threading
from collections import deque

from assistant.capture.levels import Levels
from assistant.clock import ManualClock
from assistant.errors import DeviceError
from assistant.messages import BLOCK_S


class FakeDevice:
    """Gives blocks when the test says so; may be gone, or hang in its driver."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.device_name = "Device"
        self.frames = 0
        self.rate_hz = 16_000
        self.last_block_s: float | None = None
        self.has_ended = False
        self.last_error = ""
        self.may_pause_s = 0.0
        self.flats: deque[bool] = deque()
        self.sounds: deque[bool] = deque()
        self.levels = Levels()
        self.is_suspect = self.is_hurried = False
        self.is_gone = False
        self.calls: list[str] = []
        self.may_open = threading.Event()
        self.may_open.set()
        self.was_tried = threading.Event()

    def start(self) -> None:
        self.may_open.wait(20)
        self.calls.append("start")
        self.was_tried.set()
        if self.is_gone:
            raise DeviceError("no such device")
        self.last_block_s, self.has_ended, self.last_error, self.frames = None, False, "", 0
        self.is_hurried = False

    def stop(self) -> None:
        self.calls.append("stop")

    def give(self, seconds: float = 0.1, *, is_flat: bool = False) -> None:
        self.last_block_s = self.clock.now_s()
        self.frames += round(seconds * self.rate_hz)
        self.flats.extend([is_flat] * round(seconds / BLOCK_S))


def run(watch, device, clock, seconds, *, gives=False):
    """Time passes in steps of 0.1 s; what was reported, as (kind, room)."""
    found = []
    for _ in range(round(seconds * 10)):
        clock.advance(0.1)
        if gives:
            device.give()
        found += [(type(event), event.room) for event in watch.look()]
        wait_for_attempt(watch)
    return found


def wait_for_attempt(watch):
    for post in watch._posts:
        if post.attempt is not None and post.device.may_open.is_set():
            post.attempt.join(20)
