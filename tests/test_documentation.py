"""The pages that a newcomer reads: what they name exists, and their numbers are near to what is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from benchmarks.house import folders

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GUIDES = [name for name in ("architecture.md", "CONTRIBUTING.md", "words.md") if (DOCS / name).is_file()]
TO_BE_MADE = ("NAME", "skip_ahead", "grammars/sv/")
"""In the paths of recipes: what the reader makes."""
QUESTIONS = 10
MOST_OPENINGS = 3
MOST_COLUMNS = 120
SLACK = 0.1
"""Share of a room's lines by which the document may be off, or `SLACK_LINES` where that is more."""
SLACK_LINES = 60


def guide(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def references(text: str) -> dict[str, str]:
    """Label to path, of Markdown's `[label]: path` lines."""
    return dict(re.findall(r"^\[([^\]]+)\]: (\S+)$", text, flags=re.MULTILINE))


def names_in(path: Path) -> set[str]:
    """Everything that a Python file defines: functions, classes, methods and values; a YAML file's top keys."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        return set(re.findall(r"^([\w-]+):", text, flags=re.MULTILINE))
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [one for target in targets for one in getattr(target, "elts", [target])]
            found |= {one.id for one in names if isinstance(one, ast.Name)}
    return found


def anchors(text: str) -> set[str]:
    """The headings of a page as the part of an address."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_and_name_that_a_guide_refers_to_exists(name):
    """`[database.py:name,other]` names definitions of that file; a page is not left behind when code is renamed."""
    text = guide(name)
    defined = references(text)
    prose = re.sub(r"^\[.+\]: .+$", "", text, flags=re.MULTILINE)
    used = set(re.findall(r"\[([\w./-]+\.(?:py|yaml|txt)(?::[\w,]+)?)\](?!\()", prose))
    missing = [f"{label}: no address" for label in used - defined.keys()]
    missing += [f"{label}: not used" for label in defined.keys() - used]
    for label, target in defined.items():
        path = (DOCS / target).resolve()
        file, _, names = label.partition(":")
        if not path.is_file() or not path.as_posix().endswith(file):
            missing.append(f"{label}: {target}")
        elif names:
            missing += [f"{target}: {one}" for one in names.split(",") if one not in names_in(path)]

    assert missing == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_path_and_address_in_a_guide_leads_somewhere(name):
    """Inline links with their headings, and every path in backquotes that begins with a folder of ours."""
    text = guide(name)
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    pages = [(link.partition("#")[0] or name, link.partition("#")[2]) for link in links]
    dead = [f"{page}#{anchor}" for page, anchor in pages if not (DOCS / page).exists()]
    dead += [f"{page}#{anchor}" for page, anchor in pages if anchor and anchor not in anchors(guide(page))]
    quoted = re.findall(r"`((?:assistant|tests|docs|scripts|grammars|routines|models|benchmarks)/[\w./-]*)`", text)
    dead += [path for path in quoted if not any(name in path for name in TO_BE_MADE) and not (ROOT / path).exists()]

    assert dead == []


@pytest.mark.parametrize("path", [*(DOCS / name for name in GUIDES), ROOT / "README.md", ROOT / "CHANGELOG.md"])
def test_a_page_is_no_wider_than_a_terminal(path):
    """No line is longer than 120 characters."""
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > MOST_COLUMNS] == []


def test_a_strangers_ten_questions_are_answered_in_three_openings():
    """Each names at most three places beside its tests, or one section that answers it."""
    part = guide("architecture.md").partition("## Where do I look?")[2].partition("\n## ")[0]
    answers = re.findall(r"^\d+\. (.+(?:\n   .+)*)", part, flags=re.MULTILINE)
    openings = [len(re.findall(r"\[[^\]]+\]", answer.partition("Test:")[0])) for answer in answers]

    assert len(answers) == QUESTIONS
    assert all(1 <= count <= MOST_OPENINGS for count in openings), openings


def test_the_sizes_are_near_to_what_is_there():
    """Every room has its row; whoever moves much code also runs: python -m benchmarks.house --write."""
    rows = re.findall(r"^\| `([a-z_/]+/)` \| ([\d,]+) \|", guide("architecture.md"), flags=re.MULTILINE)
    written = {room: int(lines.replace(",", "")) for room, lines in rows}
    counted = {f"{one.path}/": one.whole for one in folders() if one.path}

    assert written.keys() == counted.keys()
    assert {
        room: (written[room], lines)
        for room, lines in counted.items()
        if abs(written[room] - lines) > max(SLACK * lines, SLACK_LINES)
    } == {}


def test_every_import_contract_is_explained():
    """The page has a row for each contract of pyproject.toml, and none more."""
    contracts = re.findall(r"importlinter\.contracts\]\]\nname = \"([^\"]+)\"", (ROOT / "pyproject.toml").read_text())
    part = guide("architecture.md").partition("## Import contracts")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+?) \| [^|]+ \| (?:yes )?\|$", part, flags=re.MULTILINE)

    named = [part.replace("COMMAND/", "") for row in rows for part in row.split(", ")]

    assert [one for one in named if not any(name.startswith(one) for name in contracts)] == []
    assert [name for name in contracts if not any(name.startswith(one) for one in named)] == []
