import numpy as np
import pytest

from assistant.capture.reference import KEPT_S, Reference
from assistant.messages import EAR_RATE_HZ


def tone(count, start=0.0, step=1.0):
    at = start + step * np.arange(count)
    return 8_000 * np.sin(2 * np.pi * 3_000 / EAR_RATE_HZ * at)


def test_samples_come_back_as_they_were():
    """Written samples can be taken again by their position."""
    reference = Reference()
    reference.write(np.arange(100, dtype=np.int16))
    reference.write(np.arange(100, 200, dtype=np.int16))

    assert reference.end == 200
    assert list(reference.take(98, 4)) == [98, 99, 100, 101]


def test_what_is_not_there_is_silence():
    """Before the first sample, after the last, and after the ring went round, nothing was played."""
    reference = Reference()
    reference.write(np.full(10, 7, np.int16))
    before_and_after = reference.take(-2, 14)
    for _ in range(round(KEPT_S)):
        reference.write(np.full(EAR_RATE_HZ, 9, np.int16))

    assert list(before_and_after) == [0, 0, *[7] * 10, 0, 0]
    assert not reference.take(0, 10).any()


@pytest.mark.parametrize("step", [1.0, 1.0001, 0.9999])
def test_between_the_samples_the_wave_goes_on(step):
    """A tone of 3 kHz read from another place, at another speed, is that tone to a thousandth (-60 dB)."""
    reference = Reference()
    reference.write(np.rint(tone(EAR_RATE_HZ)).astype(np.int16))

    read = reference.read(1_000.37, step, 320)

    assert np.abs(read - tone(320, 1_000.37, step)).max() < 8_000 * 2e-3


@pytest.mark.parametrize("lost", [5, round(20 * EAR_RATE_HZ)])
def test_lost_samples_are_counted_and_silent(lost):
    """After a gap, however long, the next samples stand where they were played."""
    reference = Reference()
    reference.write(np.full(100, 5, np.int16))
    reference.skip(lost)
    reference.write(np.full(100, 6, np.int16))

    assert reference.end == 200 + lost
    assert list(reference.take(98 + lost, 4)) == [0, 0, 6, 6]
