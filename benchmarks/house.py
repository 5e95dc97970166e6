"""Sizes of the house: rooms, files, functions, exceptions from the linter, tests, and what the import contracts cover.

    python -m benchmarks.house [--write]

`--write` puts the table of rooms into docs/architecture.md; a test fails while a number there is far from the truth.
tests/test_sizes.py holds the limits to the same figures. A folder's own lines are those of the files directly in it; a
room is a folder directly in assistant/, with all that is below it.
"""

from __future__ import annotations

import ast
import re
import sys
import tokenize
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from importlinter.api import read_configuration

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "assistant"
FOLDERS = ("assistant", "benchmarks", "scripts", "tests")  # all of our Python
DOCUMENT = ROOT / "docs" / "architecture.md"
HEAD = "| room | lines | share |"
NOQA = re.compile(r"#\s*(?:ruff:\s*)?noqa\b")


@dataclass(frozen=True, slots=True)
class Folder:
    """Sizes of one folder of the package, in lines of Python."""

    path: str
    """Below assistant/; empty for assistant/ itself."""
    files: int
    own: int
    """In the files directly in it."""
    whole: int
    """With all folders below it."""


def python_files(*folders: str) -> list[Path]:
    """Every Python file in these folders of the repository and below them."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def lines_of(path: Path) -> int:
    """Lines of a file, empty ones and comments among them."""
    return len(path.read_text(encoding="utf-8").splitlines())


def folders() -> list[Folder]:
    """Every folder of the package that holds Python, the largest as a whole first."""
    paths = sorted({path.parent for path in python_files("assistant")})
    return sorted(map(_folder, paths), key=lambda one: -one.whole)


def _folder(path: Path) -> Folder:
    own = [one for one in python_files("assistant") if one.parent == path]
    whole = [one for one in python_files("assistant") if path in one.parents]
    name = "" if path == PACKAGE else path.relative_to(PACKAGE).as_posix()
    return Folder(name, len(own), sum(map(lines_of, own)), sum(map(lines_of, whole)))


def function_lengths() -> list[tuple[int, str]]:
    """Lines from `def` to the last of the body, and where, of every function of the package, the shortest first."""
    found = []
    for path in python_files("assistant"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                where = f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}"
                found.append(((node.end_lineno or node.lineno) - node.lineno + 1, where))
    return sorted(found)


def percentile(sizes: list[int], share: float) -> int:
    """The smallest size that at least this share of all does not exceed; `sizes` is sorted."""
    return sizes[max(0, -int(-share * len(sizes) // 1) - 1)]


def exceptions() -> list[tuple[str, str]]:
    """Return every place where a comment silences the linter, and the comment; of the whole repository."""
    found = [(path, token) for path in python_files(*FOLDERS) for token in _comments(path) if NOQA.search(token.string)]
    return [(f"{path.relative_to(ROOT).as_posix()}:{token.start[0]}", token.string) for path, token in found]


def _comments(path: Path) -> list[tokenize.TokenInfo]:
    with path.open("rb") as file:
        return [token for token in tokenize.tokenize(file.readline) if token.type == tokenize.COMMENT]


def lines_of_tests() -> tuple[int, int]:
    """Lines of Python in tests/, rigs and fakes among them; and of the conversations in tests/journeys."""
    python = sum(map(lines_of, python_files("tests")))
    return python, sum(map(lines_of, sorted((ROOT / "tests" / "journeys").glob("*.txt"))))


def exhaustive_containers() -> dict[str, int]:
    """Packages whose modules are all named by a layers contract, and how many layers it has."""
    contracts = read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
    layers = [one for one in contracts if one["type"] == "layers" and one.get("exhaustive")]
    return {container: len(one["layers"]) for one in layers for container in one["containers"]}


def table() -> str:
    """The folders of the package as a Markdown table, in the order of a listing; shares are of the whole package."""
    code = next(one.whole for one in folders() if not one.path)
    named = sorted((one for one in folders() if one.path), key=lambda one: one.path)
    rows = [f"| `{one.path}/` | {one.whole:,} | {one.whole / code:.1%} |" for one in named]
    return "\n".join([HEAD, "|---|---|---|", *rows, f"| all of `assistant/` | {code:,} | |"])


def write_table() -> None:
    """Put the table into the document in place of the old one, which ends at the first empty line."""
    before, _, after = DOCUMENT.read_text(encoding="utf-8").partition(HEAD)
    rest = after.partition("\n\n")[2]
    DOCUMENT.write_text(f"{before}{table()}\n\n{rest}", encoding="utf-8")


def main() -> None:
    """Print every figure."""
    if sys.argv[1:] == ["--write"]:
        write_table()
        return
    found, contained = folders(), exhaustive_containers()
    code = next(one.whole for one in found if not one.path)
    print(f"{'folder':28}{'files':>6}{'own':>7}{'whole':>7}{'share':>7}  layers of its exhaustive import contract")
    for one in found:
        layers = contained.get("assistant" + ("." + one.path.replace("/", ".") if one.path else ""), "-")
        print(f"{one.path or '.':28}{one.files:6}{one.own:7}{one.whole:7}{one.whole / code:7.1%}  {layers}")
    sizes = sorted(map(lines_of, python_files("assistant")))
    lengths = [length for length, _ in function_lengths()]
    print(f"files: {len(sizes)}, median {median(sizes):.0f} lines, largest {sizes[-1]}")
    print(f"functions: {len(lengths)}, p90 {percentile(lengths, 0.9)} lines, longest {lengths[-1]}")
    python, conversations = lines_of_tests()
    print(f"tests: {python} lines of Python and {conversations} of conversations; code: {code}")
    print(f"tests / code: {(python + conversations) / code:.2f}, Python alone {python / code:.2f}")
    print(f"comments that silence the linter: {len(exceptions())}")


if __name__ == "__main__":
    main()
