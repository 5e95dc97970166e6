import numpy as np
import pytest

from assistant.capture.delay import DelayTracker
from assistant.capture.reference import Reference
from assistant.messages import EAR_RATE_HZ

BLOCK = 320


@pytest.fixture
def follow(spoken_for, in_a_room):
    """A tracker that has heard what a loudspeaker played, in a room with this delay and drift; seconds of sound."""

    def run(seconds, *, delay_s=0.19, ppm=0.0, jump=None, late_s=0.0):
        far = spoken_for(seconds)
        heard = in_a_room(far, delay_s=delay_s, ppm=ppm, jump=jump)
        reference = Reference()
        tracker = DelayTracker(reference)
        for start in range(0, len(heard) - BLOCK + 1, BLOCK):
            reference.write(far[start : start + BLOCK])
            tracker.hear(heard[start : start + BLOCK], start + BLOCK + round(late_s * EAR_RATE_HZ))
        return tracker, len(heard)

    return run


@pytest.mark.parametrize("delay_s", [0.0, 0.16, 0.22, 0.6, 1.6])
def test_finds_how_late_the_echo_is(follow, delay_s):
    """From a headset's wire to a sound server that wakes up."""
    tracker, end = follow(8, delay_s=delay_s)

    assert tracker.is_known
    assert tracker.delay(end) == pytest.approx(delay_s * EAR_RATE_HZ, abs=1.5)


@pytest.mark.parametrize("ppm", [0.0, 100.0, -40.0])
def test_finds_how_the_clocks_drift(follow, ppm):
    """Two sound cards are known to a few millionths after half a minute."""
    tracker, end = follow(30, ppm=ppm)

    assert tracker.drift * 1e6 == pytest.approx(ppm, abs=4)
    assert tracker.delay(end) == pytest.approx((0.19 + ppm * 1e-6 * end / EAR_RATE_HZ) * EAR_RATE_HZ, abs=2)


@pytest.mark.parametrize("jump_s", [0.03, 0.3])
def test_follows_a_jump(follow, jump_s):
    """After a loss of sound the new delay is known four seconds later."""
    tracker, end = follow(14, jump=(10, jump_s))

    assert tracker.delay(end) == pytest.approx((0.19 + jump_s) * EAR_RATE_HZ, abs=2)


def test_a_rough_time_is_near_enough(follow):
    """Callbacks come in bursts: half a second beside the truth changes nothing."""
    tracker, end = follow(8, late_s=0.4)

    assert tracker.delay(end) == pytest.approx(0.19 * EAR_RATE_HZ, abs=1.5)


def test_speech_of_others_is_no_echo(spoken_for):
    """Somebody talks while something else plays: nothing is found."""
    far, other = spoken_for(10), spoken_for(10, voices="[fgh]*")
    reference = Reference()
    tracker = DelayTracker(reference)
    for start in range(0, len(far) - BLOCK + 1, BLOCK):
        reference.write(far[start : start + BLOCK])
        tracker.hear(other[start : start + BLOCK], start + BLOCK)

    assert not tracker.is_known


def test_silence_is_no_echo():
    """As long as nothing is played, nothing is looked for."""
    tracker = DelayTracker(Reference())
    for start in range(0, 5 * EAR_RATE_HZ, BLOCK):
        tracker.hear(np.full(BLOCK, 500, np.int16), start)

    assert not tracker.is_known
