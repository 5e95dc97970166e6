"""Puts spoken safety words over the assistant's own voice: clips as the ear gets them behind the echo canceller.

    python -m benchmarks.over_own_voice SPOKEN/manifest.jsonl OUT

The far end is a typed session as the product plays it, in the simulated room of benchmarks/echo.py, as loud as the
person. Every command is cut out with the residue of the voice around it. What a live session also does with the times
of its own sentences is not part of these clips.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import numpy as np
import soundfile

from assistant.capture.echo import EchoCanceller
from assistant.messages import EAR_RATE_HZ, MOUTH_RATE_HZ, SAFETY, Pcm
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from benchmarks.echo import cancelled
from benchmarks.echo_room import NEAR_DBFS, Far, Room, at_the_microphone, loudness, session

Row: TypeAlias = dict[str, Any]
SAFE = frozenset(intent.value for intent in SAFETY)
FIRST_S = 16.0  # the canceller has learned the room by then (benchmarks/echo_room.py)
EVERY_S = 2.0  # between two commands, besides the margins
BEFORE_S, AFTER_S = 0.6, 1.2  # of residue that is cut out with a command
FAR_S = 360.0
CONDITION = "own voice"


def main() -> None:
    """Read the command line, mix, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--echo-db", type=float, default=0.0, help="level of the echo over the person's voice")
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.manifest.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["intent"] in SAFE and "word_end_s" not in row]
    far = typed_session()
    asked.out.mkdir(parents=True, exist_ok=True)
    with (asked.out / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for row, pcm in mixed(rows, asked.manifest.parent, far, asked.echo_db):
            path = asked.out / row["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, pcm, EAR_RATE_HZ)
            manifest.write(json.dumps({**row, "condition": CONDITION}, ensure_ascii=False) + "\n")
            manifest.flush()


def typed_session() -> Far:
    """Return the sound of a session, rendered by its natural voice."""
    with TemporaryDirectory() as home:
        where = Folders(config=Path(home), data=Path(home), cache=Path(home))
        loaded = build.load_files(Settings(engine="phonetic"), where)
        return session(loaded, build.clips(build.voice("hibari", "en", print), where), FAR_S)


def mixed(rows: Sequence[Row], folder: Path, far: Far, echo_db: float) -> Iterator[tuple[Row, Pcm]]:
    """Yield each row with its clip, in as many passes over the far end as they need, each in another room."""
    left, seed = list(rows), 1
    while left:
        near, placed = _placed(left, folder, len(far.pcm) / MOUTH_RATE_HZ)
        heard = at_the_microphone(far.pcm, Room(echo_db=echo_db, seed=seed), near)
        clean = np.concatenate([block.pcm for block in cancelled(heard, far.pcm, EchoCanceller())])
        for row, (start, end) in zip(left, placed, strict=False):
            yield row, clean[start - round(BEFORE_S * EAR_RATE_HZ) : end + round(AFTER_S * EAR_RATE_HZ)]
        left, seed = left[len(placed) :], seed + 1


def _placed(
    rows: Sequence[Row], folder: Path, far_s: float
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], list[tuple[int, int]]]:
    """Return the person's side, and first and last sample of as many commands as fit."""
    near, places, at_s = np.zeros(round(far_s * EAR_RATE_HZ)), list[tuple[int, int]](), FIRST_S
    for row in rows:
        clip, _ = soundfile.read(folder / row["file"])
        start = round(at_s * EAR_RATE_HZ)
        end = start + len(clip)
        if end + round((AFTER_S + 0.1) * EAR_RATE_HZ) > len(near):
            break
        near[start:end] += clip * (10 ** (NEAR_DBFS / 20) / loudness(clip))
        places.append((start, end))
        at_s = end / EAR_RATE_HZ + BEFORE_S + AFTER_S + EVERY_S
    return near, places


if __name__ == "__main__":
    main()
