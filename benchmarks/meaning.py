"""Intents that are understood from texts in people's own words: counts, shares and 95 % intervals.

    python -m benchmarks.meaning ROWS.jsonl ...
    python -m benchmarks.meaning --folds out/folds ROWS.jsonl ...   as if no text of these files had been learned

A row is `{"text", "intent"}`; `also` names other intents that are as right; without `intent` (or with null) the text
must do nothing, and `kind` is what it is. Every intent is legal. `--folds` is the folder that scripts/train_meaning
wrote: each text is judged by what was learned without its fold. Three designs: alone, after the grammar's exact
phrases, after the matcher of typed text. `--list` prints each row that is not right; `--curve` the shares at other
thresholds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32

import numpy as np

from assistant.encode import SentenceEncoder
from assistant.interpret import Guess, Meaning, expand
from assistant.interpret.match import Matcher
from assistant.messages import SAFETY, Heard, Intent, Said
from assistant.store.library import load
from assistant.terminal.bench.intervals import wilson
from assistant.wire import build

EVERY = frozenset(Intent)
FOLDS = 5  # of scripts/train_meaning
NEGATED = "negated"
ACT, ASK, ASK_SAFETY = 0.75, 0.35, 0.30  # of the classifier alone; the interpreter asks sooner


class Answer(NamedTuple):
    """The result for one text."""

    done: Intent | None
    asked: Intent | None


Judge: TypeAlias = Callable[[str], Answer]
Guesser: TypeAlias = Callable[[str], tuple[Guess, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One text with what is right."""

    text: str
    right: frozenset[str]
    """Empty: it must do nothing."""
    kind: str


def decide(guesses: Sequence[Guess]) -> tuple[Intent, bool] | None:
    """Return the best intent, and whether it is sure enough to be done unasked; None where nothing is to happen.

    Where the best is not sure, the first that is likely enough to be asked about. A doubt between two safety intents
    ("stop it hurts") is no doubt about safety: their confidences are added.
    """
    danger = sum(one.confidence for one in guesses if one.intent in SAFETY)
    for intent, confidence in guesses:
        if intent is not None and confidence >= (ASK_SAFETY if intent in SAFETY else ASK):
            return intent, (danger if intent in SAFETY else confidence) >= ACT
    return None


def rows_in(paths: Iterable[Path]) -> list[Row]:
    """Return the rows of the files, in order."""
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            right = {row["intent"], *row.get("also", ())} if row.get("intent") else set()
            found.append(Row(row["text"], frozenset(right), str(row.get("kind", ""))))
    return found


def guesser(folds: Path | None) -> Guesser:
    """Return the shipped meaning, or the one of each text's fold."""
    if folds is None:
        shipped = build.meaning("en")
        if shipped is None:
            sys.exit("nothing was learned for this language")
        return lambda text: shipped.guesses(text, EVERY)
    encode = SentenceEncoder()
    held = [Meaning(_npz(folds / f"{fold}.npz"), encode) for fold in range(FOLDS)]
    return lambda text: held[crc32(text.encode("utf-8")) % FOLDS].guesses(text, EVERY)


def _npz(path: Path) -> Mapping[str, Any]:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def judges(guesses: Guesser) -> dict[str, Judge]:
    """Return the three designs by name."""
    pack = load("en").pack
    phrases = expand(pack)
    exact = {phrase.text: phrase.intent for phrase in sorted(phrases, key=lambda one: one.intent in SAFETY)}
    matcher = Matcher(phrases, pack.skip_words, pack.numbers)

    def alone(text: str) -> Answer:
        decided = decide(guesses(text))
        if decided is None:
            return Answer(None, None)
        intent, is_sure = decided
        return Answer(intent, None) if is_sure else Answer(None, intent)

    def after_exact(text: str) -> Answer:
        return Answer(exact[text], None) if text in exact else alone(text)

    def after_matcher(text: str) -> Answer:
        heard = Heard(text=text, is_final=True, is_sure=True, score=100.0, at_s=0.0, end_s=0.0)
        event = matcher.understand(heard, EVERY, 0.0)
        return Answer(event.intent, None) if isinstance(event, Said) else alone(text)

    return {"alone": alone, "after exact phrases": after_exact, "after the matcher": after_matcher}


def outcome(row: Row, answer: Answer) -> str:
    """Return `done right`, `asked right`, `done wrong`, `asked wrong` or `nothing`."""
    got = answer.done or answer.asked
    if got is None:
        return "nothing"
    return f"{'done' if answer.done else 'asked'} {'right' if got.value in row.right else 'wrong'}"


def share(part: int, whole: int) -> str:
    """Return a count as a share with its interval."""
    low, high = wilson(part, whole)
    return f"{part:4d} of {whole:4d} = {100 * part / max(whole, 1):5.1f} % [{100 * low:.1f}-{100 * high:.1f}]"


def report(name: str, rows: list[Row], judge: Judge, *, listed: bool) -> None:
    """Print one design's figures."""
    found = [(row, outcome(row, answer), answer) for row in rows for answer in (judge(row.text),)]
    commands = [one for one in found if one[0].right]
    others = [one for one in found if not one[0].right]
    safety = [one for one in commands if {intent.value for intent in SAFETY} & one[0].right]
    print(f"\n{name}")
    for title, part in (("commands", commands), ("safety", safety)):
        counted = Counter(result for _, result, _ in part)
        counted["done or asked right"] = counted["done right"] + counted["asked right"]
        for result in ("done right", "done or asked right", "done wrong", "asked wrong", "nothing"):
            print(f"  {title:9} {result:20} {share(counted[result], len(part))}")
    negated = [one for one in others if one[0].kind == NEGATED]
    for title, part in (("others", others), (NEGATED, negated)):
        for verb in ("done", "asked"):
            print(f"  {title:9} {verb:20} {share(sum(one[1].startswith(verb) for one in part), len(part))}")
    if listed:
        for row, result, answer in found:
            if result not in ({"done right"} if row.right else {"nothing"}):
                got = answer.done or answer.asked
                print(f"    {result:12} {got.value if got else '-':15} {'|'.join(sorted(row.right)):24} {row.text}")


def curve(rows: list[Row], guesses: Guesser) -> None:
    """Print the shares of texts whose best intent reaches each confidence."""
    best = [next(one for one in guesses(row.text) if one.intent is not None) for row in rows]
    commands, others = sum(bool(row.right) for row in rows), sum(not row.right for row in rows)
    print("\nconfidence   right   wrong   others   % of commands, commands, other texts")
    for percent in range(10, 100, 5):
        over = [(row, one) for row, one in zip(rows, best, strict=True) if one.confidence >= percent / 100]
        right = sum(one.intent is not None and one.intent.value in row.right for row, one in over)
        false = sum(not row.right for row, _ in over)
        parts = (right / max(commands, 1), (len(over) - false - right) / max(commands, 1), false / max(others, 1))
        print(f"{percent / 100:10.2f} " + " ".join(f"{100 * part:7.1f}" for part in parts))


def main() -> None:
    """Print the figures of all designs."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("rows", type=Path, nargs="+")
    asked.add_argument("--folds", type=Path)
    asked.add_argument("--list", action="store_true", dest="listed")
    asked.add_argument("--curve", action="store_true")
    given = asked.parse_args()
    rows, guesses = rows_in(given.rows), guesser(given.folds)
    for name, judge in judges(guesses).items():
        report(name, rows, judge, listed=given.listed and name == "alone")
    if given.curve:
        curve(rows, guesses)


if __name__ == "__main__":
    main()
