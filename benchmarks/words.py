"""The understanding of people's own words: one table for typed lines, clean speech, noise and its own voice.

    python -m benchmarks.words --texts TEXTS.jsonl ... --spoken MANIFEST.jsonl ... [--json OUT.json]

Texts are rows of `{"text", "intent", "slots", "also", "state"}` (docs/benchmarks.md, "Words"). Spoken manifests are
those of benchmarks/spoken_words.py and benchmarks/over_own_voice.py. Everything is legal. The safety words are heard in
pink noise too, and the reaction to "stop" inside a sentence counts from the end of that word.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.terminal.bench.ears import TYPED
from assistant.terminal.bench.intervals import wilson
from assistant.terminal.bench.judge import HOLDING, SAFE, JudgedClip
from assistant.terminal.bench.manifest import LabelledClip, read_manifests
from assistant.terminal.bench.moments import ALL
from assistant.terminal.bench.noise import Condition
from assistant.terminal.bench.outcomes import shares
from assistant.terminal.bench.plan import Asked, planned
from assistant.terminal.bench.record import cpu_per_s
from assistant.terminal.bench.run import Run, run
from assistant.terminal.bench.wording import share_parts

PINK = Condition("pink", 12.0)
EAR = "by ear"
WIDE = 160  # characters: four columns
INSIDE = "inside"
"""The kind of rows with "stop" inside a sentence."""


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--spoken", type=Path, nargs="*", default=[])
    parser.add_argument("--state", default=ALL, help="as in tuina bench; default: everything is legal")
    parser.add_argument("--engine", default="phonetic")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    asked = parser.parse_args()
    columns: dict[str, list[JudgedClip]] = {}
    runs = []
    if asked.texts:
        runs.append(measured(read_manifests(asked.texts), None, asked))
        columns[TYPED] = runs[-1].items
    spoken = read_manifests(asked.spoken) if asked.spoken else ()
    if spoken:
        runs.append(measured(spoken, None, asked))
        for item in runs[-1].items:
            name = INSIDE if item.row.kind == INSIDE else EAR if item.condition == "clean" else item.condition
            columns.setdefault(name, []).append(item)
    safety = [clip for clip in spoken if clip.row.intent in SAFE and clip.row.condition == "clean"]
    if safety:
        runs.append(measured([clip for clip in safety if clip.row.kind != INSIDE], PINK, asked))
        columns[PINK.name] = runs[-1].items
    show(Console(highlight=False, width=WIDE), columns, runs)
    if asked.json:
        asked.json.write_text(json.dumps(as_json(columns), indent=1) + "\n", encoding="utf-8")


def measured(clips: Sequence[LabelledClip], mix: Condition | None, asked: argparse.Namespace) -> Run:
    """Return what became of these rows."""
    wanted = Asked(
        engines=(asked.engine,),
        mixes=(mix,),
        state=asked.state,
        grammar=None,
        language=None,
        model=None,
        models=Path("models"),
    )
    (plan,), _ = planned(clips, wanted)
    return run(plan.spec, plan.jobs, 1, lambda: None)


def show(console: Console, columns: dict[str, list[JudgedClip]], runs: Sequence[Run]) -> None:
    """Print the table, the reaction to "stop" inside a sentence, and the cost of the ear."""
    console.print(table_of({name: items for name, items in columns.items() if name != INSIDE}))
    if INSIDE in columns:
        console.print(inside_words(columns[INSIDE]), soft_wrap=True)
    for found in runs:
        cost = cpu_per_s(found)
        if cost is not None:
            peak = found.costs.get("peak_mb") or 0.0
            console.print(f"{len(found.items)} clips: {cost:.3f} s of processor a second, {peak:.0f} MB at most")


def table_of(columns: Mapping[str, Sequence[JudgedClip]]) -> Table:
    """Return one row for each figure, and one column for each way of saying the words."""
    table = Table(box=None, pad_edge=False)
    cells: dict[str, dict[str, str]] = {}
    for name, items in columns.items():
        for one in shares(items):
            count, percent, interval = share_parts(one.part, one.whole)
            cells.setdefault(one.name, {})[name] = f"{count} {percent} %" + ("" if one.is_rate else f" {interval}")
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    for figure, values in cells.items():
        table.add_row(figure, *(values.get(name, "") for name in columns))
    return table


def inside_words(items: Sequence[JudgedClip]) -> str:
    """Return how often "stop" inside a sentence was obeyed, and how soon after the word."""
    after_s = reactions_s(items)
    low, high = wilson(len(after_s), len(items))
    told = f'"stop" inside a sentence: {len(after_s)} of {len(items)} [{100 * low:.1f}–{100 * high:.1f} %]'
    if not after_s:
        return told
    p50, p95 = (sorted(after_s)[min(len(after_s) - 1, int(share * len(after_s)))] for share in (0.5, 0.95))
    return f"{told}, after the word p50 {1000 * p50:.0f}, p95 {1000 * p95:.0f} ms"


def reactions_s(items: Sequence[JudgedClip]) -> list[float]:
    """Return the seconds from the end of the word to the first hold, sound and processor time."""
    found = []
    for item in items:
        first = next((act.utter for act in item.acts if act.meaning[0] in HOLDING), None)
        if first is not None and item.row.word_end_s is not None:
            found.append(first.acted_s - item.row.word_end_s + first.cpu_s)
    return found


def as_json(columns: dict[str, list[JudgedClip]]) -> dict[str, list[dict[str, object]]]:
    """Return the same figures, by column, and every reaction to "stop" inside a sentence in seconds."""
    figures: dict[str, list[dict[str, object]]] = {
        name: [{"figure": one.name, "part": one.part, "whole": one.whole} for one in shares(items)]
        for name, items in columns.items()
    }
    figures[INSIDE] = [{"figure": "after the word", "seconds": sorted(reactions_s(columns.get(INSIDE, [])))}]
    return figures


if __name__ == "__main__":
    main()
