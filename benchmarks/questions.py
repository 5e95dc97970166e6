"""The answers to questions: each through the interpreter and the dialogue, as typed at its technique.

    python -m benchmarks.questions ROWS.jsonl ...
    python -m benchmarks.questions --write docs/questions.md ROWS.jsonl

A row is `{"text", "technique", "kind"}`; without a technique (null) it is asked before a start. Somebody reads each
answer, and writes one of READINGS into the page. A reading is kept while its answer stays the same.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any, NamedTuple

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter, expand
from assistant.messages import Perhaps, Said, Say
from assistant.respond.dialogue import advance
from assistant.respond.gate import Gate
from assistant.respond.places import place_at
from assistant.respond.states import Idle, ReadyPrompt, State, Talk
from assistant.respond.transitions import legal
from assistant.routine import Library
from assistant.speak.wording import Wording
from assistant.store.library import load
from assistant.wire import build

ROUTINE = "full"
READINGS = frozenset({"right", "declined", "held", "wrong", "silent"})
UNREAD = "unread"
MOST_COLUMNS = 120
HEAD = """# Answers to the development questions

{n} questions that people ask about a technique, written before there were answers, and what is answered to each: typed,
while it waits for "ready" at the technique, or before a start. Made by `python -m benchmarks.questions`. The readings
are written by hand: **right** answers the question from the article; **declined** says honestly that the article does
not tell it, or that a doctor must judge; **held** takes words of pain or danger for what they may be; **wrong** answers
something else; **silent** says nothing.

Read: {counted}."""


class Asked(NamedTuple):
    """A question, and what became of it."""

    text: str
    technique: str
    kind: str
    understood: str
    """Intent and topic, "?" before one that is only asked back; empty for nothing."""
    answer: str


def rows_in(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the rows of the files, in order."""
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]


class Asker:
    """The real interpreter and dialogue, without a voice."""

    def __init__(self) -> None:
        """Read the shipped files."""
        loaded = load("en")
        self._library: Library = loaded.library
        self._wording = Wording(loaded.pack)
        self._interpreter = Interpreter(expand(loaded.pack), loaded.pack, build.meaning("en"))

    def ask(self, row: dict[str, Any]) -> Asked:
        """Ask at the "ready" of the technique, or before a start."""
        state = self._state(row["technique"])
        events = self._interpreter.understand(heard_from_line(row["text"], 1.0), legal(state), 1.0)
        understood, spoken = [], []
        for event in events:
            if isinstance(event, (Said, Perhaps)):
                slots = ", ".join(str(value) for value in event.slots.values())
                sign = "?" if isinstance(event, Perhaps) else ""
                understood.append(f"{sign}{event.intent.value}" + (f" ({slots})" if slots else ""))
            state, effects = advance(state, event, self._library)
            spoken += [self._wording.sentence(one) for one in effects if isinstance(one, Say)]
        return Asked(row["text"], row["technique"] or "", row["kind"], "; ".join(understood), " ".join(spoken))

    def _state(self, technique: str | None) -> State:
        talk = Talk(usual=ROUTINE, gate=Gate(general="open", back="open", legs="open"), next_utterance=3)
        if technique is None:
            return Idle(talk=talk)
        wanted = self._library.technique_called(technique)
        steps = self._library.routines[ROUTINE].steps
        at = next(i for i, step in enumerate(steps) if step.technique == wanted)
        return ReadyPrompt(talk=talk, place=place_at(self._library, ROUTINE, at))


def readings_in(page: str) -> dict[str, str]:
    """Return the readings that stand in a page, by what was read: another answer must be read anew."""
    blocks = (block.partition("\n\n**Read:** ") for block in page.split("\n## ")[1:])
    return {what: reading.strip() for what, _, reading in blocks if reading.strip() in READINGS}


def as_page(asked: Sequence[Asked], readings: Mapping[str, str]) -> str:
    """Return the page, with the readings that are known."""
    blocks = [
        f"{one.text}\n\nAt: {one.technique or 'no technique'}. Understood as: {one.understood or 'nothing'}.\n\n"
        + fill(one.answer or "(nothing is said)", MOST_COLUMNS, initial_indent="> ", subsequent_indent="> ")
        for one in asked
    ]
    read = [readings.get(block, UNREAD) for block in blocks]
    counted = ", ".join(f"{n} {name}" for name, n in Counter(read).most_common())
    parts = [HEAD.format(n=len(asked), counted=counted)]
    parts += [f"{block}\n\n**Read:** {reading}" for block, reading in zip(blocks, read, strict=True)]
    return "\n\n## ".join(parts) + "\n"


def main() -> None:
    """Print the answers, or write the page."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("rows", type=Path, nargs="+")
    asked.add_argument("--write", type=Path)
    given = asked.parse_args()
    asker = Asker()
    found = [asker.ask(row) for row in rows_in(given.rows)]
    if given.write is None:
        for one in found:
            print(f"{one.technique or '-':22} {one.text}\n{'':22} {one.understood}: {one.answer}")
        return
    known = readings_in(given.write.read_text(encoding="utf-8")) if given.write.exists() else {}
    given.write.write_text(as_page(found, known), encoding="utf-8")


if __name__ == "__main__":
    main()
