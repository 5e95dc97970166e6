"""The page of promises says of each what shows it, a figure, since when, and what is not kept or not measured."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "promises.md").read_text(encoding="utf-8")
SECTIONS = {part.partition(":")[0]: part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}


def test_there_are_ten():
    """In the table and as sections, in the same order."""
    named = [f"P{n}" for n in range(1, 11)]

    assert list(SECTIONS) == named
    assert re.findall(r"^\| (P\d+) \|", PAGE, re.MULTILINE) == named


@pytest.mark.parametrize("name", SECTIONS)
def test_each_says_what_shows_it_and_what_does_not(name):
    """A test or a benchmark, a figure with the command that prints it, a day, and at least one thing that is open."""
    lines = re.split(r"^- ", SECTIONS[name], flags=re.MULTILINE)[1:]
    heads = [re.split(r"[:\s]", line)[0] for line in lines]
    figure = lines[heads.index("Figure")]

    assert heads[:3] == ["Test", "Figure", "Since"]
    assert re.search(r"`(?:tuina|python)\s", figure)
    assert re.search(r"\d", figure)
    assert re.search(r"\d{1,2} November", lines[2])
    assert len(lines) > 3
    assert re.match(r"Not (?:kept|shown|measured)|Weaker", lines[3])
