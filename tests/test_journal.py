"""What outlives a session: facts with a date, on disk as soon as they are told."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

from assistant.errors import JournalError
from assistant.journal import SCHEMA, Journal

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=timezone.utc)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "folder" / "journal.db"


def test_a_fact_is_known_once_it_was_told(path):
    """Not before, and no other."""
    journal = Journal(path)
    before = journal.knows("advice_heard")

    journal.remember("advice_heard", NOW)

    assert (before, journal.knows("advice_heard"), journal.knows("advice")) == (False, True, False)


def test_facts_are_there_the_next_time(path):
    """Told twice is known once; odd names are only names."""
    first = Journal(path)
    for fact in ("advice_heard", "advice_heard", "Robert'); DROP TABLE fact;--", "été 🌞"):
        first.remember(fact, NOW)
    first.close()

    again = Journal(path)

    assert again.knows("été 🌞")
    assert again.knows("advice_heard")
    rows = sqlite3.connect(path).execute("SELECT name, at FROM fact").fetchall()
    assert len(rows) == 3
    assert {at for _, at in rows} == {"2026-01-01T12:30:00+00:00"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_the_owner_may_read_it(path):
    """What somebody does for their back is their own affair."""
    old = os.umask(0)
    try:
        Journal(path)
    finally:
        os.umask(old)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_remembered_survives_a_kill(path):
    """A process that is killed right after `remember` has lost nothing."""
    program = (
        "import os, signal, sys; from datetime import datetime, timezone; from pathlib import Path\n"
        "from assistant.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "for n in range(20): journal.remember(f'fact {n}', datetime.now(timezone.utc))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    done = subprocess.run([sys.executable, "-c", program, str(path)], env=environment, check=False, timeout=60)

    assert done.returncode == -signal.SIGKILL
    assert all(Journal(path).knows(f"fact {n}") for n in range(20))


def test_two_sessions_at_a_time_share_it(path):
    """What one remembers the other knows."""
    one, other = Journal(path), Journal(path)

    one.remember("advice_heard", NOW)

    assert other.knows("advice_heard")


@pytest.mark.parametrize("content", [b"Dear diary,\n" * 200, b"SQLite format 3\x00" + bytes(200)])
def test_a_damaged_file_is_an_error_and_stays_as_it_is(path, content):
    """It names the file and what to do; it is not overwritten, somebody may want to save it."""
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    with pytest.raises(JournalError, match=r"journal.db: the journal cannot be opened.*The session goes on"):
        Journal(path)
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_an_error(tmp_path):
    """A file where a folder should be; a folder where the file should be."""
    (tmp_path / "file").touch()

    with pytest.raises(JournalError, match="cannot be opened"):
        Journal(tmp_path / "file" / "journal.db")
    with pytest.raises(JournalError, match="cannot be opened"):
        Journal(tmp_path)


def test_a_journal_of_a_newer_version_is_left_alone(path):
    """An old program must not write into what it does not understand."""
    Journal(path).close()
    base = sqlite3.connect(path)
    base.execute(f"PRAGMA user_version={SCHEMA + 1}")
    base.close()

    with pytest.raises(JournalError, match=f"newer tuina .schema {SCHEMA + 1}.*Update tuina"):
        Journal(path)
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (SCHEMA + 1,)


def test_a_closed_journal_says_so(path):
    """A late call is an error of the family, not a crash."""
    journal = Journal(path)
    journal.close()

    with pytest.raises(JournalError, match="cannot be read"):
        journal.knows("advice_heard")
    with pytest.raises(JournalError, match="cannot be written"):
        journal.remember("advice_heard", NOW)
