"""No standard stream can end a session: closed, in another alphabet, full, or gone."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.terminal.streams import LastingScreen
from tests.fakes.command_line import ROOT, settle

SESSION = [sys.executable, "-m", "assistant", "start", "lower-back", "--typed", "--speaker", "none"]
SESSION += ["--voice", "silent", "--pace", "max"]


def sh(tail: str, tmp_path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """A typed session to its end, with the shell's redirections behind it."""
    settle(tmp_path / "home")
    env = {**os.environ, "TUINA_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT), **more}
    command = ["sh", "-c", f'"$@" {tail}', "sh", *SESSION]
    return subprocess.run(
        command, cwd=tmp_path, env=env, input=b"start\nend session\n", capture_output=True, timeout=120, check=False
    )


@pytest.mark.skipif("sys.platform == 'win32'")
class TestASession:
    def test_shows_plain_letters_where_the_terminal_has_no_others(self, tmp_path):
        """A quotation mark is one; what has no plain form is a question mark."""
        done = sh("", tmp_path, PYTHONIOENCODING="ascii")

        assert (done.returncode, done.stderr) == (0, b"")
        assert b'Say "start"' in done.stdout
        assert b"I keep your place. Goodbye." in done.stdout

    @pytest.mark.parametrize("tail", ["<&-", "<&- >&- 2>&-"])
    def test_takes_closed_streams_for_empty_ones(self, tail, tmp_path):
        """As if the null device had been given."""
        done = sh(tail, tmp_path)

        assert (done.returncode, done.stderr) == (0, b"")
        assert (b"start" in done.stdout) is (tail == "<&-")

    @pytest.mark.parametrize("tail", [">/dev/full", "| true"])
    def test_goes_on_to_its_end_when_nothing_can_be_shown(self, tail, tmp_path):
        """A full disk, a reader of a pipe that left: the place is kept, and no traceback is shown."""
        if tail == ">/dev/full" and not Path("/dev/full").exists():
            pytest.skip("this system has no /dev/full")
        done = sh(tail, tmp_path)

        assert done.returncode == 0
        assert b"Traceback" not in done.stderr


def test_a_screen_that_breaks_is_given_up(tmp_path):
    """Once, with its reason; what was shown stays, and later texts do nothing."""
    read, write = os.pipe()
    with os.fdopen(write, "w", encoding="utf-8") as below:
        screen = LastingScreen(below)
        screen.write("seen\n")
        screen.flush()

        assert os.read(read, 100) == b"seen\n"

        os.close(read)
        for _ in range(3):
            screen.write("not seen\n")
            screen.flush()

    assert screen.problem == "Broken pipe"


def test_a_closed_stream_is_no_screen():
    """Nothing is raised."""
    below = io.StringIO()
    below.close()
    screen = LastingScreen(below)
    screen.write("lost")

    assert "closed" in screen.problem
