"""Flips one bit of a journal at a time, opens it as `tuina history` does, and compares what is read.

    python -m tests.rigs.flipped_bits [--without-sums]

A small journal with a row or a few of every kind; every bit of the rows, with their lengths and kinds. `--without-sums`
believes every row whose values can be, as it was before the rows had sums.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import JournalError
from assistant.store.journal import Journal, rows
from assistant.store.journal.sums import COLUMNS
from tests.fakes.journals import NOW, write_small

_HEAD = 8  # bytes before a row's values: its length, its rowid and the kinds of its values


@dataclass(kw_only=True)
class Flips:
    """The results of the flips."""

    tried: int = 0
    refused: int = 0
    """Damage that the file shows: the whole of it is moved aside, or left."""
    set_aside: int = 0
    """Damage of rows."""
    harmless: int = 0
    """Not noticed, and all that is read is as before."""
    believed: list[tuple[int, int]] = field(default_factory=list)
    """Not noticed, and something else is read: the byte and the bit."""

    @property
    def noticed(self) -> int:
        """Return how many were noticed."""
        return self.refused + self.set_aside


def flip_rows(path: Path, every: int = 1) -> Flips:
    """Flip each bit of each row, or every n-th; `path` is a closed journal, and is whole again afterwards."""
    return flip(path, list(_bits_of_rows(path))[::every])


def flip(path: Path, bits: Iterable[tuple[int, int]]) -> Flips:
    """Flip these bits, one at a time: the byte's place in the file, and 0 to 7."""
    sound = path.read_bytes()
    content = _read(path)
    found = Flips()
    for at, bit in bits:
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 1 << bit]) + sound[at + 1 :])
        found.tried += 1
        try:
            damaged, now = _read(path)
        except JournalError:
            found.refused += 1
            continue
        if damaged:
            found.set_aside += 1
        elif now == content[1]:
            found.harmless += 1
        else:
            found.believed.append((at, bit))
    path.write_bytes(sound)
    return found


def _read(path: Path) -> tuple[int, list[Any]]:
    with closing(Journal(path, may_mend=False)) as journal:
        read = [journal.saved(), journal.saved_age_s(NOW), journal.checks(NOW), journal.sessions(), journal.preferred()]
        return journal.damaged, [*read, journal.since("expert_advice_heard")]


def _bits_of_rows(path: Path) -> Iterator[tuple[int, int]]:
    """Give the place of every bit of every row, found by the text that the row holds."""
    data = path.read_bytes()
    with closing(sqlite3.connect(path)) as base:
        found = [row for table in COLUMNS for row in base.execute(f"SELECT * FROM {table}")]
    places: set[int] = set()
    for row in found:
        texts = [one.encode() for one in row if isinstance(one, str)]
        at = data.index(texts[-1]) + len(texts[-1]) - sum(map(len, texts)) - _HEAD
        places |= set(range(at, data.index(texts[-1]) + len(texts[-1])))
    return ((at, bit) for at in sorted(places) for bit in range(8))


def main() -> None:
    """Print how many flips were tried, noticed, harmless and believed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without-sums", action="store_true", help="believe every row whose values can be")
    if parser.parse_args().without_sums:
        rows.holds = lambda *_: True  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        write_small(path)
        found = flip_rows(path)
    print(
        f"{found.tried} bits: {found.set_aside} rows left out, {found.refused} files refused, "
        f"{found.harmless} harmless, {len(found.believed)} believed"
    )


if __name__ == "__main__":
    main()
