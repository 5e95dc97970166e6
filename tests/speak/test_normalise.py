"""From raw samples to a clip."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import VoiceError
from assistant.speak.gain_and_fade import KNEE
from assistant.speak.loudness import lufs
from assistant.speak.normalise import finish


def loudness(clip):
    """Of a whole clip, in LUFS."""
    return lufs((clip.pcm / 32_767).astype(np.float32), clip.rate_hz)


def tone(seconds, rate_hz, level=0.3):
    """A sine of 300 Hz that starts at its peak."""
    return (level * np.cos(2 * np.pi * 300 * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_any_rate_becomes_the_mouths(rate_hz):
    """Length and level stay; silence at both ends goes."""
    silence = np.zeros(rate_hz // 3, np.float32)

    clip = finish(np.concatenate([silence, tone(0.5, rate_hz), silence]), rate_hz, "x", "test")

    assert clip.rate_hz == 24_000
    assert clip.seconds == pytest.approx(0.51, abs=0.01)


@pytest.mark.parametrize("level", [0.01, 0.3, 1.0])
def test_quiet_and_loud_voices_are_equally_loud(level):
    """-17 LUFS, whatever the voice gave."""
    clip = finish(tone(1.0, 24_000, level), 24_000, "x", "test")

    assert loudness(clip) == pytest.approx(-17, abs=0.2)


def test_no_peak_is_higher_than_the_players_knee():
    """A voice with sharp peaks is as loud as another, and what the player plays alone it plays unchanged."""
    noise = np.random.default_rng(1).standard_normal(48_000).astype(np.float32)
    spikes = np.where(np.arange(48_000) % 480 == 0, 12.0, noise).astype(np.float32)

    clip = finish(spikes / 13, 24_000, "x", "test")

    assert loudness(clip) == pytest.approx(-17, abs=0.5)
    assert np.abs(clip.pcm).max() <= KNEE


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros(24_000, np.float32),
        np.full(24_000, 1e-4, np.float32),
        np.full(24_000, np.nan, np.float32),
        np.full(24_000, np.inf, np.float32),
    ],
)
def test_silence_and_garbage_are_refused(samples):
    """Nothing at all, a muted voice, and numbers that are none."""
    with pytest.raises(VoiceError, match="gave no sound"):
        finish(samples, 24_000, "x", "test")


@pytest.mark.parametrize("seconds", [0.02, 61.0])
def test_impossible_lengths_are_refused(seconds):
    """A click is no word, and a minute is no sentence."""
    with pytest.raises(VoiceError, match="s of sound"):
        finish(tone(seconds, 24_000), 24_000, "x", "test")
