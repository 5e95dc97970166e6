"""Fixtures of many tests: the shipped library, and sessions on a manual clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.store.settings import Settings
from assistant.testing import SilentSession, Transcript
from assistant.wire import build
from tests.fakes.walk import Walk, walk

ROOT = Path(__file__).parents[1]
pytest_plugins = ["tests.fakes.command_line"]

CARD = tuple(f"tests/card/test_{name}.py" for name in ("barge_in", "faults", "own_voice", "room", "session"))
BROWSERS = (
    "tests/web/test_in_a_browser.py::test_the_page_follows_a_beat",
    "tests/web/test_said_to_a_page.py",
    "tests/web/test_sound_in_a_browser.py",
)
QUIET = (*CARD, *BROWSERS)
"""Tests in which sound is carried or a beat is measured by the clock: run alone, before the others."""
WALKING = frozenset(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "tests").rglob("test_*.py")
    if re.search(r"def \w+\([^)]*\bwalked\b", path.read_text(encoding="utf-8"))
)
"""The files that need the walk through the dialogue: one worker runs them all, so that it is walked once."""
LONG = (
    *sorted(WALKING),
    "tests/respond/test_screening.py",
    "tests/respond/sessions/test_machine.py",
    "tests/test_readme.py",
    "tests/test_spoken_journey.py",
    "tests/terminal/test_no_socket.py",
    "tests/web/",
)
"""What takes minutes, or waits for a browser: run first, so that no worker is left alone with it at the end."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files without a quiet test unread where only quiet ones are asked for: to read all takes twenty seconds."""
    if config.option.markexpr != "quiet" or not collection_path.is_file():
        return None
    name = collection_path.relative_to(ROOT).as_posix()
    return None if any(name == quiet.partition("::")[0] for quiet in QUIET) else True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a whole file to one worker, and all files that need the walk to the same."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            scope = super()._split_scope(nodeid)
            return "the walk" if scope in WALKING else scope

    return ByFile(config, log) if config.option.dist == "loadfile" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a quiet machine, before anything is chosen by its marks; put first what takes long."""
    for item in items:
        if item.nodeid.startswith(QUIET):
            item.add_marker("quiet")

    def place(item: pytest.Item) -> int:
        is_quiet = item.nodeid.startswith(QUIET)  # the card first: a fresh clone compiles at its first start
        return -1 if is_quiet else next((i for i, long in enumerate(LONG) if item.nodeid.startswith(long)), len(LONG))

    items.sort(key=place)


@pytest.fixture(scope="session")
def loaded() -> build.LoadedFiles:
    """The shipped techniques, routines and grammar, without anybody's own files."""
    return build.load_files(Settings(), None)


@pytest.fixture(scope="session")
def walked(loaded: build.LoadedFiles) -> Walk:
    """Everything that can be reached in the dialogue."""
    return walk(loaded.library, loaded.pack)


@pytest.fixture
def told() -> Transcript:
    """An observer for one session."""
    return Transcript()


@pytest.fixture
def rehearse(loaded: build.LoadedFiles, tmp_path: Path) -> Iterator[Callable[..., SilentSession]]:
    """Make sessions that know the given facts; their journals are closed afterwards."""
    made: list[SilentSession] = []

    def make(*facts: str) -> SilentSession:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(SilentSession(loaded, folder))
        made[-1].know(*facts)
        return made[-1]

    yield make
    for one in made:
        one.close()
