"""Our own voice in the microphone: found, timed and measured on made sound, through the real canceller."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import soxr

from assistant.capture.echo import EchoCanceller
from assistant.messages import EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock
from assistant.terminal.acoustics.own_echo import OwnEcho
from assistant.terminal.acoustics.room import MeasuredEcho

NOISE_DBFS = -70.0


def spoken(seconds: float) -> np.ndarray:
    """Noise in syllables, four a second, at the mouth's rate; its loudest fifth is about -16 dBFS."""
    rng = np.random.default_rng(3)
    time = np.arange(round(seconds * MOUTH_RATE_HZ)) / MOUTH_RATE_HZ
    syllables = np.clip(np.sin(2 * np.pi * 2 * time), 0, None) ** 2
    return (rng.standard_normal(len(time)) * syllables * 5_000).astype(np.int16)


@pytest.fixture
def measure() -> Callable[..., MeasuredEcho | None]:
    """Play something, record it late and softer, and measure."""

    def run(delay_s: float, gain: float, seconds: float = 10.0) -> MeasuredEcho | None:
        canceller = EchoCanceller()
        echo = OwnEcho(canceller)
        played = spoken(seconds)
        late = np.concatenate([np.zeros(round(delay_s * EAR_RATE_HZ)), soxr.resample(played, 24, 16) * gain])
        room = np.random.default_rng(4).standard_normal(len(late)) * 32_768 * 10 ** (NOISE_DBFS / 20)
        heard = (late + room).astype(np.int16)
        for n in range(len(played) // 480):
            canceller.played(played[n * 480 : n * 480 + 480])
            block = AudioBlock(pcm=heard[n * 320 : n * 320 + 320], rate_hz=EAR_RATE_HZ, at_s=7 + n * 0.02)
            echo.hear(block, canceller.played_s, is_speaking=True)
        return echo.measured(NOISE_DBFS)

    return run


@pytest.mark.parametrize("delay_s", [0.05, 0.18, 0.4])
def test_the_way_through_the_room_is_timed(measure, delay_s):
    """To the hundredth of a second."""
    found = measure(delay_s, 0.1)

    assert found is not None
    assert found.delay_s == pytest.approx(delay_s, abs=0.01)
    assert found.sharpness > 3


def test_its_level_is_measured_with_and_without_the_canceller(measure):
    """Ten times softer is 20 dB less; the canceller takes most of it."""
    loud, soft = measure(0.18, 1.0), measure(0.18, 0.1)

    assert loud is not None
    assert soft is not None
    assert loud.level_dbfs - soft.level_dbfs == pytest.approx(20, abs=0.5)
    assert soft.left_dbfs is not None
    assert soft.left_dbfs < soft.level_dbfs - 15


def test_headphones_give_no_echo(measure):
    """Nothing is found, so nothing is claimed."""
    assert measure(0.18, 0.0) is None


def test_a_short_sentence_tells_no_canceller(measure):
    """It had no time to learn; delay and level are known all the same."""
    found = measure(0.18, 0.1, seconds=3.0)

    assert found is not None
    assert found.left_dbfs is None
