"""After "forget me" nothing personal is left: every file that a session wrote is listed, and looked for again."""

from __future__ import annotations

import stat
from datetime import datetime, timezone
from pathlib import Path

import pytest

from assistant import start_session
from assistant.errors import JournalError
from assistant.store.forget import forget_clips, forget_files
from assistant.store.journal import Journal
from assistant.store.paired_devices import PairedDevices
from assistant.store.pronunciations import Pronunciations, Rehearsals
from assistant.store.settings import Folders, folders_in
from assistant.terminal.single_instance import only_one

ANSWERS = ("yes", "yes", "no", "yes", "no")


def files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}


def leave_traces(where: Folders) -> None:
    """Write what earlier sessions, rehearsals and crashes leave behind."""
    Pronunciations(where.config).add("anna", {"stop": ["s t"]}, datetime.now(timezone.utc), Rehearsals())
    (where.config / "pronunciations" / "tmp1.part").write_text("anna")
    PairedDevices(where.lan).add("Chrome on Android", datetime.now(timezone.utc))
    where.clips.mkdir(parents=True)
    (where.clips / "tmp2.part").write_bytes(b"half a sentence")
    where.journal.write_bytes(b"a journal that was damaged")
    Journal(where.journal).close()  # which moves it aside


def have_session(loaded, home: Path, *lines: str) -> None:
    with start_session(loaded, "full", home=home, voice="silent", hears=False, note=lambda _: None) as session:
        for text in lines:
            session.wait_until_quiet()
            session.say(text)
        session.wait_until_quiet()


def test_after_forget_me_every_file_that_was_written_is_gone(loaded, tmp_path):
    """By voice, in the session itself: the empty journal is left, without a word, a date or a damaged copy."""
    where = folders_in(tmp_path)
    leave_traces(where)
    have_session(loaded, tmp_path, "skip", "start", "no", "yes", "end session")
    written = files(tmp_path)

    assert {one.split("/")[-1].split(".")[-1] for one in written} >= {"clip", "part", "json", "damaged-1", "db"}

    have_session(loaded, tmp_path, "forget me", "yes")

    assert files(tmp_path) <= {"journal.db", "journal.db-wal", "journal.db-shm"}
    assert not (tmp_path / "journal.db-wal").exists() or (tmp_path / "journal.db-wal").stat().st_size == 0
    journal = Journal(where.journal)
    assert (journal.sessions(), journal.saved(), journal.preferred()) == ((), None, {})
    journal.close()


def test_forget_deletes_the_same_on_the_command_line(loaded, tmp_path, tuina):
    """The lock of a session is the only other file, and empty."""
    home = tmp_path / "home"
    where = folders_in(home)
    home.mkdir()
    leave_traces(where)
    have_session(loaded, home, "skip", "start", "end session")
    with only_one(where.lock):
        pass
    tuina("history", "--forget", "--yes")

    assert files(home) <= {"journal.db", "journal.db-wal", "journal.db-shm", "tuina.lock", "settings.yaml"}
    assert where.lock.stat().st_size == 0


def test_a_link_among_the_clips_is_deleted_and_its_target_is_not(tmp_path):
    """Only what lies in the folder is ours."""
    where = folders_in(tmp_path)
    PairedDevices(where.lan).add("Chrome on Android", datetime.now(timezone.utc))
    where.clips.mkdir(parents=True)
    other = tmp_path / "a.clip"
    other.write_text("somebody's")
    (where.clips / "b.clip").symlink_to(other)
    (where.clips / "notes.txt").write_text("the person's own")

    forget_clips(where)

    assert sorted(path.name for path in where.clips.iterdir()) == ["notes.txt"]
    assert other.exists()


def test_one_kind_that_stays_keeps_no_other(tmp_path):
    """A folder in the place of a file cannot be deleted so: the first one is told after the rest is gone."""
    where = folders_in(tmp_path)
    leave_traces(where)
    for folder in (where.config / "pronunciations", where.lan / "devices", where.clips):
        for n in range(4):
            (folder / f"{n}.part").mkdir()

    with pytest.raises(JournalError, match="pronunciations cannot be changed"):
        forget_files(where)

    assert {one for one in files(tmp_path) if "journal" not in one} == set()


@pytest.mark.skipif("sys.platform == 'win32'")
def test_a_trace_is_readable_by_its_owner_only(loaded, tmp_path):
    """Also where a trace that others could read was there before; any other file stays as it is."""
    from assistant.errors import TuinaError
    from assistant.wire.trace import open_trace

    path, own = tmp_path / "t.jsonl", tmp_path / "journal.db"
    for _ in range(2):
        open_trace(path, loaded.library).close()

        assert stat.S_IMODE(path.stat().st_mode) == 0o600

        path.chmod(0o644)
    own.write_bytes(b"SQLite format 3")
    with pytest.raises(TuinaError, match="is no trace"):
        open_trace(own, loaded.library)

    assert own.read_bytes() == b"SQLite format 3"
