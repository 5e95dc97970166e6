"""Counts the lines of every room and prints them as the table of docs/architecture.md; `--write` puts it there.

A test fails while a number in the document is far from what this counts.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

HOUSE = Path(__file__).parents[1]
PACKAGE = HOUSE / "assistant"
DOCUMENT = HOUSE / "docs" / "architecture.md"
HEAD = "| room | files | lines | share |"
PARTED = ("decode", "store", "terminal", "wire")
"""Rooms whose folders have a row each."""


class Size(NamedTuple):
    """The amount of Python in a folder and below it."""

    files: int
    lines: int


def size_of(folder: Path) -> Size:
    """Count every line of every Python file, blank lines and comments included."""
    files = sorted(folder.rglob("*.py"))
    return Size(len(files), sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files))


def rooms() -> dict[str, Size]:
    """Give each room, and each folder of the large ones, in the order of a listing; the paths end with a slash."""
    found: dict[str, Size] = {}
    for room in sorted(path for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()):
        found[f"{room.name}/"] = size_of(room)
        inner = sorted(path for path in room.iterdir() if (path / "__init__.py").is_file())
        found.update({f"{room.name}/{path.name}/": size_of(path) for path in inner if room.name in PARTED})
    return found


def table() -> str:
    """Write the rooms as a Markdown table; the shares are of the whole package, in percent."""
    whole = size_of(PACKAGE)
    rows = [
        f"| `{name}` | {one.files} | {one.lines:,} | {one.lines / whole.lines:.1%} |" for name, one in rooms().items()
    ]
    return "\n".join([HEAD, "|---|---|---|---|", *rows, f"| all of `assistant/` | {whole.files} | {whole.lines:,} | |"])


def replaced(text: str) -> str:
    """Put the table into the document in place of the old one, which ends at the first empty line."""
    before, found, after = text.partition(HEAD)
    if not found:
        sys.exit(f"{DOCUMENT}: the line '{HEAD}' is missing")
    _, _, rest = after.partition("\n\n")
    return f"{before}{table()}\n\n{rest}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        DOCUMENT.write_text(replaced(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())
