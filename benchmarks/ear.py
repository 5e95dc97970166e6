"""The ear measured on a labelled manifest: what is right, what acts falsely, and what it costs.

python benchmarks/ear.py MANIFEST.jsonl [--json OUT.json] [--state STATE] [--errors]

Every clip goes the way of `tuina hear`: file, blocks, speech detector, phonemes, phrases, rules. "right" is exactly one
accepted utterance with the right intent and slots; for what is no command, any accepted utterance is a false action.
With --state, a command that is not legal there must do nothing either; such clips are counted apart.
RTF is processor time of this process over seconds of sound, quiet around the clips included. One process, one thread.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from assistant.interpret.match import Matcher
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Intent
from assistant.wire import build
from assistant.wire.hear import AFTER_S, BEFORE_S, Hearing, hear_file, legal_for
from assistant.wire.settings import Folders, Settings

IDLE_S = 60.0


def group(row: dict[str, Any], legal: frozenset[Intent]) -> str:
    """Whose clip it is: people and synthetic voices are never added up."""
    if row["kind"] != "command":
        return str(row["kind"])
    if row["intent"] not in legal:
        return "not legal in this state"
    if row["human"]:
        return f"command, people: {row['text']}"
    return f"command, synthetic: {'espeak' if 'espeak' in row['voice'] else 'other voices'}"


def verdict(row: dict[str, Any], heard: tuple[Hearing, ...], legal: frozenset[Intent]) -> str:
    """right, rejected or wrong for a command that is legal; quiet or false for anything else."""
    acts = [(one.intent, one.slots) for one in heard if one.accepted]
    if row["intent"] is None or row["intent"] not in legal:
        return "false" if acts else "quiet"
    if not acts:
        return "rejected"
    return "right" if acts == [(row["intent"], row["slots"])] else "wrong"


def idle_cost(ear: Any, level: float) -> float:  # noqa: ANN401 - any recogniser
    """Processor seconds for a second in which nobody speaks; `level` is the room's noise in int16 steps (rms)."""
    rng, size = np.random.default_rng(0), round(BLOCK_S * EAR_RATE_HZ)
    blocks = [(rng.standard_normal(size) * level).astype(np.int16) for _ in range(round(IDLE_S / BLOCK_S))]
    ear.reset()
    began = time.process_time()
    for n, pcm in enumerate(blocks):
        ear.feed(AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S))
    return (time.process_time() - began) / IDLE_S


def peak_mb() -> float:
    """Most memory that this process ever held."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1e6 if sys.platform == "darwin" else 1e3)


def measure(manifest: Path, state: str | None) -> dict[str, Any]:
    """Run the manifest; every figure with its counts."""
    before_mb = peak_mb()
    settings, nowhere = Settings(engine="phonetic"), Path("nowhere")
    shelf = build.shelf(settings, Folders(config=nowhere, data=nowhere, cache=nowhere))
    began, began_cpu = time.perf_counter(), time.process_time()
    ear = build.ear("phonetic", settings, Folders(config=nowhere, data=nowhere, cache=nowhere), shelf.phrases)
    load = {"wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - began_cpu}
    matcher = Matcher(shelf.phrases, shelf.pack.skip_words, shelf.pack.numbers)
    legal = legal_for(state)
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    errors: list[dict[str, Any]] = []
    seconds, began_cpu = 0.0, time.process_time()
    for row in rows:
        path = manifest.parent / row["file"]
        heard, _ = hear_file(path, ear, matcher, legal)
        seconds += soundfile.info(path).duration + BEFORE_S + AFTER_S
        found = verdict(row, heard, legal)
        counts[group(row, legal)][found] += 1
        if found not in {"right", "quiet"}:
            held = [one.as_json() for one in heard]
            errors.append({"file": row["file"], "said": row["text"], "verdict": found, "heard": held})
    cost = (time.process_time() - began_cpu) / seconds
    return {
        "manifest": str(manifest),
        "state": state,
        "clips": len(rows),
        "phrases": len(shelf.phrases),
        "groups": {name: dict(count) for name, count in sorted(counts.items())},
        "totals": totals(counts),
        "load": load,
        "rtf": cost,
        "audio_s": seconds,
        "idle": {"silent room": idle_cost(ear, 1.0), "steady noise, -50 dBFS": idle_cost(ear, 100.0)},
        "peak_mb": peak_mb(),
        "peak_mb_before": before_mb,
        "errors": errors,
    }


def totals(counts: dict[str, Counter[str]]) -> dict[str, tuple[int, int]]:
    """The figures that goals are set on: (how many, of how many)."""

    def add(verdict: str, *starts: str) -> tuple[int, int]:
        held = [count for name, count in counts.items() if name.startswith(starts)]
        return sum(count[verdict] for count in held), sum(sum(count.values()) for count in held)

    return {
        "commands right": add("right", "command"),
        "people's commands right": add("right", "command, people"),
        "synthetic without espeak right": add("right", "command, synthetic: other"),
        "commands wrong": add("wrong", "command"),
        "false on talk, broadcast, assistant": add("false", "talk", "broadcast", "assistant"),
        "false on words and digits": add("false", "word", "digit"),
        "false on background": add("false", "background"),
        "false on what is not legal": add("false", "not legal"),
    }


def show(found: dict[str, Any], *, with_errors: bool) -> None:
    """Print it for people."""
    for name, count in found["groups"].items():
        print(f"{name:36s} {sum(count.values()):4d}  {count}")
    print()
    for name, (part, whole) in found["totals"].items():
        if whole:
            print(f"{name:36s} {part:4d} of {whole:4d}  {100 * part / whole:5.1f} %")
    print(
        f"\nload {found['load']['wall_s']:.2f} s (cpu {found['load']['cpu_s']:.2f}), "
        f"RTF {found['rtf']:.3f} over {found['audio_s']:.0f} s, peak memory {found['peak_mb']:.0f} MB "
        f"({found['peak_mb_before']:.0f} before), idle "
        + ", ".join(f"{name} {cost:.4f}" for name, cost in found["idle"].items())
    )
    for error in found["errors"] if with_errors else ():
        heard = [(one["text"], one["score"], one["accepted"]) for one in error["heard"]]
        print(f"{error['verdict']:9s} {error['file']}  {error['said']!r}  {heard}")


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    parser.add_argument("--state")
    parser.add_argument("--errors", action="store_true", help="name every clip that is not right")
    asked = parser.parse_args()
    found = measure(asked.manifest, asked.state)
    show(found, with_errors=asked.errors)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
