"""Writes people's recordings in the shape that train.py reads: folders of FLAC with texts; a third of them is left out.

    out/trainer/bin/python scripts/adapt_to_noise/people.py PEOPLE/manifest.jsonl out/people

A row of the manifest is `{"file", "text", "voice", ...}`. Who is held out is drawn by the name of the voice, so that it
is the same people each time; `OUT/held.jsonl` is their manifest, for `tuina bench`, and `OUT/heard.jsonl` that of the
others, whose folders stand in `OUT/heard`, for train.py.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from zlib import crc32

import soundfile

HELD = 3  # one voice in so many is held out


def is_held(voice: str) -> bool:
    """Return true for the people whom the weights must not hear."""
    return crc32(voice.encode("utf-8")) % HELD == 0


def main() -> None:
    """Read the manifest, and write two folders and two manifests."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("manifest", type=Path)
    asked.add_argument("out", type=Path)
    given = asked.parse_args()
    rows: list[dict[str, Any]] = [json.loads(line) for line in given.manifest.read_text("utf-8").splitlines()]
    base = next(folder for folder in given.manifest.parents if (folder / rows[0]["file"]).exists())
    texts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        path = base / row["file"]
        place = f"held/{path.parent.name}" if is_held(row["voice"]) else f"heard/people_{path.parent.name}"
        name = f"{row['voice']}_{path.stem}.flac"
        (given.out / place).mkdir(parents=True, exist_ok=True)
        wave, rate_hz = soundfile.read(path, dtype="float32")
        soundfile.write(given.out / place / name, wave, rate_hz)
        row["file"] = f"{place}/{name}"
        texts[place].append(f"{name}\t{row['text']}")
    for name, lines in texts.items():
        (given.out / name / "texts.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, kept in (("held", True), ("heard", False)):
        chosen = [json.dumps(row) for row in rows if is_held(row["voice"]) is kept]
        (given.out / f"{name}.jsonl").write_text("\n".join(chosen) + "\n", encoding="utf-8")
        print(name, len(chosen), len({row["voice"] for row in rows if is_held(row["voice"]) is kept}), "voices")


if __name__ == "__main__":
    main()
