"""A disk that is full, read-only or locked: every call fails with an error of ours, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.errors import JournalError
from assistant.store.journal import Journal
from tests.fakes.journals import NOW, place, use, write_journal


def test_a_full_database_is_an_error_of_ours_and_loses_nothing(path):
    """SQLite's own word for a full disk; what was written before is there, and writing works again with room."""
    journal = Journal(path)
    journal.keep(place(1), NOW)
    (pages,) = journal._tables.base.execute("PRAGMA page_count").fetchone()
    journal._tables.base.execute(f"PRAGMA max_page_count={pages}")

    with pytest.raises(JournalError, match="full"):
        journal.keep({"filling": "x" * 100_000}, NOW)

    assert journal.saved() == place(1)
    journal._tables.base.execute("PRAGMA max_page_count=10000")
    journal.note("side_counted", {"technique": "cross-push", "count": 1}, NOW)
    journal.close()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of one megabyte, where this user may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here: only root can, and not everywhere")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Use up every byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 512)
    return filler


def test_a_really_full_disk_is_an_error_of_ours(small_disk):
    """Every call fails with an error of ours and not otherwise; once there is room, everything works again."""
    journal = Journal(small_disk / "journal.db")
    journal.keep(place(1), NOW)
    filler = fill(small_disk)
    failed = 0

    for n in range(200):
        try:
            journal.note("side_counted", {"technique": "t" * 40, "count": n}, NOW)
        except JournalError:
            failed += 1

    assert failed > 0
    assert journal.saved() == place(1)
    filler.unlink()
    journal.keep(place(2), NOW)
    journal.close()
    use(small_disk / "journal.db").close()


def test_a_journal_cannot_be_made_on_a_full_disk(small_disk):
    """The error is of the family, so that the session goes on in memory."""
    fill(small_disk)

    with pytest.raises(JournalError):
        Journal(small_disk / "journal.db")


def test_a_read_only_disk_is_an_error_of_ours(small_disk):
    """Also for root, whom modes do not bind; the journal is as it was."""
    write_journal(small_disk / "journal.db")
    before = (small_disk / "journal.db").read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    with pytest.raises(JournalError):
        Journal(small_disk / "journal.db")

    assert (small_disk / "journal.db").read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file sizes for a process")
def test_a_file_that_may_not_grow_is_an_error_of_ours(tmp_path):
    """A limit of the system's, met in the middle of a write; in a process of its own, since it cannot be lifted."""
    done = multiprocessing.get_context("fork").Process(target=_write_until_the_limit, args=(tmp_path / "journal.db",))
    done.start()
    done.join(60)

    assert done.exitcode == 0
    use(tmp_path / "journal.db").close()


def _write_until_the_limit(path: Path) -> None:
    import resource

    journal = Journal(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    kept = 0
    try:
        for n in range(1, 1000):
            journal.keep(place(n), NOW)
            kept = n
    except JournalError:
        os._exit(0 if kept and journal.saved() == place(kept) else 2)
    os._exit(1)


def test_a_folder_in_place_of_the_file_is_an_error_of_ours(path):
    """It is neither opened nor moved."""
    path.mkdir()

    with pytest.raises(JournalError):
        Journal(path)

    assert path.is_dir()


def test_a_file_in_place_of_the_folder_is_an_error_of_ours(tmp_path):
    """A home that is no folder."""
    (tmp_path / "home").write_text("a file")

    with pytest.raises(JournalError):
        Journal(tmp_path / "home" / "journal.db")


def test_a_journal_that_another_program_writes_is_waited_for_and_refused(path):
    """Not for ever; afterwards it works, and what failed is not there in half."""
    write_journal(path)
    journal = Journal(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(JournalError, match="locked"):
        journal.note("session_begun", {"routine": "full"}, NOW)

    other.execute("ROLLBACK")
    other.close()
    journal.note("session_begun", {"routine": "full"}, NOW)
    assert journal._tables.base.execute("SELECT count(*) FROM session").fetchone() == (21,)
    journal.close()
