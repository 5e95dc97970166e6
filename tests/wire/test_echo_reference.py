"""The echo canceller on its way from the player to the speaker, and from the microphone to the recogniser."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import soxr

from assistant.capture.echo import EchoCanceller
from assistant.errors import EngineError
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock, Heard
from assistant.speak.player import Player
from assistant.store.settings import Settings
from assistant.wire.devices.speaker import Speaker
from assistant.wire.echo_reference import echo_canceller, overheard
from assistant.wire.runtime import EarThread, NoMore, make_inbox

SPOKEN = Path(__file__).parents[1] / "data" / "spoken"
BLOCK = round(BLOCK_S * EAR_RATE_HZ)
SOON_S = 120.0  # longer than any machine needs; a test that waits so long has failed
FINE = SimpleNamespace(output_underflow=False)


class FakeStream:
    """A stream whose callback the test calls by hand."""

    latency = 0.1

    def __init__(self, **settings):
        self.settings = settings

    def start(self):
        pass

    def ask(self, count):
        self.settings["callback"](np.zeros((count, self.settings["channels"]), np.int16), count, None, FINE)


class FakePortAudio:
    """One speaker of 48 kHz, in the words of the sounddevice module."""

    class PortAudioError(Exception):
        """sounddevice's error."""

    default = SimpleNamespace(device=(-1, 0))

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    def query_devices(self):
        names = {"name": "Loud", "hostapi": 0, "max_input_channels": 0}
        return [names | {"max_output_channels": 2, "default_samplerate": 48_000.0}]

    def check_output_settings(self, *, samplerate, **_):
        if samplerate != 48_000:
            raise self.PortAudioError("Invalid sample rate")

    def OutputStream(self, **settings):
        self.stream = FakeStream(**settings)
        return self.stream


class Listener:
    """A recogniser that keeps what it is fed."""

    def __init__(self):
        self.pcm = []

    def feed(self, block):
        self.pcm.append(block.pcm)
        return ()

    def finish(self):
        return ()


class FakeMicrophone:
    """Gives its frames as one block."""

    @property
    def cutter(self):
        return self

    def blocks_of(self, frames, at_s):
        yield AudioBlock(pcm=np.frombuffer(frames, np.int16), rate_hz=EAR_RATE_HZ, at_s=at_s)


def test_off_means_without():
    """Nothing is loaded for headphones."""
    notes = []

    assert echo_canceller("off", notes.append) is None
    assert notes == []


@pytest.mark.parametrize("wanted", ["on", "auto"])
def test_where_the_library_is_there_it_is_used(wanted):
    """It is made, and nothing is noted."""
    notes = []

    assert isinstance(echo_canceller(wanted, notes.append), EchoCanceller)
    assert notes == []


def test_auto_goes_on_without_and_says_so(monkeypatch):
    """A missing library is a note with what to do."""
    monkeypatch.setitem(sys.modules, "pyaec", None)
    notes = []

    assert echo_canceller("auto", notes.append) is None
    assert "headphones" in notes[0]


def test_on_does_not_start_without(monkeypatch):
    """A session with echo "on" does not start without the canceller."""
    monkeypatch.setitem(sys.modules, "pyaec", None)

    with pytest.raises(EngineError, match="pyaec"):
        echo_canceller("on", lambda _: None)


def test_it_is_on_where_it_can_be():
    """Nobody has to ask for it."""
    assert Settings().echo == "auto"


def test_the_canceller_is_told_what_the_player_gave():
    """At the player's rate, whatever the speaker's is."""
    sound, echo = FakePortAudio(), EchoCanceller()
    speaker = Speaker(None, overheard(lambda count: np.full(count, 5, np.int16), echo), sound=sound)
    speaker.start()

    for _ in range(10):
        sound.stream.ask(960)

    assert speaker.frames / MOUTH_RATE_HZ == echo.played_s
    assert echo.played_s == pytest.approx(0.2, abs=0.04)


def test_without_a_canceller_nothing_stands_between():
    """The speaker asks the player itself."""
    player = Player()

    assert overheard(player.render, None) == player.render


