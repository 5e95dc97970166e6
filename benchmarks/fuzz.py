"""Changes every kind of file that somebody else may have written, and counts how its reader answers.

    python -m benchmarks.fuzz [--cases 1600] [--kind audio …] [--jobs 2]

`--cases` is for each kind. The goal: no traceback, nothing above 5 s, and no process that grows by 300 MB. Case n of a
kind is always the same (tests/rigs/fuzzing.py); tests/data/fuzz keeps the seeds, and what was found once. Unix only.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

from tests.rigs.fuzz_kinds import kinds
from tests.rigs.fuzzing import Kind, Result, fuzz

MOST_MB = 300.0
HEAD = f"{'kind':16}{'cases':>7}{'read':>7}{'refused':>9}{'tracebacks':>12}{'hangs':>7}{'slowest s':>11}{'MB':>6}"
_kinds: dict[str, Kind] = {}  # made once, before the processes fork


def tried(asked: tuple[str, int]) -> tuple[str, Result]:
    """All cases of one kind."""
    name, cases = asked
    with tempfile.TemporaryDirectory() as folder:
        return name, fuzz(_kinds[name], cases, Path(folder))


def is_bad(one: Result) -> bool:
    """True if the goal is missed."""
    return bool(one.tracebacks or one.hangs or one.grown_mb > MOST_MB)


def main() -> None:
    """Print a line for each kind, then what went wrong; the exit code is 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_600, help="of each kind")
    parser.add_argument("--kind", nargs="+", help="these only")
    parser.add_argument("--jobs", type=int, default=2, help="kinds at the same time")
    asked = parser.parse_args()
    begun_s = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        _kinds.update(kinds(Path(folder)))
        names = asked.kind or list(_kinds)
        print(HEAD, flush=True)
        results = []
        with multiprocessing.get_context("fork").Pool(asked.jobs) as pool:
            for name, one in pool.imap_unordered(tried, [(name, asked.cases) for name in names]):
                counts = f"{one.cases:7}{one.read:7}{one.refused:9}{len(one.tracebacks):12}{len(one.hangs):7}"
                print(f"{name:16}{counts}{one.slowest_s:11.2f}{one.grown_mb:6.0f}", flush=True)
                results.append(one)
    print(
        f"{sum(one.cases for one in results)} cases, {sum(len(one.tracebacks) for one in results)} tracebacks, "
        f"{sum(len(one.hangs) for one in results)} hangs, at most {max(one.grown_mb for one in results):.0f} MB more, "
        f"in {time.perf_counter() - begun_s:.0f} s"
    )
    for one in results:
        for wrong in (*one.tracebacks, *one.hangs):
            print(wrong[:300])
    sys.exit(any(map(is_bad, results)))


if __name__ == "__main__":
    main()
