"""The end of a word: what reaction times are counted from."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.messages import EAR_RATE_HZ
from assistant.terminal.bench.word_end import word_end_s


def tone(seconds: float, level: float) -> np.ndarray:
    t = np.arange(round(seconds * EAR_RATE_HZ)) / EAR_RATE_HZ
    return (np.sin(2 * np.pi * 300 * t) * level).astype(np.int16)


def test_quiet_after_the_word_is_not_the_word() -> None:
    """The end is where the loud part ends, to 10 ms."""
    pcm = np.concatenate([tone(0.2, 0), tone(0.5, 8000), tone(0.35, 3)])

    assert word_end_s(pcm) == pytest.approx(0.7, abs=0.011)


def test_a_soft_end_belongs_to_the_word() -> None:
    """Sound 20 dB below the loudest belongs to the word, sound 30 dB below does not."""
    soft, too_soft = (np.concatenate([tone(0.5, 8000), tone(0.2, level)]) for level in (800, 250))

    assert word_end_s(soft) == pytest.approx(0.7, abs=0.011)
    assert word_end_s(too_soft) == pytest.approx(0.5, abs=0.011)


@pytest.mark.parametrize("samples", [0, 100, 16_000])
def test_silence_has_no_word(samples: int) -> None:
    """Nothing said ends at once."""
    assert word_end_s(np.zeros(samples, np.int16)) == 0.0
