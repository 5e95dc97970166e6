"""Stored data comes back: places, facts, notes, and the summary of earlier sessions."""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant.errors import JournalError
from assistant.messages import Past
from assistant.store.journal import Journal
from assistant.store.journal.database import SCHEMA
from tests.fakes.journals import make_older

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=timezone.utc)
PLACE = {"version": 1, "routine": "full", "steps": [0, 2], "plan": [24, 24], "period_s": 0.857142857142857, "side": 1}


@pytest.fixture
def journal(path):
    made = Journal(path)
    yield made
    made.close()


def again(journal: Journal) -> Journal:
    """The same file, opened by the next start."""
    journal.close()
    return Journal(journal.path)


def have_session(journal: Journal, at: datetime, *techniques: str, routine: str = "full", finished: int = 1) -> None:
    journal.note("session_begun", {"routine": routine}, at)
    for technique in techniques:
        journal.note("step_begun", {"technique": technique}, at)
        journal.note("side_counted", {"technique": technique, "side": "", "count": 24}, at)
    journal.note("session_ended", {"routine": routine, "finished": finished}, at)


def test_a_place_comes_back_exactly(journal):
    """Every number is the same, to the last digit: a count that goes on from it must be the same to the sample."""
    journal.keep(PLACE, NOW)

    assert again(journal).saved() == PLACE


def test_only_the_last_place_is_kept(journal):
    """There is one place to come back to, or none."""
    journal.keep({"version": 1}, NOW)
    journal.keep(PLACE, NOW)

    assert journal.saved() == PLACE

    journal.keep(None, NOW)

    assert again(journal).saved() is None


def test_a_fact_has_the_date_of_the_last_time(journal):
    """Remembering it again moves the date."""
    journal.remember("expert_advice_heard", NOW)
    journal.remember("expert_advice_heard", NOW + timedelta(days=1))

    assert again(journal).since("expert_advice_heard") == NOW + timedelta(days=1)


def test_an_unknown_fact_has_no_date(journal):
    """Nothing is invented."""
    assert journal.since("expert_advice_heard") is None


def test_checks_are_given_with_their_age(journal):
    """Seconds since each was written; a date ahead of the clock is below zero, and a failed check has none."""
    journal.remember("checked_general", NOW - timedelta(days=3))
    journal.remember("unchanged_general", NOW - timedelta(hours=23))
    journal.remember("legs_closed", NOW + timedelta(minutes=1))
    journal.remember("expert_advice_heard", NOW)

    assert journal.checks(NOW) == {"checked_general": 259200.0, "unchanged_general": 82800.0, "legs_closed": -60.0}


def test_a_failed_check_takes_back_all_but_a_doctors_word(journal):
    """Whatever its date says: a clock that was set back between two checks must not bring the older one back."""
    journal.remember("checked_general", NOW)
    journal.remember("doctor_agreed", NOW - timedelta(days=2))
    journal.remember("screening_failed", NOW - timedelta(hours=3))
    later = again(journal)
    assert later.checks(NOW) == {"doctor_agreed": 172800.0}

    later.remember("checked_general", NOW)
    assert again(later).checks(NOW).keys() == {"doctor_agreed", "checked_general"}


def test_what_earlier_versions_stored_is_understood(journal):
    """One fact for all areas."""
    journal.remember("screening_passed_no_leg", NOW)

    assert journal.checks(NOW) == {"checked_general": 0.0, "checked_back": 0.0, "legs_closed": 0.0}


def test_the_past_counts_sessions_techniques_and_days(journal):
    """The journal counts what the spoken summary says, and which techniques need fewer words."""
    have_session(journal, NOW - timedelta(days=9), "lower-back-rub", "kidney-point")
    have_session(journal, NOW - timedelta(days=6), "lower-back-rub")
    have_session(journal, NOW - timedelta(days=2), "cross-push", "lower-back-rub")

    past = Past(
        sessions=3,
        days_ago=2,
        sessions_this_week=2,
        techniques=2,
        known={"lower-back-rub": 2, "kidney-point": 9, "cross-push": 2},
    )
    assert again(journal).past(NOW) == past


def test_nobody_has_a_past_at_first(journal):
    """An empty history is no session."""
    assert journal.past(NOW) == Past()
    assert journal.usual() is None


def test_a_session_in_which_nothing_was_done_is_none(journal):
    """Opening the program, rating and leaving does not count."""
    journal.note("rating", {"when": "before", "number": 4}, NOW)
    journal.note("session_begun", {"routine": "full"}, NOW)
    journal.note("session_ended", {"routine": "full", "finished": 0}, NOW)

    assert journal.sessions() == ()


def test_the_usual_is_the_routine_that_was_done_to_its_end(journal):
    """One that was broken off does not become the usual."""
    have_session(journal, NOW, "cross-push", routine="five-minute")
    have_session(journal, NOW, "cross-push", routine="evening", finished=0)

    assert journal.usual() == "five-minute"


