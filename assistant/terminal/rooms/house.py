"""Keeps one process for each job, forked from this one, and forks it again when it dies. Linux.

What was loaded here before is shared by all of them, page by page, until somebody writes there. This process does
nothing else: it has no thread, so it can be forked at any time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess

QUICK_S = 10.0  # a process that dies sooner has died of its start, and the next start waits; chosen
FIRST_S, LONGEST_S = 0.1, 10.0  # such a wait: doubled each time; chosen
END_S = 8.0  # for all to end when asked: a session closes its journal, its ear and its voice in at most five each
LOOK_S = 1.0  # Ctrl-C is noticed at once; this only bounds the wait for a start that is due

Job = Callable[[], None]
Told = Callable[[str, int], None]


@dataclass(slots=True)
class _Kept:
    """One job, its process, and when it may start again."""

    run: Job
    process: ForkProcess | None = None
    started_s: float = float("-inf")
    due_s: float = float("-inf")
    quick_deaths: int = field(default=0)


class House:
    """Runs jobs until it is ended; each in a process of its own."""

    def __init__(self, jobs: Mapping[str, Job], told: Told) -> None:
        """Take the jobs by name. `told` is given a name and the id of its new process, or 0 where it has died."""
        self._kept = {name: _Kept(run) for name, run in jobs.items()}
        self._told = told
        self._context = multiprocessing.get_context("fork")

    def run(self) -> None:
        """Keep everything running until SIGTERM or Ctrl-C; all processes are ended before it returns."""
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            while True:
                self._look()
        except KeyboardInterrupt:
            return
        finally:
            self._end()
            signal.signal(signal.SIGTERM, before)

    def _look(self) -> None:
        """Start what is due, and wait until something dies or is due."""
        now_s = time.monotonic()
        for name, one in self._kept.items():
            if one.process is None and one.due_s <= now_s:
                self._start(name, one)
        running = {one.process.sentinel: name for name, one in self._kept.items() if one.process is not None}
        due_s = min((one.due_s for one in self._kept.values() if one.process is None), default=now_s + LOOK_S)
        for sentinel in wait(list(running), timeout=min(LOOK_S, max(0.0, due_s - now_s))):
            if isinstance(sentinel, int):
                self._died(running[sentinel])

    def _start(self, name: str, one: _Kept) -> None:
        one.process = self._context.Process(target=_child, args=(one.run,), name=name)
        one.process.start()
        one.started_s = time.monotonic()
        self._told(name, one.process.pid or 0)

    def _died(self, name: str) -> None:
        one = self._kept[name]
        if one.process is not None:
            one.process.join()
            one.process.close()
        now_s, one.process = time.monotonic(), None
        one.quick_deaths = one.quick_deaths + 1 if now_s - one.started_s < QUICK_S else 0
        one.due_s = now_s + wait_s(one.quick_deaths)
        self._told(name, 0)

    def _end(self) -> None:
        """Ask all to end, and kill what does not."""
        running = [one.process for one in self._kept.values() if one.process is not None]
        for process in running:
            process.terminate()
        until_s = time.monotonic() + END_S
        for process in running:
            process.join(max(0.0, until_s - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def wait_s(quick_deaths: int) -> float:
    """Return the seconds to wait before the next start, after so many starts in a row that failed at once."""
    return min(LONGEST_S, FIRST_S * 2 ** (quick_deaths - 1)) if quick_deaths else 0.0


def _child(run: Job) -> None:
    """Do a job in its process, which ends with its parent, however that ends."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        run()
    except KeyboardInterrupt:
        return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
