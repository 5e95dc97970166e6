"""docs/states.md as text: the meaning of each state, its legal commands, and its successors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from textwrap import wrap

from assistant.messages import SAFETY, Intent
from assistant.respond.states import State
from assistant.respond.transitions import TABLE
from assistant.terminal.documents.names import spaced
from assistant.terminal.documents.reachable_states import Change

WIDTH = 90  # characters of a cell (a line has at most 120: tests/test_sizes.py)
HEAD = """# States and commands

Made by `make docs` from the table in `assistant/respond/transitions.py` and from a walk through the dialogue itself,
with every legal command in every kind of state that is met. Do not edit.

![What follows what](states.svg)

The picture leaves out shortcuts (a question that was answered before is not asked again), and what leads to the same
place from nearly everywhere stands in the boxes below it. The last table has every change.

## The states
"""
LEGAL = """
## Which command is legal where

● legal in this state; empty: it is understood, and changes nothing. Safety commands are set in bold. The numbers are
those of the states above.
"""
FOLLOWS = """
## What follows what

Only changes of state. A command that answers a question, or that changes the count, the tempo or the voice, stays in
its state; so does one that asks for something impossible. A doubt about safety is a word about it that was nearly
heard. What acts in "asked back" as in the state behind the question stands there.
"""


def as_markdown(changes: Collection[Change]) -> str:
    """Return the document."""
    return "\n".join([HEAD, *_states(), LEGAL, *_legal(), FOLLOWS, *_follows(changes)]) + "\n"


def _states() -> list[str]:
    rows = [
        f"| {number} {spaced(kind.__name__)} | {len(row)} | {_about(kind)} |"
        for number, (kind, row) in enumerate(TABLE.items())
    ]
    return ["| state | commands | what it is |", "|---|---|---|", *rows]


def _about(kind: type[State]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0].replace("|", "\\|")


def _legal() -> list[str]:
    """Return the table of commands (rows) and states (columns)."""
    kinds = {kind: str(number) for number, kind in enumerate(TABLE) if TABLE[kind]}
    rows = [
        f"| {_name(intent)} |" + "|".join("●" if intent in TABLE[kind] else "" for kind in kinds) + "|"
        for intent in Intent
    ]
    return ["| |" + "|".join(kinds.values()) + "|", "|---" + "|:-:" * len(kinds) + "|", *rows]


def _name(intent: Intent) -> str:
    return f"**{spaced(intent.value)}**" if intent in SAFETY else spaced(intent.value)


def _follows(changes: Collection[Change]) -> list[str]:
    """Return one table a state: its successors, and the commands and events that lead there."""
    lines: list[str] = []
    for kind in TABLE:
        leads: dict[str, list[str]] = defaultdict(list)
        for before, label, after in sorted(changes):
            if before == kind.__name__:
                leads[after].append(spaced(label))
        lines += [f"\n### {spaced(kind.__name__)}\n", "| leads to | by |", "|---|---|"]
        lines += [
            f"| {spaced(after)} | {part} |"
            for after, labels in leads.items()
            for part in wrap(", ".join(labels), WIDTH)
        ]
    return lines
