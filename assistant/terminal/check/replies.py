"""Finds replies that the code names and a language lacks, or holds for nobody. Syntax trees in, names out.

A reply is named by its key in a call (`line("paused")`) or by a family of keys (`line(f"help_{state}")`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

NAMES_A_REPLY = frozenset({"line", "_sentence"})
"""Functions whose first argument is a reply's key (respond/replies.py, and those that word what a command says)."""
SPEAKING = ("respond", "terminal/acoustics", "terminal/doctor", "terminal/rehearse", "terminal/start")
"""The folders of the package that name replies."""
REST = "[a-z0-9_]+"
"""The part that a family leaves open."""
_NUMBERED = re.compile(r"(.+)_\d+")  # "routines_3" for three names; the code writes "routines" and a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One place in the code that speaks a reply."""

    pattern: str
    """A regular expression that the whole key matches; a plain key where the code writes it out."""
    path: str
    """As it stands in the repository, `assistant/respond/flow.py`."""
    line: int

    def is_met_by(self, keys: Iterable[str]) -> bool:
        """A reply with such a key exists."""
        return any(re.fullmatch(self.pattern, key) for key in keys)


def sources() -> dict[str, ast.Module]:
    """The code that speaks: path in the repository to its syntax tree."""
    package = Path(str(resources.files("assistant")))
    paths = sorted(path for folder in SPEAKING for path in (package / folder).rglob("*.py"))
    return {path.relative_to(package.parent).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def missing(code: Mapping[str, ast.Module], keys: Collection[str]) -> Iterator[Named]:
    """Each place whose reply is not among the language's keys."""
    for path, tree in code.items():
        for node in ast.walk(tree):
            for key in _keys_of(node):
                pattern = _pattern(key)
                named = Named(pattern=pattern, path=path, line=key.lineno) if pattern else None
                if named is not None and not named.is_met_by(keys):
                    yield named


def unused(code: Mapping[str, ast.Module], keys: Iterable[str]) -> Iterator[str]:
    """Each key that the code neither writes out nor makes from a family."""
    words: set[str] = set()
    families: set[str] = set()
    for node in (one for tree in code.values() for one in ast.walk(tree)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
        families.update(_pattern(named) for named in _keys_of(node))
    for key in keys:
        numbered = _NUMBERED.fullmatch(key)
        is_named = key in words or (numbered is not None and numbered[1] in words)
        if not is_named and not any(re.fullmatch(family, key) for family in families):
            yield key


def _keys_of(node: ast.AST) -> Iterator[ast.expr]:
    """The keys that a call gives, each alternative of a choice by itself."""
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    given = [one.value for one in node.keywords if one.arg == "reply"]
    waiting = [*given, *(node.args[:1] if name in NAMES_A_REPLY else ())]
    while waiting:
        key = waiting.pop()
        if isinstance(key, ast.IfExp):
            waiting += [key.body, key.orelse]
        else:
            yield key


def _pattern(key: ast.expr) -> str:
    """The keys that an expression stands for; nothing where it begins with what only the running program knows."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return re.escape(key.value)
    if isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
        return "".join(re.escape(str(one.value)) if isinstance(one, ast.Constant) else REST for one in key.values)
    return ""
