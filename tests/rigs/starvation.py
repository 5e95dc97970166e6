"""Measures if the machine had time for a scene: a starved one fails for want of time, and says nothing of the product.

    python -m tests.rigs.starvation

As a program it wants to wake a hundred times a second, as those do that carry the sound, and writes a line a second:
by how many milliseconds it woke late in all, and at most. `Vigil` runs it beside a scene. A scene that fails while it
was starved is played again (`play`), three times at most; one that fails otherwise has failed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

WAKES_S = 0.01
# Of scenes on two cores the worst two seconds in a row came to 37 to 51 ms a second where nothing else ran (8 of them
# are the timer's own), and beside other work, at a load of 5 to 17, to 55 to 846 ms. At a load of 3 a scene that had
# lost 56 ms a second heard "start" as "stop it".
SECONDS = 2
STARVED_MS = 54.0  # late in one second
TRIES = 3


class Starved(AssertionError):
    """A scene failed each time, and each time the machine had no time for it: it was not tested."""


class Lateness(NamedTuple):
    """One second of the program above."""

    lost_ms: float
    longest_ms: float


class Vigil:
    """The program above, as long as a scene lasts. Order: begin, then anything, then end."""

    def __init__(self, path: Path) -> None:
        """Let it write to this file."""
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Watch from now on; a second time it does nothing."""
        if self._process is None:
            words = [sys.executable, str(Path(__file__))]
            with self._path.open("wb") as file:
                self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file)

    def end(self) -> None:
        """Watch no more; what was seen can still be asked."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def seconds(self) -> list[Lateness]:
        """Return the output so far."""
        if not self._path.exists():
            return []
        whole = self._path.read_text(encoding="ascii").rpartition("\n")[0]
        return [Lateness(*map(float, line.split())) for line in whole.splitlines()]


def worst_ms(seconds: list[Lateness]) -> float:
    """Milliseconds late in one second, on average of the worst `SECONDS` in a row; of all where there are fewer."""
    lost = [each.lost_ms for each in seconds]
    spans = [lost[at : at + SECONDS] for at in range(max(len(lost) - SECONDS + 1, 1))]
    return max((sum(span) / len(span) for span in spans if span), default=0.0)


def starved(seconds: list[Lateness]) -> str:
    """Return a scene's starvation in figures; empty where there was none."""
    worst = worst_ms(seconds)
    if worst < STARVED_MS:
        return ""
    longest = max(each.longest_ms for each in seconds)
    return f"{worst:.0f} ms of each second were lost for {SECONDS} s, {longest:.0f} ms at once"


def play(scene: Callable[[], None], seconds: Callable[[], list[Lateness]], clear: Callable[[], None]) -> None:
    """Play a scene until it passes, or fails with time enough: that error is raised. Three tries at most, else Starved.

    `seconds` tells how it was while the last try went on; `clear` ends all that a try began, and is called after each.
    """
    told: list[str] = []
    while True:
        try:
            scene()
            return
        except Exception as error:
            clear()
            if not (how := starved(seconds())):
                raise
            told.append(f"starved: {how}")
            print(f"try {len(told)} of {TRIES} {told[-1]}; it failed with {type(error).__name__}: {error}")
            if len(told) == TRIES:
                raise Starved("\n".join(told)) from error


def main() -> None:
    """Wake and write, until killed."""
    due = second = time.monotonic()
    lost = longest = 0.0
    while True:
        due += WAKES_S
        time.sleep(max(due - time.monotonic(), 0.0))
        now = time.monotonic()
        late = now - due
        lost, longest = lost + late, max(longest, late)
        due = max(due, now - WAKES_S)  # what it slept through is one long wait, not many
        if now - second >= 1.0:
            print(f"{1e3 * lost / (now - second):.1f} {1e3 * longest:.1f}", flush=True)
            second, lost, longest = now, 0.0, 0.0


if __name__ == "__main__":
    main()
