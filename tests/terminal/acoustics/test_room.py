"""Room acoustics: the limits on numbers, the levels on synthetic sound, the sentences of the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from assistant.decode.segment import Utterance
from assistant.messages import EAR_RATE_HZ, AudioBlock
from assistant.terminal.acoustics.room import MeasuredEcho, RoomLevels, RoomMeter, judge
from assistant.terminal.acoustics.wording import RoomWords, described

GOOD = RoomLevels(voice_dbfs=-25.0, noise_dbfs=-60.0)
ECHO = MeasuredEcho(delay_s=0.182, sharpness=8.0, level_dbfs=-30.0, left_dbfs=-58.0)


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({}, ("room_good",)),
        ({"is_mute": True, "voice_dbfs": None, "noise_dbfs": None}, ("room_mute",)),
        ({"voice_dbfs": -52.0, "noise_dbfs": -75.0}, ("room_soft",)),
        ({"clipped": 0.1}, ("room_loud",)),
        ({"noise_dbfs": -30.0}, ("room_noisy",)),
        ({"noise_dbfs": -35.0}, ("room_some_noise",)),
        ({"noise_dbfs": -42.0}, ("room_good",)),
        ({"voice_dbfs": -52.0, "noise_dbfs": -54.0}, ("room_soft", "room_noisy")),
        ({"noise_dbfs": None}, ("room_good",)),
        ({"voice_dbfs": None}, ()),
        ({"echo": ECHO}, ("room_good",)),
        ({"echo": replace(ECHO, level_dbfs=-18.0)}, ("room_speaker_loud",)),
        ({"echo": replace(ECHO, left_dbfs=-35.0)}, ("room_own_voice",)),
        ({"echo": replace(ECHO, left_dbfs=None)}, ("room_good",)),
        ({"echo": replace(ECHO, level_dbfs=-18.0), "voice_dbfs": None}, ()),
    ],
)
def test_each_trouble_has_its_advice(change, advice):
    """The gravest first; nothing is claimed of what was not measured."""
    assert judge(replace(GOOD, **change)) == advice


def test_noise_under_the_voice_is_not_counted_as_voice():
    """A voice as loud as the noise does not count as above it."""
    assert RoomLevels(voice_dbfs=-30.0, noise_dbfs=-30.0).above_noise_db == pytest.approx(-90)
    assert RoomLevels(voice_dbfs=-20.0, noise_dbfs=-30.0).above_noise_db == pytest.approx(9.54, abs=0.01)


@pytest.fixture
def measured() -> Callable[..., RoomLevels]:
    """Two seconds of noise with a word of one second in the middle, again and again, in one meter."""

    def measure(*takes: tuple[float, float], is_heard: bool = True, is_padded: bool = False) -> RoomLevels:
        rng = np.random.default_rng(1)
        meter = RoomMeter()
        for voice_dbfs, noise_dbfs in takes:
            sound = rng.standard_normal(2 * EAR_RATE_HZ) * 10 ** (noise_dbfs / 20)
            word = slice(EAR_RATE_HZ // 2, EAR_RATE_HZ * 3 // 2)
            sound[word] += rng.standard_normal(EAR_RATE_HZ) * 10 ** (voice_dbfs / 20)
            pcm = np.clip(sound * 32_768, -32_768, 32_767).astype(np.int16)
            if is_padded:
                pcm[: word.start] = pcm[word.stop :] = 0
            for n, block in enumerate(pcm.reshape(-1, 320)):
                meter.hear(AudioBlock(pcm=block, rate_hz=EAR_RATE_HZ, at_s=n * 0.02))
            if is_heard:
                meter.spoke(Utterance(pcm=pcm[word], at_s=0.5, end_s=1.5, speech=1.0, is_over=True))
            meter.pause()
        return meter.room()

    return measure


def test_levels_are_measured_in_the_answers_and_between_them(measured):
    """One loud slap among three answers changes neither."""
    room = measured((-20, -60), (-20, -60), (-3, -10))

    assert room.voice_dbfs == pytest.approx(-19.5, abs=1)
    assert room.noise_dbfs == pytest.approx(-60, abs=1)
    assert judge(room) == ("room_good",)


def test_quiet_that_was_put_around_a_recording_is_no_quiet_room(measured):
    """Then nothing is known of the noise."""
    room = measured((-20, -60), is_padded=True)

    assert room.noise_dbfs is None
    assert judge(room) == ("room_good",)


def test_a_voice_that_is_too_soft_to_be_taken_for_speech_is_told(measured):
    """The ear gave no utterance; the level gives it away."""
    assert judge(measured((-56, -72), is_heard=False)) == ("room_soft",)
    assert measured((-72, -72), is_heard=False).voice_dbfs is None
    assert measured((-25, -72), is_heard=False).voice_dbfs is None


def test_sound_at_the_edge_is_counted(measured):
    """A word four times too loud."""
    assert judge(measured((4, -60))) == ("room_loud",)


def test_nothing_but_zeros_is_a_dead_microphone():
    """A living one has noise."""
    meter = RoomMeter()
    for n in range(50):
        meter.hear(AudioBlock(pcm=np.zeros(320, np.int16), rate_hz=EAR_RATE_HZ, at_s=n * 0.02))
    meter.pause()

    assert judge(meter.room()) == ("room_mute",)
    assert judge(RoomMeter().room()) == ()


def test_each_advice_is_a_sentence_of_the_language(loaded):
    """It says what to do."""
    words = RoomWords(loaded.pack)

    assert words.advice("room_soft") == "I hear you only softly. Come closer, or turn the microphone up."
    assert "headphones" in words.advice("room_own_voice")


def test_the_levels_stand_on_one_line():
    """Only what was measured."""
    assert described(replace(GOOD, echo=ECHO)) == (
        "Voice -25 dBFS, noise -60 dBFS, the voice stands out by 35 dB, "
        "my own voice -30 dBFS, 182 ms after it is played, 28 dB of it taken out"
    )
    assert described(RoomLevels(noise_dbfs=-40.0)) == "Noise -40 dBFS"
    assert described(RoomLevels()) == ""
