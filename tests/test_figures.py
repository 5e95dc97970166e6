"""The table of docs/benchmarks.md: each interval is that of its counts, each command stands in the list below it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.terminal.bench.intervals import hourly, wilson

PAGE = (Path(__file__).parents[1] / "docs" / "benchmarks.md").read_text(encoding="utf-8")


class Row(NamedTuple):
    """One figure."""

    figure: str
    value: str
    data: str
    n: str
    interval: str
    command: str


def rows(page: str) -> list[Row]:
    """The figures of the table, without its head and the names of its parts."""
    table = page.partition("## Table")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return [Row(*row) for row in cells[2:] if row[1]]


def interval(row: Row) -> str:
    """The 95 % interval that belongs to the row's value, as the table writes it; a dash where nothing is counted."""
    if share := re.fullmatch(r"([\d,]+) of ([\d,]+)", row.value):
        part, whole = (int(number.replace(",", "")) for number in share.groups())
        low, high = (100 * limit for limit in wilson(part, whole))
        digits = 1 if high > 0.1 else 3
        return f"{low:.{digits}f}–{high:.{digits}f} %"
    if rate := re.fullmatch(r"(\d+) in ([\d.]+) h", row.value):
        low, high = hourly(int(rate[1]), float(rate[2]))
        return f"{low:.2f}–{high:.2f} an hour"
    return "–"


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row.figure)
def test_an_interval_is_that_of_its_counts(row):
    """Wilson for shares, exact Poisson for events an hour; a value without counts claims none."""
    assert row.interval == interval(row)


def test_every_figure_can_be_repeated():
    """Its command stands in the list, and the list holds no command without a figure."""
    listed = re.findall(r"^- \*\*(\w+)\*\*: `", PAGE.partition("## Commands")[2], flags=re.MULTILINE)

    assert {row.command for row in rows(PAGE)} == set(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0 in 11.74 h", "0.00–0.31 an hour"),
        ("525 of 552", "93.0–96.6 %"),
        ("0 of 41,359", "0.000–0.009 %"),
        ("0.09 s", "–"),
    ],
)
def test_a_wrong_interval_would_be_found(value, wanted):
    """The table is read and computed anew, not compared with itself."""
    page = f"## Table\n\n| figure |\n|---|\n| one | {value} | dev | 1 | 0 % | bench |\n\n## Commands\n"
    (row,) = rows(page)

    assert interval(row) == wanted
    assert row.interval != interval(row)
