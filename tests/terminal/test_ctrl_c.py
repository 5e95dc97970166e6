"""Ctrl-C ends the program, while it loads and while it speaks: no traceback, and the exit code that shells expect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import core_files
from assistant.__main__ import main

ROOT = Path(__file__).parents[2]


class PressesCtrlC:
    """An import during which the person loses patience."""

    def find_spec(self, name, path=None, target=None):
        if name == "assistant.terminal.app":
            raise KeyboardInterrupt


def test_ctrl_c_while_it_loads_ends_it_without_a_traceback(monkeypatch):
    """With the exit code that shells know."""
    monkeypatch.delitem(sys.modules, "assistant.terminal.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [PressesCtrlC(), *sys.meta_path])
    monkeypatch.setattr(core_files, "write_none", lambda: True)  # this process is that of the tests

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 130


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_while_it_speaks_ends_it_without_a_traceback(tmp_path):
    """At once, in the middle of a sentence."""
    words = [sys.executable, "-m", "assistant", "start", "--typed", "--speaker", "none", "--voice", "silent"]
    environment = {**os.environ, "TUINA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    session = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
    while b"it: " not in session.stdout.readline():
        assert session.poll() is None

    session.send_signal(signal.SIGINT)
    _, err = session.communicate(timeout=60)

    assert (session.returncode, err) == (130, b"")
