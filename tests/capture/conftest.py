from types import SimpleNamespace

import pytest


class FakeStream:
    """A stream whose callback the test calls by hand."""

    def __init__(self, *, callback, finished_callback, **settings):
        self.callback = callback
        self.finished_callback = finished_callback
        self.settings = settings
        self.is_open = False
        self.latency = 0.12

    def start(self):
        self.is_open = True

    def abort(self):
        self.is_open = False

    def close(self):
        self.is_open = False
        self.finished_callback()


class FakePortAudio:
    """A machine's sound devices, in the words of the sounddevice module."""

    class PortAudioError(Exception):
        """sounddevice's error."""

    def __init__(self, devices, *, default=(0, 0), rates=(16_000, 24_000, 44_100, 48_000), channels=(1, 2)):
        self.devices = devices
        self.default = SimpleNamespace(device=default)
        self.rates, self.channels = rates, channels
        self.is_busy = False
        self.opened = []

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    def query_devices(self):
        return self.devices

    def check_input_settings(self, *, device, channels, dtype, samplerate):
        if samplerate not in self.rates:
            raise self.PortAudioError("Invalid sample rate")
        if channels not in self.channels:
            raise self.PortAudioError("Invalid number of channels")

    check_output_settings = check_input_settings

    def RawInputStream(self, **settings):  # noqa: N802 - sounddevice's name
        if self.is_busy:
            raise self.PortAudioError("Device unavailable [PaErrorCode -9985]")
        self.opened.append(FakeStream(**settings))
        return self.opened[-1]

    OutputStream = RawInputStream


def device(name, *, inputs=1, outputs=0, rate_hz=48_000):
    """One entry of PortAudio's list."""
    return {
        "name": name,
        "hostapi": 0,
        "max_input_channels": inputs,
        "max_output_channels": outputs,
        "default_samplerate": float(rate_hz),
    }


@pytest.fixture
def machine():
    """Make a machine of these devices, all microphones and speakers at once."""

    def make(*names, **settings):
        return FakePortAudio([device(name, outputs=2) for name in names], **settings)

    return make


@pytest.fixture
def no_problem():
    """The status of a callback without overflow or underflow."""
    return SimpleNamespace(input_overflow=False, output_underflow=False)
