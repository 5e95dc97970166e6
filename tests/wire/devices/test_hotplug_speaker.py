"""A speaker that is plugged in after the start takes over from what played until then."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from assistant.errors import DeviceError
from assistant.wire.devices.hotplug_speaker import LateSpeaker

FINE = SimpleNamespace(output_underflow=False)


class FakePortAudio:
    """A machine whose speaker is plugged in when the test says so."""

    class PortAudioError(Exception):
        """sounddevice's error."""

    default = SimpleNamespace(device=(-1, 0))

    def __init__(self):
        self.is_there = False
        self.settings = {}

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    def query_devices(self):
        one = {"name": "Loud", "hostapi": 0, "max_input_channels": 0, "max_output_channels": 2}
        return [{**one, "default_samplerate": 48e3}] if self.is_there else []

    def check_output_settings(self, **settings):
        """Everything is taken."""

    def OutputStream(self, **settings):
        self.settings = settings
        return SimpleNamespace(start=self.ask, latency=0.1, abort=lambda: None, close=lambda: None)

    def ask(self, count=480):
        """Return what the device would play next."""
        out = np.full((count, 1), 99, np.int16)
        self.settings["callback"](out, count, None, FINE)
        return out[:, 0]


def test_while_there_is_none_the_other_one_goes_on():
    """A try that fails stops nothing."""
    stopped = []
    late = LateSpeaker(None, lambda n: np.ones(n, np.int16), lambda: stopped.append(1), sound=FakePortAudio())

    with pytest.raises(DeviceError, match="no speaker found"):
        late.start()

    assert stopped == []
    assert late.device_name == ""


def test_it_plays_only_when_the_other_one_has_stopped():
    """Two who render at once would tear the session's time apart."""
    sound, rendered = FakePortAudio(), []

    def render(count):
        rendered.append(bool(stopped))
        return np.ones(count, np.int16)

    stopped = []
    late = LateSpeaker(None, render, lambda: stopped.append(1), sound=sound)
    sound.is_there = True
    late.start()  # the fake asks for a block while the stream starts
    out = sound.ask()
    late.stop()
    late.start()

    assert rendered == [True, True]
    assert out.all()
    assert stopped == [1]
