from types import SimpleNamespace

import numpy as np
import pytest

from assistant.errors import DeviceError
from assistant.wire.deadline import finish_within
from assistant.wire.devices.speaker import Speaker

FINE = SimpleNamespace(output_underflow=False)


class FakeStream:
    """A stream whose callback the test calls by hand."""

    latency = 0.12

    def __init__(self, **settings):
        self.settings = settings
        self.calls = []

    def start(self):
        self.calls.append("start")

    def abort(self):
        self.calls.append("abort")

    def close(self):
        self.calls.append("close")
        self.settings["finished_callback"]()

    def ask(self, count, status=FINE):
        """Return what the device would play next."""
        out = np.full((count, self.settings["channels"]), 99, np.int16)
        self.settings["callback"](out, count, None, status)
        return out


class FakePortAudio:
    """One speaker, in the words of the sounddevice module."""

    class PortAudioError(Exception):
        """sounddevice's error."""

    default = SimpleNamespace(device=(-1, 0))

    def __init__(self, rates=(24_000, 48_000), channels=(1, 2)):
        self.rates, self.channels = rates, channels
        self.opened = []

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    def query_devices(self):
        return [
            {
                "name": "Loud",
                "hostapi": 0,
                "max_input_channels": 0,
                "max_output_channels": 2,
                "default_samplerate": 48_000.0,
            }
        ]

    def check_output_settings(self, *, device, channels, dtype, samplerate):
        if samplerate not in self.rates or channels not in self.channels:
            raise self.PortAudioError("Invalid sample rate")

    def OutputStream(self, **settings):
        self.opened.append(FakeStream(**settings))
        return self.opened[-1]


def ramp():
    """A render function whose every sample is its own position."""
    state = {"at": 0}

    def render(count):
        start = state["at"]
        state["at"] += count
        return np.arange(start, start + count).astype(np.int16)

    return render


def test_the_callback_plays_what_render_gives():
    """Samples come out in order, whatever number the device asks for."""
    sound = FakePortAudio()
    speaker = Speaker(None, ramp(), sound=sound)
    speaker.start()

    out = np.concatenate([sound.opened[0].ask(count)[:, 0] for count in (480, 100, 480)])

    assert out.tolist() == list(range(1_060))
    assert (speaker.frames, speaker.device_name) == (1_060, "Loud")


def test_a_stereo_device_gets_both_channels():
    """A device without mono plays the same on both sides."""
    sound = FakePortAudio(channels=(2,))
    speaker = Speaker(None, ramp(), sound=sound)
    speaker.start()

    assert sound.opened[0].ask(3).tolist() == [[0, 0], [1, 1], [2, 2]]


def test_a_device_of_another_rate_hears_the_same_tone():
    """At 48 kHz a second stays a second and a tone keeps its pitch."""
    sound = FakePortAudio(rates=(48_000,))
    position = [0]

    def tone(count):
        t = (position[0] + np.arange(count)) / 24_000
        position[0] += count
        return (np.sin(2 * np.pi * 440 * t) * 9_000).astype(np.int16)

    Speaker(None, tone, sound=sound).start()
    out = np.concatenate([sound.opened[0].ask(960)[:, 0] for _ in range(50)])

    assert np.argmax(np.abs(np.fft.rfft(out))) == pytest.approx(440, abs=1)
    assert 24_000 <= position[0] <= 24_000 + 3 * 480


def test_an_exception_in_render_is_silence_and_is_told():
    """A broken renderer does not end the stream."""
    sound = FakePortAudio()
    speaker = Speaker(None, lambda _count: 1 / 0, sound=sound)
    speaker.start()

    assert not sound.opened[0].ask(480).any()
    assert "ZeroDivisionError" in speaker.last_error


def test_our_own_stop_is_no_fault_and_a_vanished_device_is():
    """Only an end that nobody asked for is told."""
    sound = FakePortAudio()
    speaker = Speaker(None, ramp(), sound=sound)
    speaker.start()

    assert speaker.stop()
    assert not speaker.has_ended
    assert sound.opened[0].calls == ["start", "abort", "close"]
    speaker.start()
    sound.opened[1].settings["finished_callback"]()
    assert speaker.has_ended


def test_no_speaker_is_told():
    """A machine without one says so, and what to do."""
    sound = FakePortAudio()
    sound.query_devices = list

    with pytest.raises(DeviceError, match=r"no speaker found.*--speaker FILE.wav"):
        Speaker(None, ramp(), sound=sound).start()


def test_a_driver_that_hangs_is_left_behind():
    """A call that does not come back costs its deadline, no more."""
    import threading

    never = threading.Event()

    assert not finish_within(lambda: bool(never.wait()) and None, 0.05)
    never.set()


def test_what_was_raised_under_a_deadline_is_raised():
    """An error of the call is the caller's error."""
    with pytest.raises(ZeroDivisionError):
        finish_within(lambda: 1 / 0, 5)
