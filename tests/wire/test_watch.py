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


def reasons(watch):
    """What is reported at this look, in our own words."""
    return [event.reason for event in watch.look() if isinstance(event, Failed)]


def test_a_callback_that_raised_is_an_event(watch, device, clock):
    """The device goes on, and nobody would hear; it is opened anew, and is back with the next block."""
    run(watch, device, clock, 5, gives=True)
    device.last_error = "MemoryError: "

    lost = reasons(watch)
    found = run(watch, device, clock, 2, gives=True)

    assert lost == ["MemoryError: "]
    assert found == [(Recovered, "capture")]
    assert device.calls == ["stop", "start"]


def test_a_muted_microphone_is_told_and_left_open(watch, device, clock):
    """Zeros after a noise floor; opening it again helps nobody. It is back when it gives noise."""
    run(watch, device, clock, 6, gives=True)
    events = []
    for _ in range(50):
        clock.advance(0.1)
        device.give(is_flat=True)
        events += [(type(event), event.room) for event in watch.look()]
    was_suspect = device.is_suspect
    back = run(watch, device, clock, 3, gives=True)

    assert events == [(Failed, "muted")]
    assert back == [(Recovered, "muted")]
    assert was_suspect
    assert not device.is_suspect
    assert device.calls == []


def test_a_device_at_another_rate_is_told_and_opened_anew(watch, device, clock):
    """Twice the frames in the same time is a headset that changed its mode."""
    run(watch, device, clock, 5, gives=True)
    events = []
    for _ in range(30):
        clock.advance(0.1)
        device.give(0.2)
        device.last_block_s = clock.now_s()
        events += [(type(event), event.room) for event in watch.look()]
        wait_for_attempt(watch)

    assert events[0] == (Failed, "capture")
    assert device.calls[:2] == ["stop", "start"]


def test_a_rate_that_stays_wrong_is_told_twice_and_then_taken(watch, device, clock):
    """To be interrupted every few seconds is worse than a rate that is off."""
    run(watch, device, clock, 5, gives=True)
    events = []
    for _ in range(600):
        clock.advance(0.1)
        device.give(0.2)
        events += [type(event) for event in watch.look()]
        wait_for_attempt(watch)

    assert events == [Failed, Recovered, Failed, Recovered]


class FakeSource:
    """A sound server that gives a microphone, or a monitor in its place."""

    def __init__(self) -> None:
        self.is_monitor = False
        self.has_one = True

    def look(self) -> None:
        self.is_monitor = not self.has_one

    def has_microphone(self) -> bool:
        return self.has_one


def test_a_monitor_in_place_of_the_microphone_is_closed_at_once(device, clock):
    """Our own voice must reach no ear; nothing is opened before there is a microphone."""
    source = FakeSource()
    watch = Watch(device, None, clock, Player(), source=source)
    run(watch, device, clock, 6, gives=True)
    source.has_one, source.is_monitor = False, True

    lost = run(watch, device, clock, 10)
    while_gone = list(device.calls)
    source.has_one, source.is_monitor = True, False
    back = [event for _ in range(60) for event in run(watch, device, clock, 0.1, gives=device.calls[-1] == "start")]

    assert lost == [(Failed, "capture")]
    assert set(while_gone) == {"stop"}
    assert back == [(Recovered, "capture")]


def test_a_microphone_that_was_never_there_is_told_at_once_and_found(device, clock):
    """It was never opened: that is no loss, and holds nothing."""
    device.device_name, device.is_gone = "", True
    watch = Watch(device, None, clock, Player())

    first = run(watch, device, clock, 0.1)
    waiting = run(watch, device, clock, 20)
    device.is_gone = False
    run(watch, device, clock, RETRY_S)
    found = run(watch, device, clock, 3, gives=True)

    assert first == [(Failed, "missing")]
    assert waiting == []
    assert found == [(Recovered, "missing")]


def test_another_device_than_before_is_noted(device, clock):
    """The system's choice may be another microphone now."""
    notes = []
    watch = Watch(device, None, clock, Player(), note=notes.append)
    run(watch, device, clock, 5, gives=True)
    run(watch, device, clock, 2)
    device.device_name = "Headset"
    run(watch, device, clock, 5, gives=True)

    assert notes == ["Microphone: Headset"]


def test_advice_on_the_sound_is_passed_on_once(watch, device, clock):
    """It is no loss: nothing is opened again."""
    device.levels.advice.extend(["clipped", "hum"])

    assert run(watch, device, clock, 3, gives=True) == [(Failed, "clipped"), (Failed, "hum")]
    assert device.calls == []


class FakeRescan:
    """PortAudio's frozen list, and what is really there."""

    def __init__(self, device) -> None:
        self.device = device
        self.is_other = False
        self.runs = 0

    def is_worth_it(self) -> bool:
        return self.is_other

    def run(self) -> None:
        self.runs += 1
        self.device.is_gone = False


def test_the_list_of_devices_is_made_anew_only_where_it_changed(clock):
    """The speaker is closed for that moment, which is neither told nor counted as a loss."""
    microphone, speaker = FakeDevice(clock), FakeDevice(clock)
    rescan = FakeRescan(microphone)
    watch = Watch(microphone, speaker, clock, Player(), rescan=rescan)
    events = []

    def pass_time(seconds, mic_gives):
        for _ in range(round(seconds * 10)):
            clock.advance(0.1)
            speaker.give()
            if mic_gives:
                microphone.give()
            events.extend((type(event), event.room) for event in watch.look())
            wait_for_attempt(watch)

    pass_time(5, mic_gives=True)
    microphone.is_gone = True
    pass_time(10, mic_gives=False)
    before = (rescan.runs, list(speaker.calls))
    rescan.is_other = True
    pass_time(RETRY_S + 0.2, mic_gives=False)
    pass_time(3, mic_gives=True)

    assert before == (0, [])
    assert (rescan.runs, speaker.calls) == (1, ["stop", "start"])
    assert events == [(Failed, "capture"), (Recovered, "capture")]
