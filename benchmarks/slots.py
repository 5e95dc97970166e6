"""Slots that are read from texts in people's own words, given their intent: counts and a 95 % interval.

    python -m benchmarks.slots ROWS.jsonl ...

A row is `{"text", "intent", "slots"}`. Slots may be named as people name them: `seconds`, `minutes`, `step`, `level`,
`technique`, `routine`, `side`, and `count`, where `count_is` is "total" or "delta". Rows without slots count too: none
must be read where the intent may go without one. Each row that is not right is printed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.interpret import SlotReader
from assistant.messages import Intent
from assistant.routine import Library
from assistant.store.library import load
from assistant.terminal.bench.intervals import wilson

READ = frozenset(
    {
        Intent.WAIT_FOR,
        Intent.SHORT_SESSION,
        Intent.MORE_REPS,
        Intent.FEWER_REPS,
        Intent.GO_TO,
        Intent.START_ROUTINE,
        Intent.PICK_SIDE,
        Intent.SORER_SIDE,
        Intent.RATE_PAIN,
    }
)
"""Intents with slots that are read from free text."""
MINUTE_S = 60


def wanted(row: Mapping[str, Any], library: Library) -> dict[str, object]:
    """The slots of a row by our names; a technique or a routine is its id, or None where there is none."""
    found: dict[str, object] = {}
    for name, value in row.get("slots", {}).items():
        if name in ("seconds", "minutes"):
            found["duration"] = value * (MINUTE_S if name == "minutes" else 1)
        elif name in ("step", "level"):
            found["number"] = value
        elif name == "count":
            is_usual = (row.get("count_is") == "total") == (row["intent"] == "fewer_reps")
            found["number" if is_usual else "total" if row["intent"] == "more_reps" else "fewer"] = value
        else:
            found[name] = value
    return by_id(found, library)


def by_id(slots: Mapping[str, object], library: Library) -> dict[str, object]:
    """The same slots with ids in the place of spoken names."""
    kinds = {"technique": library.technique_called, "routine": library.routine_called}
    return {name: kinds[name](str(value)) if name in kinds else value for name, value in slots.items()}


def main() -> None:
    """Read the rows, print what is not right, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+", type=Path)
    loaded = load()
    reader = SlotReader(loaded.pack)
    counts: Counter[str] = Counter()
    for path in parser.parse_args().rows:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row.get("intent") not in {intent.value for intent in READ}:
                continue
            read = reader.read(Intent(row["intent"]), row["text"])
            right = wanted(row, loaded.library)
            kind = "with a slot" if right else "without a slot"
            verdict = "right" if by_id(read or {}, loaded.library) == right else "wrong" if read else "nothing"
            counts[f"{kind}: {verdict}"] += 1
            if verdict != "right":
                print(f"{row['intent']:14} {row['text']} -> {read}, not {right}")
    for kind in ("with a slot", "without a slot"):
        of = sum(counts[f"{kind}: {verdict}"] for verdict in ("right", "wrong", "nothing"))
        if of:
            low, high = wilson(counts[f"{kind}: right"], of)
            print(
                f"{kind}: {counts[f'{kind}: right']} of {of} right [{100 * low:.0f}-{100 * high:.0f} %], "
                f"{counts[f'{kind}: wrong']} wrong, {counts[f'{kind}: nothing']} asked about"
            )


if __name__ == "__main__":
    main()
