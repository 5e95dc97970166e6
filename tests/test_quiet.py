"""The tests that run alone, and those that share a worker, are found by names that exist."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import conftest
from tests.conftest import LONG, QUIET, ROOT, WALKING


@pytest.mark.parametrize("quiet", QUIET)
def test_every_quiet_test_is_there(quiet):
    """One that was renamed would run among the others, and fail where these leave it no time."""
    file, _, name = quiet.partition("::")

    assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("long", LONG)
def test_everything_that_takes_long_is_there(long):
    """One that was renamed would come last, and one worker would wait for the other."""
    assert (ROOT / long.partition("::")[0]).exists()


def test_only_files_with_quiet_tests_are_read_where_those_are_asked_for():
    """Folders are looked into; asked for anything else, every file is read."""
    quiet, others = (SimpleNamespace(option=SimpleNamespace(markexpr=one)) for one in ("quiet", "not quiet"))
    read = [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if conftest.pytest_ignore_collect(path, quiet) is None
    ]

    assert {path.relative_to(ROOT).as_posix() for path in read} == {one.partition("::")[0] for one in QUIET}
    assert conftest.pytest_ignore_collect(ROOT / "tests" / "card", quiet) is None
    assert conftest.pytest_ignore_collect(ROOT / "tests" / "test_clock.py", others) is None


def test_the_files_that_walk_are_found():
    """Those whose tests or fixtures take the walk, and no other."""
    assert {"tests/respond/test_doubts.py", "tests/terminal/documents/test_documents.py"} <= WALKING
    assert "tests/test_clock.py" not in WALKING
