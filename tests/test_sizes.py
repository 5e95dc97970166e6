"""Limits to the sizes of the house; `python -m benchmarks.house` prints the figures themselves."""

from __future__ import annotations

import re
from statistics import median

import pytest

from benchmarks.house import (
    PACKAGE,
    ROOT,
    exceptions,
    exhaustive_containers,
    folders,
    function_lengths,
    lines_of,
    lines_of_tests,
    percentile,
    python_files,
)


def test_half_of_the_files_are_short_and_none_is_long():
    """Median at most 110 lines, largest at most 300."""
    sizes = {path: lines_of(path) for path in python_files("assistant")}

    assert median(sizes.values()) <= 110
    assert [path for path, lines in sizes.items() if lines > 300] == []


def test_functions_are_short():
    """Nine of ten have at most 20 lines, all at most 50."""
    found = function_lengths()

    assert percentile([length for length, _ in found], 0.9) <= 20
    assert [where for length, where in found if length > 50] == []


def test_no_folder_holds_more_than_a_fifth_of_the_code():
    """Each folder by the files directly in it; each room with all below it, but terminal/, which is many commands."""
    found = folders()
    code = next(one.whole for one in found if not one.path)
    rooms = [one for one in found if one.path and "/" not in one.path and one.path != "terminal"]

    assert [one.path for one in found if one.own > code / 5] == []
    assert [one.path for one in rooms if one.whole > code / 5] == []
    assert len(rooms) >= 8


def test_one_live_session_stays_small():
    """wire/ with all below it has at most 3,500 lines."""
    (wire,) = (one for one in folders() if one.path == "wire")

    assert 0 < wire.whole <= 3_500


def test_there_is_as_much_test_as_code():
    """Python in tests/ with rigs and fakes, and conversations in tests/journeys, over Python in assistant/."""
    code = sum(map(lines_of, python_files("assistant")))

    assert sum(lines_of_tests()) / code >= 1.0


def test_the_linter_is_silenced_seldom_and_with_a_reason():
    """At most 30 comments in the whole repository, each with its reason after a dash."""
    found = exceptions()

    assert len(found) <= 30
    assert [(where, comment) for where, comment in found if not re.search(r"noqa: [A-Z0-9, ]+ - \S", comment)] == []


def test_each_rule_that_a_file_is_spared_has_its_reason():
    """Beside every code under `ignore` and `per-file-ignores` in pyproject.toml stands a comment."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = text.partition("[tool.ruff.lint]")[2].partition("[tool.ruff.lint.pylint]")[0]
    spared = re.findall(r"^    (\"[A-Z]+\d*\",.*)$", lint, flags=re.MULTILINE)

    assert [line for line in spared if "#" not in line] == []
    assert len(spared) > 20


def test_every_package_has_a_contract_that_names_all_its_modules():
    """A new module has to take its place in the order; a package of one module has none."""
    packages = {path.parent for path in python_files("assistant") if path.name != "__init__.py"}
    packages |= {path.parent for path in packages if path != PACKAGE}
    ordered = {".".join(path.relative_to(ROOT).parts) for path in packages if _modules(path) > 1}

    assert ordered - set(exhaustive_containers()) == set()
    assert len(ordered) > 20


def _modules(package):
    inside = {path.relative_to(package).parts[0] for path in python_files("assistant") if package in path.parents}
    return len(inside - {"__init__.py"})


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_a_line_of_a_document_fits_on_a_screen(path):
    """At most 120 characters."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert [number for number, line in enumerate(lines, start=1) if len(line) > 120] == []
