"""Loudness is that of ITU-R BS.1770, and peaks are lowered without a step."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.speak.loudness import limit, lufs


def sine(hertz, level_db, seconds=2.0, rate_hz=48_000):
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * time_s)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 48_000])
def test_a_sine_of_997_hertz_is_what_the_recommendation_says(rate_hz):
    """At full scale, in one channel, it is -3.01 LUFS; 20 dB less are 20 LU less."""
    assert lufs(sine(997, 0, rate_hz=rate_hz), rate_hz) == pytest.approx(-3.01, abs=0.02)
    assert lufs(sine(997, -20, rate_hz=rate_hz), rate_hz) == pytest.approx(-23.01, abs=0.02)


def test_low_sounds_count_less_and_high_ones_more():
    """The weighting: -1.1 dB at 100 Hz and +4 dB at 10 kHz, from the level at 997 Hz (+0.7 dB)."""
    assert lufs(sine(100, -20), 48_000) == pytest.approx(-23.01 - 0.69 - 1.1, abs=0.15)
    assert lufs(sine(10_000, -20), 48_000) == pytest.approx(-23.01 - 0.69 + 4.0, abs=0.15)


def test_pauses_do_not_count():
    """Blocks far under the rest are left out."""
    speech = np.concatenate([sine(997, -20), np.zeros(48_000 * 3, np.float32), sine(997, -20)])

    assert lufs(speech, 48_000) == pytest.approx(-23.01, abs=0.5)


def test_a_short_sound_has_a_loudness_and_silence_has_none():
    """A number word may be shorter than one block."""
    assert lufs(sine(997, -20, seconds=0.2), 48_000) == pytest.approx(-23.01, abs=0.1)
    assert lufs(np.zeros(48_000, np.float32), 48_000) == -np.inf


def test_peaks_are_lowered_to_the_ceiling_and_the_rest_is_unchanged():
    """Around a peak the gain moves in steps too small to click; a hundredth of a second away nothing changes."""
    wave = sine(300, -12, rate_hz=24_000)
    wave[24_000:24_010] = 0.9

    limited = limit(wave, 0.5, 24_000)

    assert np.abs(limited).max() <= 0.5 + 1e-6
    assert np.array_equal(limited[:23_700], wave[:23_700])
    assert np.array_equal(limited[24_300:], wave[24_300:])
    gain = limited[23_800:24_200] / np.where(wave[23_800:24_200] == 0, 1, wave[23_800:24_200])
    assert np.abs(np.diff(gain[wave[23_800:24_200] != 0])).max() < 0.03


def test_a_sound_under_the_ceiling_is_the_same():
    """Not a sample differs."""
    wave = sine(300, -12)

    assert limit(wave, 0.5, 48_000) is wave
