"""The doctor tells in words what is wrong with what lies on disk, and what to do."""

from __future__ import annotations

import io
import os
import sqlite3
from contextlib import closing

import pytest

from assistant.errors import Problem
from assistant.store.journal import Journal
from assistant.terminal.doctor import stored
from assistant.terminal.single_instance import only_one
from tests.fakes.journals import write_journal


def test_no_journal_is_good(tmp_path):
    """A first evening; looking makes no file."""
    finding = stored.check_journal(tmp_path / "journal.db")

    assert (finding.verdict, finding.what) == ("good", "nothing is remembered yet")
    assert list(tmp_path.iterdir()) == []


def test_a_journal_is_read_and_its_place_is_told(tmp_path):
    """The place that the next start would offer."""
    write_journal(tmp_path / "journal.db")

    assert stored.check_journal(tmp_path / "journal.db").what == "20 sessions, and a place to go on from"


def test_a_damaged_journal_is_told_and_stays(tmp_path):
    """With what a session would do about it."""
    (tmp_path / "journal.db").write_bytes(b"no database")

    finding = stored.check_journal(tmp_path / "journal.db")

    assert finding.verdict == "broken"
    assert "the journal is damaged" in finding.what
    assert "tuina start" in finding.remedy
    assert (tmp_path / "journal.db").read_bytes() == b"no database"


def test_a_journal_of_a_newer_version_is_told(tmp_path):
    """It is no damage: another program is needed."""
    write_journal(tmp_path / "journal.db")
    with closing(sqlite3.connect(tmp_path / "journal.db")) as base:
        base.execute("PRAGMA user_version=99")

    finding = stored.check_journal(tmp_path / "journal.db")

    assert "newer tuina" in finding.what
    assert "Update tuina" in finding.remedy


def test_a_journal_that_was_moved_aside_is_told(tmp_path):
    """It is still there, with all that it holds of the person."""
    (tmp_path / "journal.db").write_bytes(b"no database")
    Journal(tmp_path / "journal.db").close()

    finding = stored.check_journal(tmp_path / "journal.db")

    assert "1 damaged ones lie beside it, the last is journal.db.damaged-1" in finding.what
    assert "tuina history --forget" in finding.remedy


def test_damaged_lines_are_told_with_what_a_start_does(tmp_path):
    """Before it: what is left out. After it: what lies aside, and how to delete it."""
    path = tmp_path / "journal.db"
    write_journal(path)
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE saved SET place = replace(place, '7', '6')")
        base.commit()

    finding = stored.check_journal(path)

    assert finding.verdict == "broken"
    assert finding.what == "1 lines of the journal are damaged and left out; 20 sessions"
    assert "asks the safety questions in full" in finding.remedy

    Journal(path).close()
    finding = stored.check_journal(path)

    assert finding.verdict == "good"
    assert finding.what == "20 sessions; 2 lines are set aside in it, after damage"
    assert "tuina history --forget" in finding.remedy


def test_a_folder_that_can_be_written_is_good_and_stays_empty(tmp_path):
    """Also one that is not there yet: its parent is tried."""
    for folder in (tmp_path, tmp_path / "not" / "yet"):
        assert stored.check_disk(folder).verdict == "good"
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_is_a_file_is_told(tmp_path):
    """Nothing can be written there."""
    (tmp_path / "home").write_text("a file")

    finding = stored.check_disk(tmp_path / "home")

    assert finding.verdict == "broken"
    assert "make the folder writable" in finding.remedy


def test_a_disk_that_is_nearly_full_is_told(tmp_path, monkeypatch):
    """Before it is."""
    monkeypatch.setattr(stored, "LEAST_FREE_MB", 10**9)

    assert stored.check_disk(tmp_path).verdict == "missing"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="another copy is made by fork")
def test_another_copy_is_told(tmp_path):
    """With its number; no lock is left by asking."""
    assert stored.check_alone(tmp_path / "lock").verdict == "good"
    assert list(tmp_path.iterdir()) == []
    with only_one(tmp_path / "lock"):
        child = os.fork()
        if child == 0:
            finding = stored.check_alone(tmp_path / "lock")
            os._exit(0 if finding.verdict == "missing" and str(os.getppid()) in finding.what else 1)

        assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize(("encoding", "verdict"), [("utf-8", "good"), ("ascii", "missing"), ("latin-1", "missing")])
def test_a_terminal_of_another_alphabet_is_told(encoding, verdict):
    """And how it is set."""
    finding = stored.check_screen(io.TextIOWrapper(io.BytesIO(), encoding=encoding))

    assert finding.verdict == verdict
    assert ("LANG" in finding.remedy) == (verdict != "good")


def test_a_missing_keyboard_is_told():
    """A pipe, and a stream that was closed."""
    closed = io.StringIO()
    closed.close()

    for keyboard in (io.StringIO("start\n"), closed):
        finding = stored.check_keyboard(keyboard)
        assert finding.verdict == "missing"
        assert "by voice" in finding.remedy


def test_settings_that_are_left_out_are_told():
    """With the first problem, and where it is."""
    problem = Problem(path="settings.yaml", line=3, what="'loud' is no setting", remedy="Remove it")

    assert stored.check_settings(()).verdict == "good"
    finding = stored.check_settings((problem,))
    assert finding.verdict == "broken"
    assert "'loud' is no setting" in finding.what
    assert "settings.yaml:3" in finding.remedy
