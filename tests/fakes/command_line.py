"""The command line as a person runs it: in a process of its own, or in this one where many cases are tried."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant import core_files
from assistant.__main__ import main
from assistant.clock import Clock, SystemClock
from assistant.store.journal import Journal
from assistant.store.settings import folders

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """The outcome of a command."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """Everything that was printed, with single spaces: lines are broken where the terminal ends."""
        return " ".join((self.out + self.err).split())


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c() -> None:
    """Let Ctrl-C reach the programs that tests start; what a shell runs in the background would not know it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def settle(
    home: Path,
    facts: Iterable[str] = ("expert_advice_heard", "screening_passed"),
    clock: Clock | None = None,
) -> Path:
    """Make `home` that of a person whose journal holds these facts of today only, and who is not asked for a rating.

    The person has heard the advice and passed the safety check unless told otherwise. Gives the path of the journal.
    """
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.yaml").write_text("rating: false\n", encoding="utf-8")
    path = folders({"TUINA_HOME": str(home)}).journal
    for old in path.parent.glob("journal.db*"):
        old.unlink()
    journal = Journal(path)
    for fact in facts:
        journal.remember(fact, (clock or SystemClock()).wall())
    journal.close()
    return path


@pytest.fixture(scope="session")
def settled() -> Callable[..., Path]:
    """The function that makes such a home."""
    return settle


@pytest.fixture(scope="session")
def in_a_process() -> Callable[..., Done]:
    """Run `tuina` with these words in a process of its own, at home and in the folder `home`, without a terminal."""

    def run(home: Path, *words: object, stdin: str = "") -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *map(str, words)],
            cwd=home,
            env={**os.environ, "TUINA_HOME": str(home), "PYTHONPATH": str(ROOT)},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def tuina(tmp_path, monkeypatch, capsys) -> Callable[..., Done]:
    """Run `tuina` with these words in this process; an error that is not ours raises here."""

    def run(*words: object, stdin: str = "") -> Done:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TUINA_HOME", str(tmp_path / "home"))
        monkeypatch.setattr(sys, "argv", ["tuina", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        monkeypatch.setattr(core_files, "write_none", lambda: True)  # this process is that of the tests
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return run
