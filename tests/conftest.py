"""Fixtures of many tests: the shipped library, and sessions on a manual clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.store.settings import Settings
from assistant.testing import SilentSession, Transcript
from assistant.wire import build
from tests.fakes.walk import Walk, walk

pytest_plugins = ["tests.fakes.command_line"]

BROWSERS = tuple(f"tests/web/test_{name}.py" for name in ("in_a_browser", "said_to_a_page", "sound_in_a_browser"))
QUIET = ("tests/card/", "tests/speak/", "tests/wire/", *BROWSERS)
"""Tests that play sound, wait by the clock, or use the system's voice or a browser: run alone, before the others."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a quiet machine, before anything is chosen by its marks."""
    for item in items:
        if item.nodeid.startswith(QUIET):
            item.add_marker("quiet")


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
