"""Finds the source that PulseAudio (or PipeWire in its place) gives us, through `pactl` where it exists.

When a microphone goes, the server moves our stream to the monitor of a loudspeaker (docs/faults.md, "Stream moved to a
monitor"), and tells nobody. PortAudio sees only "pulse". Where there is no `pactl`, or it does not answer, nothing is
known, and nothing is claimed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias, final

LOOK_S = 1.0  # two calls take 7 ms of processor time (30 each, measured); the fault must be reported within 3 s
PATIENCE_S = 2.0
MONITOR = ".monitor"

Ask: TypeAlias = Callable[[Sequence[str]], str]
"""Returns the output of `pactl` for these words; empty where it does not answer."""


def ask_pactl(words: Sequence[str]) -> str:
    """Run `pactl` with these words, in English; empty where it is missing, fails or hangs."""
    program = shutil.which("pactl")
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *words],
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""  # a server that hangs shows in the age of the last block
    return done.stdout if done.returncode == 0 else ""


def our_sources(outputs: str, sources: str, pid: int) -> list[str]:
    """Return the sources that process `pid` records from, out of `list source-outputs` and `list short sources`."""
    names = dict(line.split("\t")[:2] for line in sources.splitlines() if line.count("\t"))
    pieces = [piece for piece in re.split(r"(?m)^Source Output #", outputs) if f'process.id = "{pid}"' in piece]
    numbers = [found[1] for piece in pieces if (found := re.search(r"(?m)^\s*Source: (\d+)", piece))]
    return [names[number] for number in numbers if number in names]


@final
class PulseSource:
    """Checks once a second, on its own thread, if we are given a monitor: `with PulseSource() as source:`."""

    def __init__(self, ask: Ask = ask_pactl, pid: int | None = None) -> None:
        """Check this process, or another one."""
        self._ask = ask
        self._pid = pid or os.getpid()
        self._is_over = threading.Event()
        self.is_monitor = False
        """True if the last check found that we record what a loudspeaker plays."""

    def __enter__(self) -> PulseSource:
        """Begin to check; without an answer to the first check there is no such server, and no other follows."""
        if self._ask(["info"]):
            threading.Thread(target=self._run, name="pulse", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop checking."""
        self._is_over.set()

    def look(self) -> None:
        """Check the present source now."""
        outputs = self._ask(["list", "source-outputs"])
        sources = self._ask(["list", "short", "sources"]) if f'"{self._pid}"' in outputs else ""
        self.is_monitor = any(name.endswith(MONITOR) for name in our_sources(outputs, sources, self._pid))

    def has_microphone(self) -> bool:
        """True if the default source is anything but a monitor, or unknown."""
        default = re.search(r"(?m)^Default Source: (.*)$", self._ask(["info"]))
        return default is None or not default[1].strip().endswith(MONITOR)

    def _run(self) -> None:
        while not self._is_over.wait(LOOK_S):
            self.look()
