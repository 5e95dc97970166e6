from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import soxr

from assistant.messages import EAR_RATE_HZ, MOUTH_RATE_HZ

SPOKEN = Path(__file__).parents[1] / "data" / "spoken"


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

    def RawInputStream(self, **settings):
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


@pytest.fixture(scope="session")
def spoken_for():
    """Seconds of real voices, one clip after the other in a random order, at 16 kHz."""

    def speak(seconds, voices="kokoro-*"):
        clips = [soundfile.read(path, dtype="int16")[0] for path in sorted(SPOKEN.glob(f"{voices}/*.flac"))]
        order = np.random.default_rng(7)
        parts, needed = [], round(seconds * EAR_RATE_HZ)
        while sum(map(len, parts)) < needed:
            parts += [clips[i] for i in order.permutation(len(clips))]
        return np.concatenate(parts)[:needed]

    return speak


@pytest.fixture(scope="session")
def a_command():
    """A person's "stop", at 16 kHz."""
    return soundfile.read(SPOKEN / "gsc-988e2f9a" / "stop.flac", dtype="int16")[0]


@pytest.fixture(scope="session")
def for_the_speaker():
    """The same sound at the player's rate."""
    return lambda pcm: soxr.resample(pcm, EAR_RATE_HZ, MOUTH_RATE_HZ)


@pytest.fixture(scope="session")
def in_a_room():
    """Return a microphone's sound of a loudspeaker: reverberation, delay, drift, sound lost at a time, noise."""

    def record(far, *, delay_s=0.19, ppm=0.0, jump=None, seed=1):
        chance = np.random.default_rng(seed)
        room = chance.standard_normal(3_000) * 10 ** (-3 * np.arange(3_000) / 3_000) * 0.02
        room[:40] = 0
        room[0] = 0.5
        size = 1 << int(np.ceil(np.log2(len(far) + 3_000)))
        echo = np.fft.irfft(np.fft.rfft(far.astype(float), size) * np.fft.rfft(room, size), size)[: len(far)]
        if ppm:
            echo = soxr.resample(echo, 1e6, 1e6 + ppm, quality="VHQ")
        echo = np.concatenate([np.zeros(round(delay_s * EAR_RATE_HZ)), echo])
        if jump:
            at, lost = (round(each * EAR_RATE_HZ) for each in jump)
            echo = np.concatenate([echo[:at], np.zeros(lost), echo[at:]])
        echo = np.pad(echo, (0, max(0, len(far) - len(echo))))[: len(far)]
        return np.rint(echo + 10 * chance.standard_normal(len(far))).astype(np.int16)

    return record
