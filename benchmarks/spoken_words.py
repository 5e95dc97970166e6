"""Makes a spoken test set of texts: a FLAC each and a manifest for `tuina bench`. Run it where spoken_voices.py says.

    nice out/voices/bin/python -m benchmarks.spoken_words OUT --kokoro-js out/package TEXTS.jsonl ...

The texts are rows of `{"text", "intent", "slots", "also", "state"}`; those with `intents` hold several wishes, and
those without any intent must do nothing. Four of the five voices say every text of the safety intents; of the others
some are drawn, and the voices take turns, four times of five the quick one. The folder `inside` holds "stop" inside a
sentence: clips of one voice put together, with the second in which the word ends. A second run goes on where the first
stopped.
"""

from __future__ import annotations

import argparse
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import soundfile

from benchmarks.spoken_voices import RATE_HZ, Speaker, Wave, speakers

Row: TypeAlias = dict[str, Any]
Sound: TypeAlias = Callable[[], Wave]
QUICK = "piper-joe"  # a fifth of the time of the others
QUICK_TURNS = 4  # of five
SAFETY = frozenset({"stop", "pain", "too_hard", "red_flag", "emergency"})
KEPT = ("text", "intent", "intents", "slots", "also", "state", "kind", "safe_misfire")
SIDES: tuple[tuple[str, str], ...] = (
    ("okay", ""),
    ("no", ""),
    ("please", ""),
    ("ow", "it hurts"),
    ("", "it hurts"),
    ("", "right there"),
)
SIDES += (("i said", "please"), ("um can you", "for a second"))
WORD = "stop"
GAP_S = 0.04  # between two clips: people join words
FRAME_S, BELOW_DB = 0.01, 25.0  # the end of a word, as in bench/word_end.py
PLAIN = re.compile(r"[a-z' -]+")  # voices say what has digits or marks in it in ways of their own


def main() -> None:
    """Read the command line, speak, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--kokoro-js", type=Path, required=True)
    parser.add_argument("--commands", type=int, default=200, help="texts of other intents than the safety ones")
    parser.add_argument("--negatives", type=int, default=140)
    asked = parser.parse_args()
    voices = speakers(asked.kokoro_js)
    rows = [json.loads(line) for path in asked.texts for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if PLAIN.fullmatch(row["text"])]
    told = chain(insides(voices, made_before(asked.out)), whole(rows, voices, asked.commands, asked.negatives))
    write(asked.out, told)


def whole(
    rows: Sequence[Row], voices: Mapping[str, Speaker], commands: int, negatives: int
) -> Iterator[tuple[Row, Sound]]:
    """Yield every text that is said, with its sound."""
    safety = [row for row in rows if row.get("intent") in SAFETY]
    others = [row for row in rows if row.get("intent") and row["intent"] not in SAFETY]
    double = [row for row in rows if row.get("intents")]
    none = [row for row in rows if not row.get("intent") and not row.get("intents")]
    slow = [name for name in voices if name != QUICK]
    takes = [name for other in slow for name in (*[QUICK] * QUICK_TURNS, other)]
    said = [(row, name) for n, row in enumerate(safety) for name in voices if name != slow[n % len(slow)]]
    rest = (drawn(none, negatives), drawn(others, commands), double)
    turns = ([(row, takes[n % len(takes)]) for n, row in enumerate(some)] for some in rest)
    for row, name in filter(None, chain.from_iterable(zip_longest(said, *turns))):
        kept = {key: row[key] for key in KEPT if key in row}
        about = {**kept, "intent": row.get("intent"), "kind": row.get("kind", "command"), "voice": name, "human": False}
        yield named(about, "whole"), partial(voices[name], row["text"])


def drawn(rows: Sequence[Row], most: int) -> list[Row]:
    """Return at most so many rows, always the same ones."""
    return sorted(rows, key=lambda row: zlib.crc32(row["text"].encode()))[:most]


def made_before(out: Path) -> list[Row]:
    """Return the rows of "stop" inside a sentence that an earlier run wrote."""
    path = out / "manifest.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [row for row in map(json.loads, lines) if "word_end_s" in row]


def insides(voices: Mapping[str, Speaker], before_it: Sequence[Row]) -> Iterator[tuple[Row, Sound]]:
    """Yield "stop" between other words, with the end of the word."""
    for name, speak in voices.items():
        had = [row for row in before_it if row["voice"] == name]
        if len(had) == len(SIDES):
            yield from ((row, partial(speak, row["text"])) for row in had)
            continue
        said = {text: speak(text) for text in sorted({WORD, *chain(*SIDES)}) if text}
        for before, after in SIDES:
            parts = [said[text] for text in (before, WORD, after) if text]
            until_s = len(said[before]) / RATE_HZ + GAP_S if before else 0.0
            text = " ".join(filter(None, (before, WORD, after)))
            about = {
                "text": text,
                "intent": "stop",
                "also": ["pain", "pause"],
                "kind": "inside",
                "voice": name,
                "human": False,
            }
            end_s = round(until_s + word_end_s(said[WORD]), 3)
            yield named({**about, "word_end_s": end_s}, "inside"), partial(joined, parts)


def joined(parts: Sequence[Wave]) -> Wave:
    """Return the clips one after the other."""
    gap = np.zeros(round(GAP_S * RATE_HZ), np.float32)
    return np.concatenate([piece for part in parts for piece in (part, gap)][:-1])


def word_end_s(wave: Wave) -> float:
    """Return the seconds to the end of the last frame that is within 25 dB of the loudest."""
    size = round(FRAME_S * RATE_HZ)
    power = np.mean(np.square(wave[: len(wave) // size * size].reshape(-1, size)), axis=1)
    return float((np.flatnonzero(power > power.max() * 10 ** (-BELOW_DB / 10))[-1] + 1) * FRAME_S)


def named(row: Row, folder: str) -> Row:
    """Return the row with the name of its file."""
    words = "_".join(row["text"].replace("'", "").split())[:60]
    number = zlib.crc32(f"{row['text']}|{row.get('intent')}".encode()) % 10_000
    return {"file": f"{folder}/{row['voice']}/{words}_{number:04d}.flac", **row}


def write(out: Path, told: Iterator[tuple[Row, Sound]]) -> None:
    """Write clips and manifest as they come; a clip that is there already is not made again."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for row, sound in told:
            path = out / row["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file():
                soundfile.write(path, np.clip(sound(), -0.99, 0.99), RATE_HZ)
            seconds = round(soundfile.info(path).duration, 3)
            manifest.write(json.dumps({**row, "seconds": seconds}, ensure_ascii=False) + "\n")
            manifest.flush()


if __name__ == "__main__":
    main()
