"""Counts the promises that are broken when a disk refuses, call after call, what an evening writes.

    python -m benchmarks.failing_disk [--every 1] [--how killed …] [--jobs 2]

One run without a fault counts the calls (tests/rigs/failing_disk.py says which). Then, for each call and each kind of
fault, one run in which it fails, and a next start (tests/rigs/evenings.py). About 2 s each; `--every 20` takes every
twentieth. Linux only.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from assistant.store.settings import Settings
from assistant.terminal.bench.intervals import wilson
from assistant.wire import build
from tests.rigs.evenings import broken_promises, tried
from tests.rigs.failing_disk import DYING, FAILING, How

_loaded: list[build.LoadedFiles] = []  # read once, before the processes fork


class Outcome(NamedTuple):
    """One run."""

    call: str
    file: str
    how: How
    broken: tuple[str, ...]
    is_aside: bool
    """The next start found a damaged journal, moved it aside and said so."""


def outcome(asked: tuple[int, str, str, How]) -> Outcome:
    """The run in which this call fails so."""
    at, call, file, how = asked
    with tempfile.TemporaryDirectory() as folder:
        evening = tried(_loaded[0], Path(folder) / "home", at, how)
    return Outcome(call, file, how, tuple(broken_promises(evening, how)), bool(evening.found.get("aside")))


def report(outcomes: list[Outcome]) -> None:
    """Print the runs by the kind of call and of fault, then every promise that was broken."""
    runs: Counter[tuple[str, str]] = Counter()
    bad: Counter[tuple[str, str]] = Counter()
    for one in outcomes:
        for key in ((one.call, one.file), ("fault", one.how)):
            runs[key] += 1
            bad[key] += bool(one.broken)
    for key, n in sorted(runs.items()):
        print(f"{key[0]:12}{key[1]:22}{n:6} runs, {bad[key]} with a broken promise")
    broken = [one for one in outcomes if one.broken]
    _, most = wilson(len(broken), len(outcomes))
    print(f"sessions {len(outcomes)}, with a broken promise {len(broken)} (95 %: at most {most:.2%})")
    print(f"a damaged journal moved aside at the next start: {sum(one.is_aside for one in outcomes)}")
    for one in broken:
        print(f"{one.call} {one.file}, {one.how}: {'; '.join(one.broken)[:300]}")


def main() -> None:
    """Print the figures; the exit code is 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="try every n-th call")
    parser.add_argument("--how", nargs="+", choices=(*FAILING, *DYING), default=(*FAILING, *DYING))
    parser.add_argument("--jobs", type=int, default=2, help="runs at the same time")
    asked = parser.parse_args()
    begun_s = time.perf_counter()
    _loaded.append(build.load_files(Settings(), None))
    build.interpreter(_loaded[0])
    folder = Path(tempfile.mkdtemp())
    sound = tried(_loaded[0], folder / "home")
    shutil.rmtree(folder)
    if wrong := broken_promises(sound, None):
        sys.exit(f"on a sound disk: {'; '.join(wrong)}")
    points = list(enumerate(sound.points, 1))[:: asked.every]
    print(f"injection points {len(sound.points)}, tried {len(points)} in {len(asked.how)} ways")
    tries = [(at, point.call, point.file, how) for at, point in points for how in asked.how]
    with multiprocessing.get_context("fork").Pool(asked.jobs) as pool:
        outcomes = pool.map(outcome, tries, chunksize=4)
    report(outcomes)
    print(f"in {time.perf_counter() - begun_s:.0f} s")
    sys.exit(any(one.broken for one in outcomes))


if __name__ == "__main__":
    main()
