"""Least squares tell at once what is an echo of what was played, and what is not."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from assistant.capture.explained import BEFORE, LEAST, unexplained


def db(share):
    return 10 * np.log10(share)


def noise(count, seed):
    return 1_000 * np.random.default_rng(seed).standard_normal(count).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.3, 1.0])
@pytest.mark.parametrize("since", [0, 2_000])
def test_an_echo_is_explained(seconds, since):
    """Of a room within the filter's length 25 dB are taken out, of all of it and of a part."""
    count = round(16_000 * seconds)
    played = noise(count + BEFORE, 1)
    room = np.random.default_rng(2).standard_normal(400) * 10 ** (-np.arange(400) / 200)
    heard = np.convolve(played, np.pad(room, (100, 0)))[BEFORE : BEFORE + count].astype(np.float32)

    assert db(unexplained(heard, played, since)) < -25


@pytest.mark.parametrize("ppm", [-100, 100])
def test_an_echo_of_a_long_sentence_is_explained_on_a_clock_that_nobody_knows(spoken_for, ppm):
    """While the drift of two clocks is not known yet, 16 dB are taken out of three seconds all the same."""
    played = spoken_for(3).astype(np.float32)
    echo = np.concatenate([np.zeros(160, np.float32), played])
    heard = soxr.resample(echo, 1e6, 1e6 + ppm, quality="VHQ")[BEFORE : len(played)]

    assert db(unexplained(heard, played)) < -16


@pytest.mark.parametrize("count", [400, 3_200, 16_000])
def test_a_sound_of_its_own_is_not_explained(count):
    """Sound unrelated to what was played stays, except for a share of one in `LEAST`."""
    assert db(unexplained(noise(count, 3), noise(count + BEFORE, 4))) > db(1 - 1 / LEAST) - 0.5


@pytest.mark.parametrize("softer_db", [0, 6, 10])
def test_a_person_over_an_echo_is_what_is_left(softer_db):
    """Of both together the echo goes, and the person stays, also a softer one."""
    played, person = noise(16_000 + BEFORE, 5), noise(16_000, 6) * 10 ** (-softer_db / 20)
    heard = played[BEFORE - 100 : BEFORE - 100 + 16_000] + person

    share = np.sum(person**2) / np.sum(heard**2)
    assert db(unexplained(heard, played)) == pytest.approx(db(share), abs=1.2)


@pytest.mark.parametrize("count", [0, 2, 4_000])
def test_silence_explains_nothing(count):
    """Nothing was played: all of it is left, also of the shortest sound."""
    assert unexplained(noise(count, 7), np.zeros(count + BEFORE, np.float32)) == pytest.approx(1.0)
