"""kill -9 at random moments of whole sessions: nothing that was acknowledged is lost, no number is skipped.

The rig is benchmarks/kill.py, which makes the longer run.
"""

from __future__ import annotations

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

KILLS = 300
RIG = Path(__file__).parents[2] / "benchmarks" / "kill.py"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the rig forks, which Windows cannot")


@pytest.fixture(scope="module")
def rig():
    """The benchmark as a module; its dataclasses look themselves up by its name."""
    spec = spec_from_file_location("kill_rig", RIG)
    module = module_from_spec(spec)
    sys.modules["kill_rig"] = module
    spec.loader.exec_module(module)
    return module


def test_no_kill_loses_what_was_acknowledged_or_skips_a_number(rig, shelf, tmp_path):
    """After each kill the journal opens, holds all that was said to be kept, and the count goes on where it was."""
    figures = rig.run(KILLS, 20260310, shelf, tmp_path / "journal.db")

    assert figures.kills == KILLS
    assert figures.lost == []
    assert figures.skipped == []
    assert figures.acknowledged > KILLS  # the kills fall into sessions, not only before them
    assert figures.resumed > KILLS // 20
    assert max(figures.repeated) <= 5


PLACE = {"steps": [3], "at": 0, "side": 0, "done": [5, 0]}


def judged(rig, lines, before, after, notes=0):
    figures = rig.Figures()
    found = [rig.Found(saved=before, notes=0, facts=0), rig.Found(saved=after, notes=notes, facts=0)]
    rig.judge(lines, *found, figures)
    return figures


def test_the_rig_finds_a_place_that_was_lost(rig):
    """An acknowledged place that is not there counts; one that was only planned does not."""
    planned = 'P Keep {"steps": [3], "at": 0, "side": 0, "done": [5, 0]}'

    assert judged(rig, [planned, "D"], None, PLACE).lost == []
    assert judged(rig, [planned], None, None).lost == []
    assert len(judged(rig, [planned, "D"], None, None).lost) == 1


def test_the_rig_finds_a_note_that_was_lost(rig):
    """As for places."""
    assert len(judged(rig, ["P Note {}", "D", "P Note {}"], None, None).lost) == 1
    assert judged(rig, ["P Note {}", "D", "P Note {}"], None, None, notes=1).lost == []


@pytest.mark.parametrize(("sounded", "wrong"), [(4, 1), (5, 0), (10, 0), (11, 1)])
def test_the_rig_finds_beats_that_are_skipped_or_counted_again_too_often(rig, sounded, wrong):
    """Five is kept: up to ten may have sounded, and not fewer than five."""
    assert len(judged(rig, [f"B 3 0 {sounded}"], None, PLACE).skipped) == wrong


@pytest.mark.parametrize(("first", "wrong"), [(5, 1), (6, 0), (7, 1)])
def test_the_rig_finds_a_count_that_goes_on_wrong(rig, first, wrong):
    """After five comes six."""
    assert len(judged(rig, [f"B 3 0 {first}"], PLACE, None).skipped) == wrong