@pytest.fixture
def conversation():
    """Twelve seconds of a voice for the speaker, and what a microphone hears of it 0.19 s later, a fifth as loud."""
    clips = [soundfile.read(path, dtype="int16")[0] for path in sorted(SPOKEN.glob("kokoro-*/*.flac"))]
    far = np.tile(np.concatenate(clips), 3)[: 12 * EAR_RATE_HZ]
    heard = np.concatenate([np.zeros(3_040), far / 5])[: len(far)].astype(np.int16)
    return soxr.resample(far, EAR_RATE_HZ, MOUTH_RATE_HZ), heard


@pytest.mark.parametrize("with_echo", [True, False])
def test_the_ear_does_not_hear_the_loudspeaker(conversation, with_echo):
    """Every block of a microphone passes through the canceller on the ear's thread before it is heard."""
    far, heard = conversation
    echo, inbox, listener = EchoCanceller() if with_echo else None, make_inbox(), Listener()
    place = iter(far.reshape(-1, 480))
    render = overheard(lambda _: next(place), echo)
    ear = EarThread(lambda: listener, inbox, Player(), echo=echo)
    ear.listen()

    for n in range(len(heard) // BLOCK):
        render(480)
        ear.take_raw(FakeMicrophone(), heard[n * BLOCK : (n + 1) * BLOCK].tobytes(), n * BLOCK_S)
        if n % 100 == 99:
            _until_heard(listener, n + 1)
    ear.finish()

    assert isinstance(inbox.get(timeout=SOON_S), NoMore)
    last = np.concatenate(listener.pcm)[-2 * EAR_RATE_HZ :]
    assert (np.std(last) < np.std(heard[-2 * EAR_RATE_HZ :]) / 10) == with_echo


class Believer(Listener):
    """A recogniser that takes every second of sound for a word, and counts how often it was made to forget."""

    def __init__(self):
        super().__init__()
        self.resets = 0

    def feed(self, block):
        super().feed(block)
        if len(self.pcm) % 50:
            return ()
        word = {"text": "stop", "is_final": True, "is_sure": True, "score": 9.0}
        return (Heard(**word, at_s=block.at_s - 0.98, end_s=block.at_s + BLOCK_S),)

    def reset(self):
        self.resets += 1


@pytest.mark.parametrize(("with_echo", "passed"), [(True, 0), (False, 12)])
def test_words_that_are_its_own_do_not_reach_the_session(conversation, with_echo, passed):
    """Whatever the ear makes of its own voice, from the first second on; without a canceller all of it passes."""
    far, heard = conversation
    echo, inbox, believer = EchoCanceller() if with_echo else None, make_inbox(), Believer()
    place = iter(far.reshape(-1, 480))
    render = overheard(lambda _: next(place), echo)
    ear = EarThread(lambda: believer, inbox, Player(), echo=echo)
    ear.listen()

    for n in range(len(heard) // BLOCK):
        render(480)
        ear.take_raw(FakeMicrophone(), heard[n * BLOCK : (n + 1) * BLOCK].tobytes(), n * BLOCK_S)
        if n % 100 == 99:
            _until_heard(believer, n + 1)
    ear.close()

    assert inbox.qsize() == passed + 1


def test_a_microphone_that_was_opened_again_goes_on_with_no_old_word():
    """Its time begins anew, and what was being said when it went is forgotten, once."""
    believer, quiet = Believer(), np.zeros(BLOCK, np.int16).tobytes()
    ear = EarThread(lambda: believer, make_inbox(), Player())
    ear.listen()

    for at_s in (0.0, 0.02, 0.04, 0.0, 0.02):
        ear.take_raw(FakeMicrophone(), quiet, at_s)
    _until_heard(believer, 5)
    ear.close()

    assert believer.resets == 1


def _until_heard(listener, count):
    for _ in range(2_000):
        if len(listener.pcm) >= count:
            return
        time.sleep(0.01)
    raise AssertionError("the ear stands still")
