"""PortAudio's list of devices is made anew where it has changed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assistant.errors import DeviceError
from assistant.wire.devices.rescan import Rescan


class FakePortAudio:
    """The sounddevice module with a list that is frozen until it is started again."""

    class PortAudioError(Exception):
        """sounddevice's error."""

    default = SimpleNamespace(device=(0, 0))

    def __init__(self, *names, starts=True):
        self.names = names
        self.starts = starts
        self.calls = []

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    def query_devices(self):
        return [
            {"name": n, "hostapi": 0, "max_input_channels": 1, "max_output_channels": 1, "default_samplerate": 48e3}
            for n in self.names
        ]

    def _terminate(self):
        self.calls.append("terminate")

    def _initialize(self):
        self.calls.append("initialize")
        if not self.starts:
            raise self.PortAudioError("no")


@pytest.mark.parametrize(
    ("outside", "is_worth_it"),
    [(("Mic",), False), (("Mic", "Headset"), True), ((), True), (None, False)],
    ids=["the same", "one more", "one less", "no answer"],
)
def test_it_is_worth_it_where_the_list_has_changed(outside, is_worth_it):
    """Otherwise working streams are left alone."""
    assert Rescan(FakePortAudio("Mic"), lambda: outside).is_worth_it() is is_worth_it


def test_portaudio_is_ended_and_started():
    """Only that makes its list anew."""
    sound = FakePortAudio()
    Rescan(sound).run()

    assert sound.calls == ["terminate", "initialize"]


def test_a_portaudio_that_does_not_start_again_is_a_device_error():
    """Whoever tries again later can say so."""
    with pytest.raises(DeviceError, match="does not start again"):
        Rescan(FakePortAudio(starts=False)).run()
