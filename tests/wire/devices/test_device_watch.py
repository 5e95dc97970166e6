"""A microphone or a speaker that falls silent, and comes back."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.messages import Clip, Failed, Recovered
from assistant.speak.player import Player
from assistant.wire.devices.device_health import GRACE_S, OLD_S
from assistant.wire.devices.device_watch import RETRY_S, Watch
from tests.fakes.fake_device import FakeDevice, run, wait_for_attempt


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
    """A lost device is reported, both after the end of its stream and after mere silence."""
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
    assert device.was_tried.wait(120)
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
    """Return the reasons reported at this check, in our own words."""
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


def test_a_speaker_that_ran_dry_too_often_is_opened_again_once_nothing_sounds(clock):
    """That is no loss, and nobody is told."""
    speaker, player = FakeDevice(clock), Player()
    watch = Watch(None, speaker, clock, player)
    run(watch, speaker, clock, 5, gives=True)
    player.queue_sentence(1, Clip(pcm=np.ones(24_000, np.int16), rate_hz=24_000))
    speaker.is_hurried = True

    events = run(watch, speaker, clock, 2, gives=True)
    while_it_spoke = list(speaker.calls)
    for _ in range(60):
        player.render(480)
    events += run(watch, speaker, clock, 2, gives=True)

    assert while_it_spoke == []
    assert speaker.calls == ["stop", "start"]
    assert events == []
