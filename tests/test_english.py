"""Ratchets on the English of docstrings and comments: they state what a thing is or does, and ask no question."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("assistant", "benchmarks", "scripts", "tests")
MOST_QUESTIONS = 20
"""Docstrings that may open with a question clause: a few read well."""
QUESTION = re.compile(r"(how|what|when|where|whether|which|who|whom|whose|why)\b", re.IGNORECASE)
CANNOT = re.compile(r"\bcan\s+not\b", re.IGNORECASE)


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each docstring: of the module, of classes and functions, and below assigned names."""
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        has_own = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for before, here in zip([None, *body], body, strict=False):
            is_documented = has_own if before is None else isinstance(before, ast.Assign | ast.AnnAssign)
            if is_documented and isinstance(here, ast.Expr) and isinstance(here.value, ast.Constant):
                text = here.value.value
                if isinstance(text, str):
                    yield here.lineno, text


def questions(source: str) -> list[tuple[int, str]]:
    """Return line and first line of each docstring that opens with a question clause."""
    return [(line, text.strip().splitlines()[0]) for line, text in docstrings(source) if QUESTION.match(text.strip())]


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each comment."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def cannots(source: str) -> list[int]:
    """Return the lines of the docstrings and comments that say "can not"."""
    return sorted(line for line, text in [*docstrings(source), *comments(source)] if CANNOT.search(text))


def sources(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield path, relative to the repository, and text of each Python file."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


SAMPLE = '''"""What this module holds."""

LIMIT = 3
"""Whether it is high."""
OTHER = 4  # the limit can not be lower


class Shelf:
    """Holds books. What they cost is elsewhere."""

    size: int
    """
    How many books fit."""

    def put(self) -> None:
        """Which place is free."""
        "what is no docstring, since it stands second"

    async def take(self) -> None:
        """Whatever is asked for, or an error: it can
        not be taken twice."""
        when = "what"
        if when:
            "Where no docstring can stand"


def price() -> str:
    """Return a text that can not be a docstring."""
    return "Why can not"
'''


def test_the_counter_sees_each_kind_of_docstring() -> None:
    """A question is found in a module, a class, a method and below a name, and nowhere else."""
    assert [line for line, _ in sorted(questions(SAMPLE))] == [1, 4, 12, 16]
    assert questions('def f():\n    """Return what is left."""\n') == []


def test_the_counter_sees_cannot_in_two_words() -> None:
    """The two words are found in docstrings, across a line break, and in comments, but not in other strings."""
    assert cannots(SAMPLE) == [5, 20, 28]
    assert cannots('"""It cannot."""\n') == []


def test_docstrings_state_and_do_not_ask() -> None:
    """At most 20 docstrings of the repository open with "what", "how", "whether" or another question word."""
    found = [f"{path}:{line}: {text}" for path, source in sources(*FOLDERS) for line, text in questions(source)]

    assert len(found) <= MOST_QUESTIONS, "\n".join(found)


@pytest.mark.parametrize("path", [path for path, _ in sources("assistant")])
def test_cannot_is_one_word(path: str) -> None:
    """No docstring and no comment of the package says "can not"."""
    assert cannots((ROOT / path).read_text(encoding="utf-8")) == []
