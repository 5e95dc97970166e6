"""A house keeps its processes: what dies starts again, and all end with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.terminal.rooms.house import LONGEST_S, House, wait_s
from tests.rigs.not_tested import not_tested

PATIENCE_S = 60.0
KEEPS = """
import os, pathlib, sys, time
from assistant.terminal.rooms.house import House
folder = pathlib.Path(sys.argv[1])
def stay():
    (folder / str(os.getpid())).touch()
    time.sleep(600)
House({"one": stay, "two": stay}, lambda name, pid: None).run()
"""


@pytest.fixture(autouse=True)
def _linux():
    if sys.platform != "linux":
        not_tested("rooms need Linux", only_on_linux=True)


def until(holds):
    """Wait until this holds."""
    until_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until_s
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def kept(tmp_path):
    """A house of two processes that stay, and the ids of both."""
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", KEEPS, str(tmp_path)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    ) as process:
        until(lambda: len(list(tmp_path.iterdir())) == 2)
        yield process, tmp_path, [int(one.name) for one in tmp_path.iterdir()]
        process.kill()


def test_what_dies_is_started_again_and_the_other_stays(kept):
    """SIGKILL ends one process; another one does its job, and nothing happens to the second."""
    _, folder, (one, other) = kept
    os.kill(one, signal.SIGKILL)
    until(lambda: len(list(folder.iterdir())) == 3)

    assert is_alive(other)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_all_end_with_the_house(kept, how):
    """Asked, interrupted or killed: no room goes on without it."""
    process, _, pids = kept
    process.send_signal(how)
    process.wait(PATIENCE_S)
    until(lambda: not any(map(is_alive, pids)))


def test_a_start_that_fails_again_and_again_waits_longer_each_time():
    """At once after a long life, then a tenth of a second, doubled, up to ten seconds."""
    assert [wait_s(one) for one in range(4)] == [0.0, 0.1, 0.2, 0.4]
    assert wait_s(30) == LONGEST_S


def test_a_house_tells_of_every_start_and_death(monkeypatch):
    """The name and the process' id, then the name and nought."""
    told = []

    def hear(name, pid):
        told.append((name, pid > 0))
        if len(told) == 3:
            raise KeyboardInterrupt  # what Ctrl-C does

    House({"one": lambda: None}, hear).run()

    assert told == [("one", True), ("one", False), ("one", True)]
