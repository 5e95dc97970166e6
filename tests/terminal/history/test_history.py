"""`tuina history`: what is kept can be seen, taken along and deleted."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from typer.testing import CliRunner

from assistant.errors import TuinaError
from assistant.store.journal import Journal
from assistant.store.journal import history_rows as rows
from assistant.terminal.app import app
from assistant.terminal.history.table import as_csv, picture
from assistant.terminal.single_instance import AnotherRuns, CannotLock, only_one

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def tuina(tmp_path, monkeypatch):
    """Runs the command in a home of its own."""
    monkeypatch.setenv("TUINA_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words, **given: CliRunner().invoke(app, ["history", *words], **given)


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "journal.db")
    yield made
    made.close()


def have_session(
    journal: Journal, day: int, before: int | None = None, after: int | None = None, routine: str = "full"
) -> None:
    at = NOW + timedelta(days=day)
    if before is not None:
        journal.note("rating", {"when": "before", "number": before}, at)
    journal.note("session_begun", {"routine": routine}, at)
    for technique, side, count in (
        ("cross-push", "", 36),
        ("buttocks-rub", "right", 24),
        ("buttocks-rub", "left", 20),
        ("leg-pinch", "left", 3),
    ):
        journal.note("side_counted", {"technique": technique, "side": side, "count": count}, at)
    journal.note("pain", {"technique": "leg-pinch", "side": "left", "count": 3}, at)
    journal.note("session_ended", {"routine": "full", "finished": 1}, at + timedelta(minutes=19, seconds=40))
    if after is not None:
        journal.note("rating", {"when": "after", "number": after}, at + timedelta(minutes=20))


def test_a_session_becomes_a_row_of_numbers(journal):
    """Counts of each side over all techniques, minutes to the nearest, ratings and pain."""
    have_session(journal, 0, before=6, after=3)

    (row,) = rows(journal.sessions())

    assert datetime.fromisoformat(row.begun) == NOW
    assert (row.routine, row.minutes, row.techniques) == ("full", 20, 3)
    assert (row.left, row.right, row.both) == (23, 24, 36)
    assert (row.before, row.after, row.pains, row.is_finished) == (6, 3, 1, True)


def test_the_csv_has_a_line_for_each_session(journal):
    """Ratings that were not given are empty, not zero."""
    have_session(journal, 0, before=0)
    have_session(journal, 1, after=10)

    first, second = csv.DictReader(as_csv(rows(journal.sessions())).splitlines())

    assert (first["before"], first["after"]) == ("0", "")
    assert (second["before"], second["after"], second["left"]) == ("", "10", "23")


def test_the_picture_shows_how_the_discomfort_changed(journal):
    """One bar a session; a rating that is missing is a dot."""
    have_session(journal, 0, before=10, after=5)
    have_session(journal, 1, before=5)
    have_session(journal, 2, before=6, after=0)

    assert picture(rows(journal.sessions())) == [
        "before  █▄▅",
        "after   ▄· ",
        "Over 2 session(s) it changed by -5.5 on average.",
    ]


def test_without_ratings_there_is_no_picture(journal):
    """An empty picture would look like no discomfort."""
    have_session(journal, 0)

    assert picture(rows(journal.sessions())) == []


def test_an_empty_history_says_so(tuina, tmp_path):
    """And makes no file."""
    result = tuina()

    assert result.exit_code == 0
    assert "No session yet" in result.output
    assert list(tmp_path.iterdir()) == []


def test_the_table_shows_each_session(tuina, journal):
    """Also while a session holds the journal open; a routine's name cannot steer the terminal."""
    have_session(journal, 0, before=6, after=3, routine="mi[red]ne\x1b]52;c")

    result = tuina()

    assert result.exit_code == 0, result.exception
    assert "2026-03-10" in result.output
    assert "mi[red]ne]52;c" in result.output
    assert "\x1b" not in result.output
    assert result.output.split("mi[red]ne]52;c")[1].split()[:8] == ["20", "3", "23", "24", "36", "6", "3", "1"]


