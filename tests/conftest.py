"""Fixtures of many tests: the shipped library, and sessions on a manual clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.store.settings import Settings
from assistant.testing import SilentSession, Transcript
from assistant.wire import build

pytest_plugins = ["tests.fakes.command_line"]


@pytest.fixture(scope="session")
def loaded() -> build.LoadedFiles:
    """The shipped techniques, routines and grammar, without anybody's own files."""
    return build.load_files(Settings(), None)


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
