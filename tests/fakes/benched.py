"""`tuina bench` in this process, on clear clips of tests/data/speech."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from assistant.terminal.app import app

ROOT = Path(__file__).parents[2]
SPEECH = ROOT / "tests" / "data" / "speech"
ROWS = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
CLEAR = [row for row in ROWS if row["voice"] == "hibari-heart" and row["kind"] == "command"]


def written(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "m.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def bench(*words: object) -> Result:
    return CliRunner().invoke(app, ["bench", *map(str, words)])
