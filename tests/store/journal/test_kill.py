"""kill -9 at random moments of whole sessions: nothing that was acknowledged is lost, no number is skipped.

The rig is tests/rigs/kill.py, which makes the longer run.
"""

from __future__ import annotations

import os

import pytest

from tests.rigs import kill

KILLS = 40  # the rig alone makes the longer run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the rig forks, which Windows cannot")


def test_no_kill_loses_what_was_acknowledged_or_skips_a_number(loaded, tmp_path):
    """After each kill the journal opens, holds all that was said to be kept, and the count goes on where it was."""
    figures = kill.run(KILLS, 20260310, loaded, tmp_path / "journal.db")

    assert figures.kills == KILLS
    assert figures.lost == []
    assert figures.skipped == []
    assert figures.acknowledged > KILLS  # the kills fall into sessions, not only before them
    assert figures.resumed > KILLS // 20
    assert max(figures.repeated) <= 5


PLACE = {"steps": [3], "at": 0, "side": 0, "done": [5, 0]}


def judged(lines, before, after, notes=0):
    figures = kill.Figures()
    found = [kill.Found(saved=before, notes=0, facts=0), kill.Found(saved=after, notes=notes, facts=0)]
    kill.judge(lines, *found, figures)
    return figures


def test_the_rig_finds_a_place_that_was_lost():
    """An acknowledged place that is not there counts; one that was only planned does not."""
    planned = 'P Keep {"steps": [3], "at": 0, "side": 0, "done": [5, 0]}'

    assert judged([planned, "D"], None, PLACE).lost == []
    assert judged([planned], None, None).lost == []
    assert len(judged([planned, "D"], None, None).lost) == 1


def test_the_rig_finds_a_note_that_was_lost():
    """As for places."""
    assert len(judged(["P Note {}", "D", "P Note {}"], None, None).lost) == 1
    assert judged(["P Note {}", "D", "P Note {}"], None, None, notes=1).lost == []


@pytest.mark.parametrize(("sounded", "wrong"), [(4, 1), (5, 0), (10, 0), (11, 1)])
def test_the_rig_finds_beats_that_are_skipped_or_counted_again_too_often(sounded, wrong):
    """Five is kept: up to ten may have sounded, and not fewer than five."""
    assert len(judged([f"B 3 0 {sounded}"], None, PLACE).skipped) == wrong


@pytest.mark.parametrize(("first", "wrong"), [(5, 1), (6, 0), (7, 1)])
def test_the_rig_finds_a_count_that_goes_on_wrong(first, wrong):
    """After five comes six."""
    assert len(judged([f"B 3 0 {first}"], PLACE, None).skipped) == wrong


def test_a_side_that_is_begun_anew_in_another_session_is_no_count_again():
    """Fifteen sounded, the routine ended, and a new one came to the same side."""
    begun = 'P Keep {"steps": [3], "at": 0, "side": 0, "done": [0, 0]}'
    place = {"steps": [3], "at": 0, "side": 0, "done": [0, 0]}

    assert judged(["B 3 0 15", "P Keep null", "D", begun, "D"], None, place).skipped == []
    assert len(judged(["B 3 0 15", begun, "D"], None, place).skipped) == 1
