"""Noise in the bench: the level that was asked for is the level that is there, and always the same samples."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import BadAudio, UnknownName
from assistant.terminal.bench.noise import PINK, Condition, Noises, active_rms, conditions, read_clip, read_noise

SPEECH = Path(__file__).parents[2] / "data" / "speech" / "audio"


@pytest.fixture
def hiss(tmp_path) -> Path:
    path = tmp_path / "hiss.wav"
    noise = np.random.default_rng(5).standard_normal(5 * 16_000) * 0.05
    soundfile.write(path, noise, 16_000, subtype="PCM_16")
    return path


@pytest.fixture
def pcm() -> np.ndarray:
    return read_clip(next(iter(sorted(SPEECH.glob("hibari-heart/*.flac")))))


@pytest.mark.parametrize("snr_db", [24.0, 12.0, 6.0, 0.0, -3.0])
def test_the_noise_is_as_loud_as_asked(hiss, pcm, snr_db):
    """Active speech over noise, measured on what was added, is the level that was asked for."""
    speech = pcm / 32768.0

    mixed = Noises().mixed(pcm, "a.flac", Condition(str(hiss), snr_db)) / 32767.0

    scale = float(np.dot(mixed, speech) / np.dot(speech, speech))  # turned down where it would clip
    noise = mixed / scale - speech
    found_db = 20 * np.log10(active_rms(speech) / np.sqrt(np.mean(noise**2)))
    assert found_db == pytest.approx(snr_db, abs=0.25)
    assert np.abs(mixed).max() <= 0.971


def test_the_samples_are_those_of_the_published_recipe(hiss, pcm):
    """Seed, stretch of the noise, gain and rounding follow augment.py, written out here once more."""
    x, noise = pcm / 32768.0, soundfile.read(hiss)[0]
    rng = np.random.default_rng(zlib.crc32(b"voice/a.flac|hiss12"))
    start = rng.integers(0, max(1, len(noise) - len(x)))
    z = np.resize(noise[start : start + len(x)], len(x))
    frames = (x[: len(x) // 160 * 160].reshape(-1, 160) ** 2).mean(1)
    level = np.sqrt(frames[frames >= frames.max() * 10**-2.5].mean() + 1e-12)
    y = x + z * (level * 10 ** (-12 / 20) / (np.sqrt(np.mean(z**2)) + 1e-12))
    peak = np.abs(y).max()
    expected = np.round(np.clip(y * (0.97 / peak) if peak > 0.97 else y, -1, 1) * 32767).astype(np.int16)

    mixed = Noises().mixed(pcm, "voice/a.flac", Condition(str(hiss), 12.0))

    assert np.array_equal(mixed, expected)


@pytest.mark.parametrize("name", [PINK, "hiss"])
def test_clip_and_condition_decide_the_noise(hiss, pcm, name):
    """The same each time, in any order; another clip or level draws anew."""
    noise = PINK if name == PINK else str(hiss)
    used = Noises()
    first = used.mixed(pcm, "a.flac", Condition(noise, 6.0))
    other = used.mixed(pcm, "b.flac", Condition(noise, 6.0))

    assert np.array_equal(first, Noises().mixed(pcm, "a.flac", Condition(noise, 6.0)))
    assert not np.array_equal(first, other)


def test_a_short_noise_goes_round(tmp_path, pcm):
    """Noise shorter than the clip fills it all the same."""
    path = tmp_path / "short.wav"
    soundfile.write(path, np.random.default_rng(1).standard_normal(1_000) * 0.1, 16_000)

    mixed = Noises().mixed(pcm, "a.flac", Condition(str(path), 0.0))

    assert len(mixed) == len(pcm)
    assert np.any(mixed[-500:] != pcm[-500:])


def test_a_noise_of_another_rate_keeps_its_level(tmp_path, hiss):
    """Stereo at 44.1 kHz becomes mono at 16 kHz."""
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.random.default_rng(2).standard_normal((44_100, 2)) * 0.05, 44_100)

    assert len(read_noise(path)) == pytest.approx(16_000, abs=320)


def test_noise_that_is_none_is_refused(tmp_path):
    """Silence has no level, and a missing file is named."""
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(1_000), 16_000)

    with pytest.raises(BadAudio, match="silence"):
        read_noise(silent)
    with pytest.raises(BadAudio, match="nowhere"):
        read_noise(tmp_path / "nowhere.wav")


@pytest.mark.parametrize(
    ("noises", "snrs", "says"),
    [
        ([], [6.0], "--snr"),
        (["a.wav"], [], "--noise"),
        (["a.wav"], [6.0, 6.0], "twice"),
        (["x/a.wav", "y/a.wav"], [6.0], "twice"),
        (["a.wav"], [float("nan")], "no level"),
        (["a.wav"], [1000.0], "no level"),
    ],
)
def test_half_a_condition_is_refused(noises, snrs, says):
    """Noise without level, level without noise, and conditions that could not be told apart."""
    with pytest.raises(UnknownName, match=says):
        conditions(noises, snrs, [], by_loudest=False)


def test_every_noise_comes_at_every_level():
    """Named as augment.py names them."""
    assert [one.name for one in conditions(["x/kitchen.wav", PINK], [12.0, 6.5], [], by_loudest=False)] == [
        "kitchen12",
        "kitchen6.5",
        "pink12",
        "pink6.5",
    ]
