"""A device is held to its rate by frames and a clock."""

from __future__ import annotations

import random

import pytest

from assistant.capture.pace import Pace

BLOCK_S = 0.02


def run(pace, seconds, rate_hz, *, start_s=0.0, start=0, jitter_s=0.0):
    """Blocks of 20 ms at a true rate, noted late by up to `jitter_s`; gives when it was told, and the frames."""
    told_s, frames = None, start
    for n in range(1, round(seconds / BLOCK_S) + 1):
        frames = start + round(n * BLOCK_S * rate_hz)
        at_s = start_s + n * BLOCK_S
        late_s = -(-at_s // jitter_s) * jitter_s - at_s if jitter_s else 0.0  # bursts: all at the end of a period
        pace.note(at_s + late_s, frames)
        if told_s is None and pace.is_off():
            told_s = at_s - start_s
    return told_s, frames


@pytest.mark.parametrize("jitter_s", [0.0, 0.1])
@pytest.mark.parametrize("ppm", [-200, 0, 200])
def test_a_device_that_keeps_its_rate_is_left_alone(ppm, jitter_s):
    """Also with a clock as cheap as any, and in bursts."""
    assert run(Pace(16_000), 60, 16_000 * (1 + ppm * 1e-6), jitter_s=jitter_s)[0] is None


@pytest.mark.parametrize("true_hz", [8_000, 17_415, 32_000, 48_000])
def test_a_wrong_rate_is_told_soon_after_opening(true_hz):
    """One second of settling, three of measuring, whether half, double or 44 100 for 48 000."""
    told_s, _ = run(Pace(16_000), 10, true_hz)

    assert told_s is not None
    assert told_s <= 4.5


@pytest.mark.parametrize("factor", [0.5, 2.0, 48 / 44.1])
def test_a_rate_that_changes_is_told_within_three_seconds(factor):
    """A headset that changes its mode in the middle of a session."""
    pace = Pace(16_000)
    _, frames = run(pace, 30, 16_000)

    told_s, _ = run(pace, 10, 16_000 * factor, start_s=30.0, start=frames)

    assert told_s is not None
    assert told_s <= 3.0


@pytest.mark.parametrize("factor", [1.03, 44.1 / 48])
def test_a_little_is_told_in_the_long_run(factor):
    """Too fast by three percent, or too slow by eight: too little for two seconds of a busy machine."""
    told_s, _ = run(Pace(16_000), 60, 16_000 * factor, jitter_s=0.1)

    assert told_s is not None
    assert told_s <= 30


def test_sound_that_was_lost_once_is_no_rate():
    """An overrun of half a second every twenty seconds leaves the rate as it is."""
    pace, frames = Pace(16_000), 0
    for n in range(6):
        told_s, frames = run(pace, 20, 16_000, start_s=n * 20.5, start=frames)

        assert told_s is None


def test_a_stall_that_is_made_up_for_is_no_rate():
    """A busy machine gives nothing for a second, then all at once."""
    pace = Pace(16_000)
    random.seed(1)
    stalled_until_s = 0.0
    for n in range(1, 3_000):
        at_s = n * BLOCK_S
        if random.random() < 0.002:
            stalled_until_s = at_s + 0.7
        if at_s >= stalled_until_s:
            pace.note(at_s, round(at_s * 16_000))

        assert not pace.is_off()


def test_a_busy_machine_that_loses_a_fifth_for_some_seconds_is_left_alone():
    """To pause the count for that would be worse than what was lost."""
    pace, frames = Pace(16_000), 0
    _, frames = run(pace, 10, 16_000)

    told_s, _ = run(pace, 4, 16_000 * 0.8, start_s=10.0, start=frames)

    assert told_s is None


def test_a_speaker_may_be_allowed_to_run_dry():
    """A device whose losses are compensated is allowed more of them."""
    assert run(Pace(24_000, (0.5, 0.5)), 60, 24_000 * 0.6)[0] is None
    assert run(Pace(24_000, (0.5, 0.5)), 60, 24_000 * 1.1)[0] is not None
