"""A disk that refuses a call: whatever was said of the disk is true, and the next start offers what was kept.

One run for each kind of call; `python -m benchmarks.failing_disk` tries every call in every way.
"""

from __future__ import annotations

import sys
from itertools import cycle

import pytest

from assistant.store.journal import database
from assistant.store.journal.keeper import JournalKeeper
from assistant.wire import build
from tests.rigs.evenings import broken_promises, places, tried
from tests.rigs.failing_disk import DYING, FAILING

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the rig changes what Linux' SQLite calls")
DULL = {"date", "mode", "make"}  # calls that keep nothing


@pytest.fixture(scope="module")
def points(loaded, tmp_path_factory):
    """Every call that a sound disk is asked for, by its number."""
    build.interpreter(loaded)  # once, before anything forks
    sound = tried(loaded, tmp_path_factory.mktemp("sound") / "home")

    assert sound.is_over
    assert broken_promises(sound, None) == []
    return dict(enumerate(sound.points, 1))


def numbers(points, call, file):
    return [n for n, point in points.items() if point == (call, file)]


def test_one_call_of_each_kind_fails_and_no_promise_is_broken(loaded, points, tmp_path):
    """The disk is full or broken, once or from then on; the process is killed, in mid-write too; the power is cut."""
    kinds = sorted({point for point in points.values() if point.call not in DULL})
    ways = cycle((*FAILING, *DYING))
    broken = {}

    for kind in kinds:
        numbered = numbers(points, *kind)
        how = next(ways)
        at = numbered[len(numbered) // 2]
        evening = tried(loaded, tmp_path / str(at), at, how)
        if wrong := broken_promises(evening, how):
            broken[kind, at, how] = wrong
        assert evening.is_over == (how in FAILING), (kind, at, how)

    assert broken == {}
    assert len(kinds) > 15


def test_a_power_cut_loses_no_place_that_was_promised(loaded, points, tmp_path):
    """Right after the first goodbye: whatever was not synchronised is gone, and the place is there."""
    csv = numbers(points, "open", "h.csv")[0]

    evening = tried(loaded, tmp_path / "home", csv, "power cut")

    assert not evening.is_over
    assert evening.found["saved"] is not None
    assert [evening.found["saved"]] == places(evening.facts)
    assert "resume_restart_discard" in evening.found["hello"]


def test_a_promise_that_is_broken_is_found(loaded, points, tmp_path, monkeypatch):
    """With a keeper that takes every place for saved, the goodbye on a full disk is not true."""
    monkeypatch.setattr(JournalKeeper, "settle", lambda _: True)
    write = numbers(points, "sql write", "journal.db-wal")[0]

    evening = tried(loaded, tmp_path / "home", write, "full from then on")

    assert "“goodbye_saved” was not true" in broken_promises(evening, "full from then on")


def test_what_a_power_cut_takes_is_found(loaded, points, tmp_path, monkeypatch):
    """With a disk that is never told to synchronise, the promised place is gone."""
    open_sound = database._open_sound

    def open_loosely(path):
        base = open_sound(path)
        base.execute("PRAGMA synchronous=OFF")
        return base

    monkeypatch.setattr(database, "_open_sound", open_loosely)
    csv = numbers(points, "open", "h.csv")[0]

    evening = tried(loaded, tmp_path / "home", csv, "power cut")

    assert any("is none of" in one for one in broken_promises(evening, "power cut"))
