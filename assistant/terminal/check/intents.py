"""Finds what a command still lacks in the code: a row in the dialogue's table, and a reply that its handler names.

`tuina check` and the tests ask the same functions. An intent without a file of sentences is told by the library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from assistant.errors import Problem
from assistant.messages import Intent
from assistant.respond.rows import TableRow
from assistant.respond.states import State
from assistant.respond.transitions import TABLE
from assistant.store.library import Loaded
from assistant.terminal.check import replies

WHERE_ROWS_STAND = "assistant/respond/transitions.py"


def without_row(table: Mapping[type[State], TableRow] = TABLE, intents: Iterable[Intent] = Intent) -> Iterator[Problem]:
    """Every intent that no state of the table obeys: a person could say it, and it would never be legal."""
    legal = {intent for row in table.values() for intent in row}
    for intent in intents:
        if intent not in legal:
            what = f"the intent '{intent.value}' is legal in none of the {len(table)} states"
            remedy = f"Add a row 'Intent.{intent.name}: <handler>' to a state of TABLE, or remove the intent"
            yield Problem(path=WHERE_ROWS_STAND, line=0, what=what, remedy=remedy)


def without_reply(loaded: Loaded, code: Mapping[str, ast.Module] | None = None) -> Iterator[Problem]:
    """Every reply that the code names and the language lacks, and every reply of the language that nobody says."""
    code = replies.sources() if code is None else code
    keys = loaded.pack.replies
    place = f"grammars/{loaded.pack.code}/replies.yaml"
    for named in replies.missing(code, keys):
        key = named.pattern.replace(replies.REST, "…").replace("\\", "")
        what = f"the reply '{key}' is not in {place}"
        remedy = f"Add a line '{key}: \"…\"' there, or name another reply here"
        yield Problem(path=named.path, line=named.line, what=what, remedy=remedy)
    for key in replies.unused(code, keys):
        yield loaded.documents["replies"].problem((key,), f"nobody says the reply '{key}'", "Remove it, or say it")
