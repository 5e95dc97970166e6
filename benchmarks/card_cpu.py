"""Processor time of a session that counts and listens: over the virtual sound card, in real time, echo cancelled.

    .venv/bin/python -m benchmarks.card_cpu [SECONDS]

`tuina start full` as a process of its own; from its third number on, processor time of it and of its children is read
from /proc: with a room's hiss only, and while somebody talks and asks. The goal is 30 percent of one core. Linux only.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from assistant.store.settings import folders
from assistant.wire import build
from benchmarks.session import family, processor_s
from tests.rigs.card_scene import Scene
from tests.rigs.virtual_card import virtual_card

QUIET_S = 25.0
GREETING_S = 8.0
SETTLED = 3  # numbers after which a count goes on by itself
TALK = (
    "hibari-heart: the next bus is late again today",
    "kokoro-am_michael: how many left",
    "kokoro-am_michael: previously on the show she left the island",
)


def spent_s(pid: int) -> float:
    """Return the processor time so far of a process and its children."""
    return sum(processor_s(each) for each in family(pid))


def share(pid: int, seconds: float, scene: Scene, said: tuple[str, ...]) -> float:
    """Return the share of one core over so many seconds in which this is said repeatedly."""
    began, before = time.perf_counter(), spent_s(pid)
    turn = 0
    while (left := seconds - (time.perf_counter() - began)) > 0:
        if said:
            scene.you_say(said[turn % len(said)])
            turn += 1
            time.sleep(0.5)
        else:
            time.sleep(left)
    return (spent_s(pid) - before) / (time.perf_counter() - began)


def main() -> None:
    """Measure two stretches of one count."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else QUIET_S
    print(f"python -m benchmarks.card_cpu {' '.join(sys.argv[1:])}")
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder, virtual_card(Path(folder) / "card") as card:
        home = Path(folder) / "home"
        home.mkdir()
        clips = build.clips(build.voice("auto", "en", print), folders({"TUINA_HOME": str(home)}))
        scene = Scene(card, home, clips)
        scene.begin("full")
        scene.wait_for(lambda: len(scene.records()) or None, "it begins")
        time.sleep(GREETING_S)
        scene.you_say("hibari-heart: start")
        scene.it_begins("Technique one")
        scene.you_say("hibari-heart: i am ready")
        scene.wait_for(lambda: len(scene.counted()) >= SETTLED or None, "it counts to 3")
        for name, said in (("counting, nobody speaks", ()), ("counting, somebody talks and asks", TALK)):
            before = len(scene.counted())
            of_a_core = share(scene.app.process.pid, seconds, scene, said)
            print(f"{name}: {of_a_core:.1%} of one core in {seconds:.0f} s, ", end="")
            print(f"{len(scene.counted()) - before} beats, load average {os.getloadavg()[0]:.1f}", flush=True)
        scene.close()


if __name__ == "__main__":
    main()
