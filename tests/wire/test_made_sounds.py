"""Sounds of a massage without a word do nothing; the run of half an hour is benchmarks/made_sounds.py."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.messages import Intent

ROOT = Path(__file__).parents[2]
SPEECH = ROOT / "tests" / "data" / "speech"
HARD = ("groan", "sigh", "cough", "throat", "hum", "pounded groan", "breath")
RATE_HZ = 16_000


@pytest.fixture(scope="module")
def rig():
    """The benchmark, and the ear that it listens with."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import made_sounds
        import no_command
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))
    return made_sounds, no_command


def heard(rig, pcm):
    """What the ear makes of a sound with every command legal."""
    listener = rig[1].Listener()
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
def test_groans_coughs_and_blows_do_nothing(rig, number):
    """A minute of the sounds that the detector takes for speech: heard, and no action."""
    pcm, places = rig[0].scene(7, number, HARD)

    found = heard(rig, pcm)

    assert len(places) > 8
    assert len(found.heard) >= 2
    assert found.acts == []


def test_a_command_among_them_is_heard(rig):
    """The ear is not deaf in between: "stop" stops."""
    clip = soundfile.read(SPEECH / "audio/gsc/stop_653a48f5_nohash_0.flac", dtype="int16")[0]
    pcm, _ = rig[0].scene(7, 0, HARD)

    found = heard(rig, with_command(pcm, clip, 30.0))

    assert [act.intent for act in found.acts] == [Intent.STOP]
    assert abs(found.acts[0].at_s - 30.0) < 1.5


def test_the_same_seed_makes_the_same_sounds(rig):
    """To the sample, and another seed makes others."""
    one, two, other = (rig[0].scene(seed, 3, ("cough", "slap"))[0] for seed in (1, 1, 2))

    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_the_interval_of_a_rate_is_exact(rig):
    """Textbook values (Garwood): 0 seen, 3.689; 3 seen, 0.619 to 8.767."""
    interval = rig[1].poisson_interval

    assert interval(0, 1.0) == pytest.approx((0.0, 3.689), abs=0.001)
    assert interval(3, 1.0) == pytest.approx((0.619, 8.767), abs=0.001)
    assert interval(3, 2.0) == pytest.approx((0.309, 4.384), abs=0.001)
