"""The same sound at other tempi: as long as the tempo says, and still the same word."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.decode.phonetic.speed_perturbation import TEMPI, at_other_tempi
from assistant.messages import EAR_RATE_HZ


def test_a_second_becomes_as_long_as_its_tempo_says() -> None:
    """A slower person needs more time, a faster one less."""
    second = np.zeros(EAR_RATE_HZ, np.int16)

    found = at_other_tempi(second)

    assert [len(pcm) for pcm in found] == pytest.approx([EAR_RATE_HZ / tempo for tempo in TEMPI], abs=1)


def test_the_pitch_goes_along() -> None:
    """A tone of 1 000 Hz is one of 950 Hz where it is said slower, and of 1 050 Hz where it is said faster."""
    tone = (10_000 * np.sin(2 * np.pi * 1_000 * np.arange(EAR_RATE_HZ) / EAR_RATE_HZ)).astype(np.int16)

    loudest = [np.argmax(np.abs(np.fft.rfft(pcm))) * EAR_RATE_HZ / len(pcm) for pcm in at_other_tempi(tone)]

    assert loudest == pytest.approx([1_000 * tempo for tempo in TEMPI], abs=2)


def test_no_sound_has_no_tempo() -> None:
    """Nothing in, nothing out."""
    assert at_other_tempi(np.zeros(0, np.int16)) == ()