def test_ratings_belong_to_the_session_around_them(journal):
    """The one before is asked ahead of its session, the one after when it has ended."""
    for number in (6, 4):
        journal.note("rating", {"when": "before", "number": number}, NOW)
        have_session(journal, NOW, "cross-push")
        journal.note("rating", {"when": "after", "number": number - 2}, NOW)

    ratings = [[note.values["number"] for note in one.notes if note.what == "rating"] for one in journal.sessions()]
    assert ratings == [[6, 4], [4, 2]]
    assert [one.routine for one in journal.sessions()] == ["full", "full"]


def test_a_session_that_was_cut_off_ends_with_its_last_note(journal):
    """A crash leaves no end; what was done until then is there."""
    journal.note("session_begun", {"routine": "full"}, NOW)
    journal.note("step_begun", {"technique": "cross-push"}, NOW + timedelta(minutes=7))
    later = again(journal)
    have_session(later, NOW + timedelta(hours=1), "kidney-point")

    first, second = later.sessions()
    assert (first.ended_at, first.is_finished) == (NOW + timedelta(minutes=7), False)
    assert second.techniques == ("kidney-point",)


def test_a_clock_that_was_set_back_gives_no_negative_days(journal):
    """The last session lies ahead: it was today."""
    have_session(journal, NOW + timedelta(days=3), "cross-push")

    assert journal.past(NOW).days_ago == 0


def test_what_is_forgotten_is_in_no_byte_of_any_file(journal, path):
    """Deleted rows are overwritten, also in the log and in damaged files of earlier days."""
    damaged = path.with_name("journal.db.damaged-1")
    damaged.write_bytes(b"canary-routine")
    have_session(journal, NOW, "canary-technique", routine="canary-routine")
    journal.keep({"routine": "canary-routine"}, NOW)
    journal.remember("screening_passed", NOW)
    journal.prefer("speech_rate", 80)

    journal.forget_everything()

    left = b"".join(one.read_bytes() for one in path.parent.iterdir())
    assert b"canary" not in left
    assert b"screening_passed" not in left
    assert journal.preferred() == {}
    assert not damaged.exists()
    assert (journal.saved(), journal.sessions(), journal.checks(NOW)) == (None, (), {})


def test_after_forgetting_a_new_history_can_begin(journal):
    """The journal is empty, not broken."""
    have_session(journal, NOW, "cross-push")
    journal.forget_everything()
    have_session(journal, NOW, "kidney-point")

    assert [one.techniques for one in again(journal).sessions()] == [("kidney-point",)]


def test_a_reader_of_old_pages_is_told_of(journal, path):
    """While another program reads, the old bytes cannot be overwritten; that is said, and can be done again."""
    journal.keep(PLACE, NOW)
    with sqlite3.connect(path) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM saved").fetchall()
        journal._tables.base.execute("PRAGMA busy_timeout=10")

        with pytest.raises(JournalError, match="still reads"):
            journal.forget_everything()
    reader.close()

    journal.forget_everything()

    assert b"period_s" not in b"".join(one.read_bytes() for one in path.parent.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_only_the_owner_can_read_it(path):
    """Also the log and its index, and a file that was made with looser rights."""
    path.touch(mode=0o644)
    journal = Journal(path)
    journal.keep(PLACE, NOW)

    modes = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    journal.close()
    assert modes == {"journal.db": 0o600, "journal.db-wal": 0o600, "journal.db-shm": 0o600}


def test_a_write_returns_when_it_is_on_disk(journal):
    """Write-ahead log and a sync for each transaction: docs/faults.md, "Power cut"."""
    assert journal._tables.base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert journal._tables.base.execute("PRAGMA synchronous").fetchone() == (2,)


def write_schema_1(path: Path, version: int = 1) -> None:
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE fact (name TEXT PRIMARY KEY, at TEXT NOT NULL)")
        base.execute("INSERT INTO fact VALUES ('expert_advice_heard', ?)", (NOW.isoformat(),))
        base.execute(f"PRAGMA user_version={version}")
    base.close()


@pytest.mark.parametrize("version", [0, 1])
def test_a_journal_of_the_first_version_is_brought_up_to_date(path, version):
    """A journal of the first version keeps its data; version 0 is one whose creation was interrupted."""
    write_schema_1(path, version)

    journal = Journal(path)
    journal.keep(PLACE, NOW)

    assert journal.moved_aside is None
    assert journal.since("expert_advice_heard") == NOW
    assert again(journal).saved() == PLACE


def test_a_journal_of_the_second_version_keeps_all_and_takes_choices(path):
    """Its history and its place are there, and a choice can be written."""
    journal = Journal(path)
    have_session(journal, NOW, "cross-push")
    journal.keep(PLACE, NOW)
    journal.close()
    make_older(path, 2)

    journal = Journal(path)
    journal.prefer("tempo", 85)

    assert journal.moved_aside is None
    assert (journal.saved(), len(journal.sessions()), again(journal).preferred()) == (PLACE, 1, {"tempo": 85})


def test_a_newer_journal_is_not_touched(path):
    """The person is told to update; not a byte of the file changes."""
    with sqlite3.connect(path) as base:
        base.execute(f"PRAGMA user_version={SCHEMA + 1}")
        base.execute("CREATE TABLE newer (x)")
    base.close()
    before = path.read_bytes()

    with pytest.raises(JournalError, match="newer tuina"):
        Journal(path)

    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["journal.db"]
