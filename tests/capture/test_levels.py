"""A microphone that is driven too hard, or gives nothing but the mains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from assistant.capture.levels import Levels

RATE_HZ = 16_000


def seconds(count):
    return np.arange(count * RATE_HZ) / RATE_HZ


def told(sound):
    """The advice on a sound, given in blocks of 20 ms."""
    levels = Levels()
    pcm = np.clip(np.rint(sound), -32_768, 32_767).astype(np.int16)
    for first in range(0, len(pcm), 320):
        levels.hear(pcm[first : first + 320])
    return list(levels.advice)


def test_the_level_of_the_last_moments_is_read_once():
    """The mean of what came since the last reading, half a second at most; then there is none before the next sound."""
    levels = Levels()
    assert levels.level_dbfs() is None
    for rms in (10_000, *[327.68] * 25):
        levels.hear(np.full(320, rms, np.int16))

    assert levels.level_dbfs() == pytest.approx(-40.0, abs=0.05)
    assert levels.level_dbfs() is None
    levels.hear(np.zeros(320, np.int16))
    assert levels.level_dbfs() == pytest.approx(-120.0)


def noise(count, rms):
    return np.random.default_rng(5).normal(0, rms, count * RATE_HZ)


def test_a_sound_that_hits_full_scale_is_told_once():
    """Within three seconds, and never again."""
    loud = np.sin(2 * np.pi * 220 * seconds(3)) * 60_000

    assert told(loud) == ["clipped"]
    assert told(np.tile(loud, 10)) == ["clipped"]


def test_one_bang_is_not_too_loud():
    """A door that falls shut within one second is no reason."""
    sound = noise(20, 50)
    sound[8_000:12_000] *= 2_000

    assert told(sound) == []


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_nothing_but_the_mains_is_told(mains_hz):
    """With its overtones; the plug of the microphone hangs loose."""
    hum = sum(900 / k * np.sin(2 * np.pi * mains_hz * k * seconds(4) + k) for k in (1, 2, 3, 5))

    assert told(hum + noise(4, 8)) == ["hum"]


@pytest.mark.parametrize("rms", [3, 300, 3_000])
def test_noise_is_no_hum(rms):
    """Nor too loud."""
    assert told(noise(30, rms)) == []


def test_a_constant_voltage_is_nothing_to_advise_on():
    """It is flat, and told as silence."""
    assert told(np.full(10 * RATE_HZ, 9_000)) == []


def test_speech_is_neither():
    """Also at the loudness of somebody near the microphone."""
    path = Path(__file__).parents[1] / "data" / "spoken" / "hibari-heart" / "start.flac"
    pcm, rate_hz = soundfile.read(path)
    speech = np.tile(soxr.resample(pcm, rate_hz, RATE_HZ), 10)

    assert told(speech * (20_000 / np.abs(speech).max())) == []
