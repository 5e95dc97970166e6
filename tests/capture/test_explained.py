"""Least squares tell at once what is an echo of what was played, and what is not."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from assistant.capture.explained import LEAST, TAPS, unexplained


def db(left, heard):
    """How much was taken out, as dB below what was heard."""
    return 10 * np.log10((np.mean(np.square(left)) + 1e-9) / np.mean(np.square(heard.astype(float))))


def noise(count, seed):
    return 1_000 * np.random.default_rng(seed).standard_normal(count).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.3, 1.0])
def test_an_echo_is_explained(seconds):
    """Of a room within the filter's length 40 dB are taken out, from the first sample on."""
    count = round(16_000 * seconds)
    played = noise(count + TAPS - 1, 1)
    room = np.random.default_rng(2).standard_normal(400) * 10 ** (-np.arange(400) / 200)
    heard = np.convolve(played, room)[TAPS - 1 : TAPS - 1 + count].astype(np.float32)

    left = unexplained(heard, played)

    assert db(left, heard) < -40
    assert db(left[:800], heard[:800]) < -40


@pytest.mark.parametrize("ppm", [-100, 100])
def test_an_echo_of_a_long_sentence_is_explained_on_a_clock_that_nobody_knows(spoken_for, ppm):
    """While the drift of two clocks is not known yet, 16 dB are taken out of three seconds all the same."""
    played = spoken_for(3).astype(np.float32)
    echo = np.concatenate([np.zeros(160, np.float32), played])
    heard = soxr.resample(echo, 1e6, 1e6 + ppm, quality="VHQ")[TAPS - 1 : len(played)]

    left = unexplained(heard, played)

    assert db(left, heard) < -16


@pytest.mark.parametrize("count", [400, 3_200, 16_000])
def test_a_sound_of_its_own_is_not_explained(count):
    """What has nothing to do with what was played stays, but for a share of one in `LEAST`."""
    heard = noise(count, 3)

    left = unexplained(heard, noise(count + TAPS - 1, 4))

    assert db(left, heard) > 10 * np.log10(1 - 1 / LEAST) - 0.3


def test_a_person_over_an_echo_is_what_is_left():
    """Of both together the echo goes, and the other voice stays as it is."""
    played, person = noise(16_000 + TAPS - 1, 5), noise(16_000, 6)
    heard = 2 * played[TAPS - 1 - 100 : TAPS - 1 - 100 + 16_000] + person

    left = unexplained(heard, played)

    assert np.corrcoef(left, person)[0, 1] > 0.9


@pytest.mark.parametrize("count", [0, 2, 4_000])
def test_silence_explains_nothing(count):
    """Nothing was played: what was heard comes back as it is, also the shortest sound."""
    heard = noise(count, 7)

    left = unexplained(heard, np.zeros(count + TAPS - 1, np.float32))

    assert np.allclose(left, heard)
