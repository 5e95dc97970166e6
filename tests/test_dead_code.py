"""Nothing in the package is there for tests only: each name is used again by the package, a benchmark or a script."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks.house import ROOT, python_files

USERS = ("assistant", "benchmarks", "scripts")
EXCEPT = {
    "connection_made": "asyncio calls it",
    "data_received": "asyncio calls it",
    "handle_ping": "uvicorn calls it",
    "redirect_request": "urllib calls it",
    "is_believed": "the sign of `spare` in a word, for the tests of each bar",
}


def parsed(*folders: str) -> list[tuple[str, ast.Module]]:
    paths = python_files(*folders)
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def names_in(tree: ast.AST) -> Iterator[str]:
    """Every name that is read: as itself, as an attribute, as an argument, in a pattern, or in a text of one word."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.MatchClass(kwd_attrs=names):
                yield from names
            case ast.ImportFrom(names=aliases, module=str(module)) if not module.startswith("assistant"):
                yield from (alias.name for alias in aliases)
            case ast.Constant(value=str(text)):
                yield from _names_in_text(text)


def _names_in_text(text: str) -> list[str]:
    """A name for `getattr` or a child process, or a type that is written between quotes."""
    return re.findall(r"[A-Za-z_]\w*", text) if re.fullmatch(r"[\w.]+(?:\[.*\])?(?: \| [\w.]+)*", text) else []


def defined_in(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Functions, classes, methods and constants; what is decorated is called by whoever decorates it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not is_taken(node):
            yield node.name, node
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names = [each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)]
            yield from ((name, node) for name in names)


def is_taken(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """A method of the language, or registered by its decorator."""
    decorators = [ast.unparse(one) for one in node.decorator_list]
    return node.name.startswith("__") or any("property" not in one and "dataclass" not in one for one in decorators)


@pytest.fixture(scope="module")
def unused() -> dict[str, str]:
    """Each name that nothing but its own definition reads, and where it is defined."""
    used = Counter(name for _, tree in parsed(*USERS) for name in names_in(tree))
    found = [(where, name, node) for where, tree in parsed("assistant") for name, node in defined_in(tree)]
    assert len(found) > 1_500
    return {
        name: where
        for where, name, node in found
        if not name.startswith("__") and used[name] == sum(each == name for each in names_in(node))
    }


def test_every_definition_is_used_by_something_that_is_no_test(unused):
    """Code that only tests call is deleted with its tests."""
    assert {name: where for name, where in unused.items() if name not in EXCEPT} == {}


@pytest.mark.parametrize("name", sorted(EXCEPT))
def test_an_exception_is_still_one(name, unused):
    """A name that was deleted, or is used by now, leaves the list."""
    assert name in unused
