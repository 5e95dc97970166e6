"""A microphone or a speaker that falls silent, and comes back."""

from __future__ import annotations

import threading
from collections import deque

import pytest

from assistant.capture.levels import Levels
from assistant.clock import ManualClock
from assistant.errors import DeviceError
from assistant.messages import BLOCK_S, Failed, Recovered
from assistant.speak.player import Player
from assistant.wire.post import GRACE_S, OLD_S
from assistant.wire.watch import RETRY_S, Watch


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
        self.flats: deque[bool] = deque()
        self.sounds: deque[bool] = deque()
        self.levels = Levels()
        self.is_suspect = False
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

    def stop(self) -> None:
        self.calls.append("stop")

    def give(self, seconds: float = 0.1, *, is_flat: bool = False) -> None:
        self.last_block_s = self.clock.now_s()
        self.frames += round(seconds * self.rate_hz)
        self.flats.extend([is_flat] * round(seconds / BLOCK_S))


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def device(clock):
    return FakeDevice(clock)


@pytest.fixture
def watch(device, clock):
    return Watch(device, None, clock, Player())


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


def test_a_device_that_gives_sound_is_left_alone(watch, device, clock):
    """No event, and it is not opened again."""
    assert run(watch, device, clock, 20, gives=True) == []
    assert device.calls == []


def test_a_device_may_take_its_time_for_the_first_block(watch, device, clock):
    """Some sound servers need two seconds."""
    assert run(watch, device, clock, GRACE_S - 0.2) == []
    assert run(watch, device, clock, 5, gives=True) == []


def test_a_device_that_never_gives_a_block_is_reported(watch, device, clock):
    """Once, however long it lasts."""
    device.is_gone = True

    assert run(watch, device, clock, 30) == [(Failed, "capture")]


@pytest.mark.parametrize("has_ended", [False, True], ids=["falls silent", "ends"])
def test_a_device_that_is_lost_is_told_within_three_seconds(watch, device, clock, has_ended):
    """Whether it ends its stream or just gives nothing more."""
    run(watch, device, clock, 5, gives=True)
    device.is_gone, device.has_ended = True, has_ended

    assert run(watch, device, clock, 3) == [(Failed, "capture")]


def test_a_stream_that_ended_is_told_at_once(watch, device, clock):
    """Nothing has to be waited for."""
    run(watch, device, clock, 5, gives=True)
    device.is_gone = device.has_ended = True

    assert run(watch, device, clock, 0.1) == [(Failed, "capture")]


def test_a_device_that_comes_back_is_told(watch, device, clock):
    """It is opened again and again while it is gone, and found when it gives sound."""
    run(watch, device, clock, 5, gives=True)
    device.is_gone = True
    assert run(watch, device, clock, 10) == [(Failed, "capture")]
    tries = device.calls.count("start")
    device.is_gone = False

    assert run(watch, device, clock, RETRY_S + 0.2) == []
    assert run(watch, device, clock, 5, gives=True) == [(Recovered, "capture")]
    assert tries >= 2
    assert device.calls[:2] == ["stop", "start"]


def test_a_device_that_was_opened_again_gets_time_for_its_first_block(watch, device, clock):
    """It is not closed just before it would have given sound."""
    run(watch, device, clock, 5, gives=True)
    run(watch, device, clock, OLD_S + 0.2)
    assert device.calls == ["stop", "start"]

    run(watch, device, clock, RETRY_S - 0.5)

    assert device.calls == ["stop", "start"]


def test_it_can_be_lost_a_second_time(watch, device, clock):
    """Each loss and each return is told."""
    reports = run(watch, device, clock, 5, gives=True)
    for _ in range(2):
        reports += run(watch, device, clock, 6)
        reports += run(watch, device, clock, 3, gives=True)

    assert [kind for kind, _ in reports] == [Failed, Recovered, Failed, Recovered]


def test_a_driver_that_hangs_does_not_hold_up_the_session(watch, device, clock):
    """Looking comes back at once, and only one attempt hangs, not one every few seconds."""
    run(watch, device, clock, 5, gives=True)
    device.may_open.clear()

    reports = run(watch, device, clock, 60)
    device.may_open.set()

    assert reports == [(Failed, "capture")]
    assert device.was_tried.wait(20)
    assert device.calls == ["stop", "start"]


def test_microphone_and_speaker_are_told_apart(clock):
    """Each by the room that it serves."""
    microphone, speaker = FakeDevice(clock), FakeDevice(clock)
    watch = Watch(microphone, speaker, clock, Player())
    microphone.is_gone = speaker.is_gone = True
    run(watch, microphone, clock, 1, gives=True)

    assert run(watch, microphone, clock, 2.5, gives=True) == [(Failed, "speak")]
    assert run(watch, microphone, clock, 2) == [(Failed, "capture")]


def test_nothing_to_watch_is_nothing_to_report(clock):
    """A recording and a file need no watch."""
    watch = Watch(None, None, clock, Player())
    clock.advance(100)

    assert list(watch.look()) == []
