"""The README, line by line: every command runs, every phrase is understood, the example routine is valid."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.interpret import Interpreter
from assistant.messages import Heard, Intent, Said
from assistant.store.library import load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line.partition("#")[0].strip() for line in re.findall(r"^\.venv/bin/tuina .*$", README, re.MULTILINE)]
TABLE = README.partition("## How it works")[0]
PHRASES = sorted(set(re.findall(r'"([^"]+)"', "\n".join(line for line in TABLE.splitlines() if line.startswith("|")))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that looks like the clone, and a home without anything."""
    here = tmp_path_factory.mktemp("clone")
    for name in ("assistant", "grammars", "routines", "models", "tests"):
        (here / name).symlink_to(ROOT / name)
    return here


def test_there_is_something_to_try():
    """The patterns of this test still fit the README."""
    assert len(COMMANDS) >= 9
    assert len(PHRASES) >= 20


def test_every_command_works_as_it_is_shown(folder):
    """One after the other, as a newcomer would; without a terminal, and without sound where there is none."""
    failed = {}
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *shlex.split(command)[1:]],
            cwd=folder,
            env={**os.environ, "TUINA_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)},
            input="end session\n",
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        # these may end with 1: they tell that this machine has no microphone
        may_fail = "doctor" in command or "rehearse" in command
        if done.returncode not in ({0, 1} if may_fail else {0}) or "Traceback" in done.stderr:
            failed[command] = done.stdout[-300:] + done.stderr[-600:]

    assert failed == {}


def test_every_phrase_is_understood(loaded):
    """The sentences that the README says one can say."""
    interpreter = Interpreter(loaded.phrases, loaded.pack)

    def is_understood(text):
        heard = Heard(text=text, is_final=True, is_sure=True, score=100.0, at_s=0.0, end_s=0.0)
        return any(isinstance(event, Said) for event in interpreter.understand(heard, frozenset(Intent), 0.0))

    assert [text for text in PHRASES if not is_understood(text)] == []


def test_the_example_routine_is_valid(tmp_path):
    """And can be asked for by its name."""
    text = README.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "morning.yaml").write_text(text, encoding="utf-8")

    loaded = load("en", user_folder=tmp_path)

    assert loaded.problems == ()
    assert loaded.library.routine_called("morning routine") == "morning"


def test_every_link_leads_somewhere():
    """Files and pictures of the repository."""
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []
