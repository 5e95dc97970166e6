"""Makes a spoken test set of halting speech, with pauses inside, and a manifest for `tuina bench`.

    nice out/voices/bin/python -m benchmarks.halting OUT --kokoro-js out/package --sentences T.jsonl --commands C.jsonl

Run it where spoken_voices.py says. The texts are rows of `{"text", "intent", "slots"}`; sentences have no intent and
must do nothing. A sentence is cut once or twice, a command once, between two words. Each part is spoken by itself and
they are joined with 0.3 to 1.2 s of the faintest noise, so that each part ends like a sentence, as people's often do
not. Half of the sentences are cut so that a part of one or two words stands alone: it is most like a command. The same
texts and `--seed` give the same clips.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.spoken_voices import RATE_HZ, Speaker, Wave, speakers
from benchmarks.spoken_words import PLAIN, QUICK, QUICK_TURNS, Row, Sound, named, write

SHORTEST_S, LONGEST_S = 0.3, 1.2  # of a pause
SHORTEST_COMMAND, SHORTEST_SENTENCE = 3, 5  # words
NOISE = 1e-4  # of full scale: about three steps of 16 bits


def main() -> None:
    """Read the command line, speak, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sentences", type=Path, nargs="*", default=[])
    parser.add_argument("--commands", type=Path, nargs="*", default=[])
    parser.add_argument("--most", type=int, default=200, help="texts of either kind")
    parser.add_argument("--kokoro-js", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=18)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    rows = [*drawn(asked.sentences, SHORTEST_SENTENCE, asked.most, chance, is_command=False)]
    rows += drawn(asked.commands, SHORTEST_COMMAND, asked.most, chance, is_command=True)
    write(asked.out, spoken(rows, speakers(asked.kokoro_js), chance))


def drawn(paths: Sequence[Path], shortest: int, most: int, chance: random.Random, *, is_command: bool) -> Iterator[Row]:
    """Yield at most so many texts of at least so many words, each once, with the words of their parts."""
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    rows = {row["text"]: row for row in map(json.loads, lines) if is_fit(row, shortest, is_command=is_command)}
    for n, row in enumerate(chance.sample(list(rows.values()), min(most, len(rows)))):
        words = row["text"].split()
        parts = divided(words, chance, is_short=n % 2 == 0, cuts=1 if is_command else chance.choice((1, 2)))
        about = {"text": row["text"], "intent": row.get("intent"), "slots": row.get("slots", {}), "parts": parts}
        if is_command:
            yield {**about, "kind": "command", "also": row.get("also", [])}
        else:
            yield {**about, "kind": "talk"}


def is_fit(row: Row, shortest: int, *, is_command: bool) -> bool:
    """True for plain texts of the wanted kind that are long enough."""
    is_long = len(row["text"].split()) >= shortest
    is_wanted = bool(row.get("intent")) == is_command and not row.get("intents")
    return is_long and is_wanted and PLAIN.fullmatch(row["text"]) is not None


def divided(words: Sequence[str], chance: random.Random, *, is_short: bool, cuts: int) -> list[str]:
    """Return the words as parts; with `is_short` the last part has one or two words."""
    inner = range(1, len(words))
    at = {len(words) - chance.choice((1, 2))} if is_short else {chance.choice(inner)}
    while len(at) < min(cuts, len(inner)):
        at.add(chance.choice(inner))
    edges = [0, *sorted(at), len(words)]
    return [" ".join(words[since:until]) for since, until in pairwise(edges)]


def spoken(rows: Sequence[Row], voices: dict[str, Speaker], chance: random.Random) -> Iterator[tuple[Row, Sound]]:
    """Yield every text with its pauses and its sound; the voices take turns, the quick one four times of five."""
    names = [name for other in voices if other != QUICK for name in (*[QUICK] * QUICK_TURNS, other)]
    for n, row in enumerate(rows):
        name = names[n % len(names)]
        pauses = [round(chance.uniform(SHORTEST_S, LONGEST_S), 2) for _ in row["parts"][1:]]
        about: dict[str, Any] = {**row, "pauses_s": pauses, "voice": name, "human": False}
        yield named(about, row["kind"]), partial(with_pauses, row["parts"], pauses, voices[name])


def with_pauses(parts: Sequence[str], pauses_s: Sequence[float], speak: Speaker) -> Wave:
    """Return the parts, each spoken by itself, with a pause between two."""
    noise = np.random.default_rng(len(parts))
    sounds = [speak(part) for part in parts]
    gaps = [noise.normal(0, NOISE, round(pause * RATE_HZ)).astype(np.float32) for pause in pauses_s]
    return np.concatenate([piece for two in zip(sounds, [*gaps, gaps[0][:0]], strict=True) for piece in two])


if __name__ == "__main__":
    main()
