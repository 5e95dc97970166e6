"""Bad microphones and rooms in the bench: each does to the sound what its name says, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from assistant.errors import UnknownName
from assistant.messages import EAR_RATE_HZ as RATE_HZ
from assistant.terminal.bench.microphones import MICROPHONES
from assistant.terminal.bench.noise import PINK, Condition, Noises, conditions, loudest_rms


def heard_by(microphone: str, x: np.ndarray) -> np.ndarray:
    """The sound by this microphone, with the draws of one seed."""
    return MICROPHONES[microphone](x, np.random.default_rng(3))


def tone(hz: float, seconds: float = 0.5) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)


def level_db(x: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(x**2) + 1e-12))


@pytest.fixture
def words() -> np.ndarray:
    """Half a second of noise between two pauses, like a word."""
    noise = np.random.default_rng(7).standard_normal(RATE_HZ // 2) * 0.1
    return np.concatenate([np.zeros(RATE_HZ), noise, np.zeros(RATE_HZ)])


@pytest.mark.parametrize(("hz", "is_heard"), [(150, False), (1_000, True), (3_000, True), (5_000, False)])
def test_a_headset_carries_a_telephones_band(hz, is_heard):
    """Below 300 and above 3,400 Hz nothing is left; between them everything."""
    change_db = level_db(heard_by("bluetooth", tone(hz))) - level_db(tone(hz))

    assert change_db == pytest.approx(0.0, abs=0.1) if is_heard else change_db < -40


@pytest.mark.parametrize(("hz", "db"), [(400, 0.0), (1_000, -6.0), (4_000, -18.0)])
def test_a_tilted_microphone_loses_six_decibels_an_octave(hz, db):
    """From 500 Hz on."""
    assert level_db(heard_by("tilted", tone(hz))) - level_db(tone(hz)) == pytest.approx(db, abs=0.1)


def test_a_clipped_one_is_flat_where_it_was_loud():
    """12 dB too loud: more than half of a tone's samples are at full scale."""
    made = heard_by("clipped", tone(200))

    assert np.mean(np.abs(made) >= 0.999) > 0.5
    assert np.abs(made).max() <= 1.0


@pytest.mark.parametrize(("room", "least_db"), [("far", -40.0), ("echoing", -25.0)])
def test_a_room_goes_on_after_the_word(words, room, least_db):
    """A quarter of a second after the word the room still sounds, and more in a bathroom."""
    made = heard_by(room, words)
    after = made[int(1.6 * RATE_HZ) : int(1.7 * RATE_HZ)]
    during = made[RATE_HZ : int(1.5 * RATE_HZ)]

    assert level_db(after) - level_db(during) > least_db
    assert np.all(made[: RATE_HZ // 2] == pytest.approx(0.0, abs=1e-9))


def test_an_automatic_gain_lifts_the_pause_and_cuts_the_word():
    """The room's hiss is 40 dB below a tone before it, and 10 dB or less after two seconds of pause."""
    hiss = np.random.default_rng(1).standard_normal(3 * RATE_HZ) * 0.002
    sound = np.concatenate([hiss, tone(500, 0.5)])
    made = heard_by("pumped", sound)

    assert level_db(sound[-4_000:]) - level_db(sound[:4_000]) > 40
    assert level_db(made[-4_000:]) - level_db(made[2 * RATE_HZ : 3 * RATE_HZ]) < 10


def test_an_impulse_response_from_a_file_is_used(tmp_path):
    """One echo after 100 ms is one echo after 100 ms, as loud together as before."""
    response = np.zeros(2_000)
    response[[0, 1_600]] = 0.5
    soundfile.write(tmp_path / "hall.wav", response, RATE_HZ, subtype="PCM_16")
    click = np.zeros(RATE_HZ, np.int16)
    click[100] = 10_000

    made = Noises().mixed(click, "a.flac", Condition(microphone=str(tmp_path / "hall.wav")))

    assert sorted(np.flatnonzero(np.abs(made) > 3_000)) == [100, 1_700]


def test_a_response_that_begins_late_leaves_words_where_they_are(tmp_path):
    """3,000 samples before the direct sound: a click at the end of the clip is still there, and nothing else."""
    response = np.zeros(4_000)
    response[3_000] = 1.0
    soundfile.write(tmp_path / "late.wav", response, RATE_HZ, subtype="PCM_16")
    click = np.zeros(RATE_HZ, np.int16)
    click[-500] = 10_000

    made = Noises().mixed(click, "a.flac", Condition(microphone=str(tmp_path / "late.wav")))

    assert np.flatnonzero(np.abs(made) > 100).tolist() == [RATE_HZ - 500]


@pytest.mark.parametrize("microphone", MICROPHONES)
@pytest.mark.parametrize("count", [0, 1, 2, 159])
def test_less_than_a_frame_stays_as_it_is(microphone, count):
    """Nothing to measure, and nothing to hear."""
    pcm = np.ones(count, np.int16)

    assert np.array_equal(Noises().mixed(pcm, "a.flac", Condition(PINK, 6.0, microphone=microphone)), pcm)


def test_a_clip_without_speech_has_no_noise_but_a_microphone():
    """Its level is unknown; what a bad microphone makes of a room is not."""
    assert Condition(PINK, 6.0, microphone="far").without_noise() == Condition(microphone="far")
    assert Condition(PINK, 6.0).without_noise() is None


def test_noise_is_mixed_by_the_loudest_frame():
    """A word with a long soft end: its level is that of its loudest frame, and the peak of the clip is a half."""
    soft_end = np.concatenate([tone(300), 0.05 * tone(300, 3.0)])
    pcm = np.round(soft_end * 32_767).astype(np.int16)

    made = Noises().mixed(pcm, "a.flac", Condition(PINK, 6.0, by_loudest=True)) / 32_767.0

    assert np.abs(made).max() == pytest.approx(0.5, abs=0.001)
    scale = float(np.dot(made, soft_end) / np.dot(soft_end, soft_end))
    noise = made / scale - soft_end
    assert 20 * np.log10(loudest_rms(soft_end) / np.sqrt(np.mean(noise**2))) == pytest.approx(6.0, abs=0.25)


def test_conditions_are_named_after_all_their_parts():
    """The microphone first, as augment.py has it."""
    made = conditions([PINK], [12.0], ["far", "clipped"], by_loudest=True)

    assert [one.name for one in made] == ["far-pink12-loudest", "clipped-pink12-loudest"]
    assert [one.name for one in conditions([], [], ["far"], by_loudest=False)] == ["far"]


@pytest.mark.parametrize(("microphones", "says"), [(["phone"], "no microphone 'phone'"), (["far", "far"], "twice")])
def test_a_microphone_that_is_not_there_is_refused(microphones, says):
    """A name that nobody knows, and one that is named twice."""
    with pytest.raises(UnknownName, match=says):
        conditions([], [], microphones, by_loudest=False)


def test_the_loudest_frame_needs_noise():
    """It says how noise is mixed."""
    with pytest.raises(UnknownName, match="--by-loudest"):
        conditions([], [], ["far"], by_loudest=True)
