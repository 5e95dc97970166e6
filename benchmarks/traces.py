"""Records five sessions, time counted in samples, and prints the hash of each trace: the same before and after a move.

    .venv/bin/python -m benchmarks.traces [OUT]

To compare two versions, run it in both clones and compare the lines. A change of the library's files, of a reply or of
a voice changes them rightly, and so does a machine so busy that a sentence misses the voice's deadline of 3 s; a change
of places and names must not. Two sessions are typed (tests/data/sessions), three
are heard: the demo, one sentence, and a recording of fourteen commands that is put together here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from assistant.terminal.demo.play import PERSON, spoken

SCRIPTS = Path(__file__).parents[1] / "tests" / "data" / "sessions"
RATE_HZ = 16_000
BEFORE_S = 3.0
SAID = (
    ("start the evening routine", 26),
    ("next", 6),
    ("i am ready", 9),
    ("how many left", 7),
    ("slower", 9),
    ("pause", 6),
    ("resume", 10),
    ("louder", 5),
    ("next", 6),
    ("i am ready", 9),
    ("that hurts", 6),
    ("resume", 6),
    ("yes", 8),
    ("end session", 8),
)
"""The commands of the recording, and the seconds of silence after each."""


def recording(path: Path) -> Path:
    """Write what a person says in a silent room."""
    parts = [np.zeros(round(BEFORE_S * RATE_HZ), np.int16)]
    for text, then_s in SAID:
        parts += [spoken(text), np.zeros(then_s * RATE_HZ, np.int16)]
    soundfile.write(path, np.concatenate(parts), RATE_HZ)
    return path


def trace_of(out: Path, name: str, *words: str, typed: str = "") -> str:
    """Run one session in a home of its own; the hash of its trace."""
    trace = out / f"{name}.jsonl"
    with TemporaryDirectory() as home:
        subprocess.run(
            [sys.executable, "-m", "assistant", *words, "--trace", str(trace.resolve())],
            env={**os.environ, "TUINA_HOME": home},
            input=typed,
            text=True,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return sha256(trace.read_bytes()).hexdigest()


def main() -> None:
    """Print a line for each session."""
    with TemporaryDirectory() as kept:
        out = Path(sys.argv[1] if len(sys.argv) > 1 else kept)
        out.mkdir(parents=True, exist_ok=True)
        sound = ("start", "--pace", "max", "--mic")
        print(trace_of(out, "demo", "demo", "--out", str(out / "demo.wav")), "demo")
        print(trace_of(out, "evening", *sound, str(PERSON / "start_the_evening_routine.flac")), "evening")
        print(trace_of(out, "commands", *sound, str(recording(out / "commands.wav"))), "commands")
        for script in sorted(SCRIPTS.glob("*.txt")):
            typed = script.read_text(encoding="utf-8")
            print(trace_of(out, script.stem, "start", "--typed", "--pace", "max", typed=typed), script.stem)


if __name__ == "__main__":
    main()