def test_damaged_lines_are_left_out_and_told(tuina, journal):
    """The rest is shown; the person is told where to read more."""
    have_session(journal, 0)
    with closing(sqlite3.connect(journal.path)) as base:
        base.execute("UPDATE note SET numbers = replace(numbers, '24', '20') WHERE numbers LIKE '%24%'")
        changed = base.total_changes
        base.commit()

    done = tuina()

    assert changed == 1
    assert "1 damaged lines of the journal are left out of this; see: tuina doctor" in done.output
    assert "2026-03-10" in done.output


def test_the_files_hold_all_that_is_kept(tuina, journal, tmp_path):
    """CSV for a table, JSON with every note."""
    have_session(journal, 0, before=6, after=3)
    csv_file, json_file = tmp_path / "out" / "h.csv", tmp_path / "out" / "h.json"

    result = tuina("--csv", str(csv_file), "--json", str(json_file))

    (session,) = json.loads(json_file.read_text(encoding="utf-8"))
    assert result.exit_code == 0
    assert csv_file.read_text().startswith("begun,routine,minutes,")
    assert [note["what"] for note in session["notes"]].count("side_counted") == 4
    assert session["notes"][0]["number"] == 6


def test_a_file_that_cannot_be_written_is_an_error_of_ours(tuina, tmp_path):
    """A folder in its place, for instance."""
    result = tuina("--csv", str(tmp_path))

    assert isinstance(result.exception, TuinaError)


def test_forgetting_asks_first(tuina, journal):
    """Anything but yes keeps everything."""
    have_session(journal, 0)

    result = tuina("--forget", input="n\n")

    assert "Nothing was deleted" in result.output
    assert len(journal.sessions()) == 1


def test_forgetting_leaves_no_session(tuina, journal):
    """By the answer, or without a question with --yes."""
    for words, given in ((["--forget"], "y\n"), (["--forget", "--yes"], "")):
        have_session(journal, 0)

        result = tuina(*words, input=given)

        assert result.exit_code == 0, result.exception
        assert journal.sessions() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="another copy is made by fork, which Windows lacks")
def test_a_file_that_is_there_is_not_overwritten(tuina, journal, tmp_path):
    """Without --force; with it, but for tuina's own files."""
    have_session(journal, 0)
    there = tmp_path / "notes.txt"
    there.write_text("mine")
    before = journal.sessions()

    refused = tuina("--csv", str(there))

    assert isinstance(refused.exception, TuinaError)
    assert "--force" in str(refused.exception)
    assert there.read_text() == "mine"

    assert tuina("--csv", str(there), "--force").exit_code == 0
    assert there.read_text().startswith("begun,")

    for own in ("journal.db", "journal.db-wal", "settings.yaml"):
        for option in ("--csv", "--json"):
            assert isinstance(tuina(option, str(tmp_path / own), "--force").exception, TuinaError)
    assert journal.sessions() == before


def test_nothing_is_forgotten_while_a_session_runs(tuina, journal, tmp_path):
    """It would write again what was deleted."""
    have_session(journal, 0)
    child = os.fork()
    if child == 0:
        with only_one(tmp_path / "tuina.lock"):
            result = tuina("--forget", "--yes") if os.fork() == 0 else os.wait()
        os._exit(0 if isinstance(result, tuple) and result[1] == 0 else not isinstance(result.exception, AnotherRuns))
    _, status = os.waitpid(child, 0)

    assert os.WEXITSTATUS(status) == 0
    assert len(journal.sessions()) == 1


def test_a_home_that_cannot_be_locked_is_told(tmp_path, tuina, monkeypatch):
    """A file where the folder should be: an error of ours, and nothing is said to be forgotten."""
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("TUINA_HOME", str(tmp_path / "home"))

    result = tuina("--forget", "--yes")

    assert isinstance(result.exception, CannotLock)
    assert "is deleted" not in result.output
