"""Substitutes of a device: a monitor, another microphone, none, and a list that is made anew."""

from __future__ import annotations

from assistant.messages import Failed, Recovered
from assistant.speak.player import Player
from assistant.wire.devices.device_watch import RETRY_S, Watch
from tests.fakes.fake_device import FakeDevice, run, wait_for_attempt


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
