"""One copy at a time: the second is refused before it touches anything; a dead one's lock is taken over."""

from __future__ import annotations

import errno
import os
import signal
from contextlib import contextmanager, suppress

import pytest
from typer.testing import CliRunner

from assistant.speak.clips import ClipCache
from assistant.speak.silent_voice import SilentVoice
from assistant.terminal import single_instance as room
from assistant.terminal.app import app
from assistant.terminal.single_instance import AnotherRuns, Owner, is_alive, only_one, started
from assistant.terminal.start.announce import announce

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="another copy is made by fork, which Windows lacks")
NOBODY = 2**22 - 1  # a process number that is above what a small machine gives out


@contextmanager
def another_copy(path):
    """A process that holds the lock until it is killed; gives its number."""
    ready, done = os.pipe()
    child = os.fork()
    if child == 0:
        with only_one(path):
            os.write(done, b".")
            signal.pause()
        os._exit(0)
    os.read(ready, 1)
    try:
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(done)


@forks
def test_a_second_copy_is_refused_by_name(tmp_path):
    """It is told which process has the lock."""
    refused = pytest.raises(AnotherRuns, match=r"process \d+: tuina is already running")
    with another_copy(tmp_path / "lock") as number, refused as refusal, only_one(tmp_path / "lock"):
        pytest.fail("two copies run")

    assert f"process {number}:" in str(refusal.value)


@forks
def test_a_killed_copy_leaves_no_lock(tmp_path):
    """Whatever is written in the file: the lock ended with the process."""
    with another_copy(tmp_path / "lock"):
        pass

    assert (tmp_path / "lock").read_text()
    with only_one(tmp_path / "lock"):
        assert str(os.getpid()) in (tmp_path / "lock").read_text()


def test_a_lock_can_be_taken_again(tmp_path):
    """After the end, also after an end by error; the file stays, and says nothing."""
    with pytest.raises(KeyError), only_one(tmp_path / "lock"):
        raise KeyError
    with only_one(tmp_path / "lock"):
        pass

    assert (tmp_path / "lock").read_text() == ""


@pytest.mark.parametrize("left", ["", "{", "[]", '{"pid": "x"}', "\x00\xff"])
def test_half_a_name_keeps_nobody_out(tmp_path, left):
    """Half a name that a crash left in the file is not a lock."""
    (tmp_path / "lock").write_text(left)

    with only_one(tmp_path / "lock"):
        pass


@pytest.fixture
def no_locks(monkeypatch):
    """A file system that knows no locks."""

    def refuse(_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(room, "_lock_file", refuse)


@forks
def test_without_locks_a_running_process_keeps_others_out(tmp_path, no_locks):
    """It is looked for by its number and the time it was started."""
    with another_copy(tmp_path / "lock"), pytest.raises(AnotherRuns), only_one(tmp_path / "lock"):
        pytest.fail("two copies run")

    with only_one(tmp_path / "lock"):
        pass


@forks
def test_a_disk_that_takes_no_name_ends_nothing(tmp_path):
    """The lock is the system's, so a full disk neither ends what runs nor lets a second copy in."""
    import resource

    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with suppress(BaseException), only_one(tmp_path / "lock"):
            os._exit(0)
        os._exit(1)

    assert os.waitpid(child, 0)[1] == 0


@forks
def test_a_number_that_was_given_out_again_is_another_process():
    """The same number with another start is not the copy that wrote it."""
    me = os.getpid()

    assert is_alive(Owner(pid=me, started=started(me)))
    assert is_alive(Owner(pid=me, started=""))
    assert not is_alive(Owner(pid=NOBODY, started=""))
    if started(me):
        assert not is_alive(Owner(pid=me, started="1"))


@forks
def test_a_second_start_touches_nothing(tmp_path, monkeypatch):
    """No journal is made, and the trace of the running copy is not cut to nothing."""
    monkeypatch.setenv("TUINA_HOME", str(tmp_path / "home"))
    (tmp_path / "trace.jsonl").write_text("the first copy's\n")

    with another_copy(tmp_path / "home" / "tuina.lock"):
        words = ["start", "--typed", "--speaker", "none", "--voice", "silent"]
        result = CliRunner().invoke(app, [*words, "--trace", str(tmp_path / "trace.jsonl")], input="help\n")

    assert isinstance(result.exception, AnotherRuns)
    assert (tmp_path / "trace.jsonl").read_text() == "the first copy's\n"
    assert [one.name for one in (tmp_path / "home").iterdir()] == ["tuina.lock"]


def test_a_session_runs_where_no_lock_can_be_made(tmp_path, monkeypatch):
    """A home that is a file: nothing is saved and no copy noticed, but the session is held."""
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("TUINA_HOME", str(tmp_path / "home"))

    words = ["start", "--typed", "--pace", "max", "--speaker", "none", "--voice", "silent"]
    result = CliRunner().invoke(app, words, input="help\n")

    assert result.exit_code == 0, result.exception
    assert "If tuina is started a second time, nobody will notice" in result.output
    assert "I cannot save your progress on this machine." in result.output


def test_what_cannot_be_said_aloud_is_noted():
    """Without the speaker that was asked for, the printed line is all there is."""
    notes = []

    announce("tuina is already running", ClipCache(SilentVoice(), None), "no such speaker", notes.append)

    assert len(notes) == 1
    assert "speaker" in notes[0]
