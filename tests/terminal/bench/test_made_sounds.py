"""Sounds of a massage without a word do nothing; the run of half an hour is tests/rigs/made_sounds.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.messages import Intent
from tests.rigs import made_sounds
from tests.rigs.no_command import Listener

ROOT = Path(__file__).parents[3]
SPEECH = ROOT / "tests" / "data" / "speech"
HARD = ("groan", "sigh", "cough", "throat", "hum", "pounded groan", "breath")
RATE_HZ = 16_000


def heard(pcm):
    """Return the ear's results for a sound, with every command legal."""
    listener = Listener()
    listener.feed(pcm)
    listener.finish()
    return listener


def with_command(pcm, clip, at_s):
    """The sound, hushed while somebody says the clip."""
    mixed, start, quiet = pcm.copy(), round(at_s * RATE_HZ), round(0.8 * RATE_HZ)
    mixed[start - quiet : start + len(clip) + quiet] //= 100
    mixed[start : start + len(clip)] += clip
    return mixed


@pytest.mark.parametrize("number", [0, 1])
def test_groans_coughs_and_blows_do_nothing(number):
    """A minute of the sounds that the detector takes for speech: heard, and no action."""
    pcm, places = made_sounds.scene(7, number, HARD)

    found = heard(pcm)

    assert len(places) > 8
    assert len(found.heard) >= 2
    assert found.acts == []


def test_a_command_among_them_is_heard():
    """The ear is not deaf in between: "stop" stops."""
    clip = soundfile.read(SPEECH / "audio/gsc/stop_653a48f5_nohash_0.flac", dtype="int16")[0]
    pcm, _ = made_sounds.scene(7, 0, HARD)

    found = heard(with_command(pcm, clip, 30.0))

    assert [act.intent for act in found.acts] == [Intent.STOP]
    assert abs(found.acts[0].at_s - 30.0) < 1.5


def test_the_same_seed_makes_the_same_sounds():
    """To the sample, and another seed makes others."""
    one, two, other = (made_sounds.scene(seed, 3, ("cough", "slap"))[0] for seed in (1, 1, 2))

    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)
