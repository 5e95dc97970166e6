"""Every page, section, path and test that a text of this repository names can be opened by its reader."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import which
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
CITING = ("assistant", "tests", "benchmarks", "scripts", "docs", "grammars", "routines", "models", ".ci")
TEXTS = {".py", ".md", ".yaml", ".toml", ".txt", ""}
GENERATED = {"spoken.md", "states.md"}  # tables as wide as what they hold; `make docs`
MADE_ELSEWHERE = {
    "augment.py",  # of the corpus that tests/data/speech is a part of
    "sitecustomize.py",  # written by benchmarks/card_moments.py where it runs
}
ROOTS = r"(?:assistant|tests|benchmarks|scripts|docs|grammars|routines|models)"
PAGE = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*[\w-]+\.md)\b")
HEADING = re.compile(r"(?<![\w/.-])((?:[\w-]+/)*[\w-]+\.md), [\"“]([^\"”]+)[\"”]")
PATH = re.compile(rf"(?<![\w/.-])({ROOTS}/[\w./-]*\w)(?![\w*<{{/])")
FILE = re.compile(r"(?<![\w/.*>-])([a-z_]\w*\.(?:py|md))\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
TEST = re.compile(r"`(test_\w+)`(?!\.py)")
MODULE = re.compile(r"python -m ((?:benchmarks|tests\.rigs|assistant)[\w.]*)")
LOOSE = re.compile(
    r"\b[Ii]ssue [A-Z]\b|\bthe issue\b|\b[Rr]ows? \d+|\b[Ll]ines? \d+ of (?:the|this) (?:issue|page|promise)"
    r"|\bline \d+ of the ear|\.md (?:section|row|line|[A-Z]?\d|[A-Z]\b)"
    r"|\bthe design(?:'s)? (?:table|section|measurements)"
)


class Text(NamedTuple):
    """One file as a reader sees it."""

    path: Path
    """From the root of the repository."""
    words: str
    """On one line: neither line breaks nor the signs of comments part a name."""


class Fault(NamedTuple):
    """Something named that cannot be opened."""

    where: str
    what: str


def one_line(text: str) -> str:
    """The text without line breaks, and without what begins a line of a comment or of a quote."""
    return " ".join(re.sub(r"^\s*(?:#:?|>)\s?", "", line).strip() for line in text.splitlines())


def headings(page: str) -> list[str]:
    """The headings of a page of Markdown, without marks of code and links, but for those inside blocks of code."""
    prose = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"^#{1,6} +(.+?) *#*$", prose, flags=re.MULTILINE)
    return [re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", heading).replace("`", "") for heading in found]


def anchor(heading: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def tracked() -> frozenset[str]:
    """Every file of the repository, from its root; also those that are new and not ignored."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    if which("git") and (ROOT / ".git").exists():
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    else:
        names = [path.relative_to(ROOT).as_posix() for folder in CITING for path in (ROOT / folder).rglob("*")]
        names += [path.name for path in ROOT.iterdir()]
    return frozenset(name for name in names if (ROOT / name).is_file())


def page_of(name: str, citing: Path, root: Path = ROOT) -> Path | None:
    """The page that is meant: from the root, beside the citing file, or one of its name in docs/."""
    places = (root / name, root / citing.parent / name, root / "docs" / name)
    return next((place for place in places if place.is_file()), None)


def faults_of(text: Text, root: Path = ROOT) -> Iterator[Fault]:
    """Pages, headings and loose references of one file."""
    where = text.path.as_posix()
    for name in sorted(set(PAGE.findall(text.words))):
        if page_of(name, text.path, root) is None:
            yield Fault(where, f"there is no {name}")
    for name, heading in HEADING.findall(text.words):
        page = page_of(name, text.path, root)
        if page is not None and heading.rstrip(",.") not in headings(page.read_text(encoding="utf-8")):
            yield Fault(where, f"{name} has no heading “{heading}”")
    for loose in LOOSE.finditer(text.words):
        yield Fault(where, f"“{loose[0]}” names nothing that a reader can open")


def broken_links(path: Path, root: Path = ROOT) -> Iterator[Fault]:
    """Relative links of a page that lead nowhere, and anchors that their page does not have."""
    page = (root / path).read_text(encoding="utf-8")
    for link in LINK.findall(page):
        target, _, hash_ = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        aim = root / path if not target else (root / path).parent / target
        if not aim.exists():
            yield Fault(path.as_posix(), f"the link {link} leads nowhere")
        elif hash_ and hash_ not in map(anchor, headings(aim.read_text(encoding="utf-8"))):
            yield Fault(path.as_posix(), f"the link {link} has no such anchor")


def texts(*folders: str) -> list[Text]:
    """Every text of these folders, and the texts at the root."""
    names = [Path(name) for name in sorted(tracked()) if "/" not in name or name.split("/")[0] in folders]
    kept = [
        path for path in names if path.suffix in TEXTS and path.name != Path(__file__).name and path.suffix != ".lock"
    ]
    return [Text(path, one_line((ROOT / path).read_text(encoding="utf-8"))) for path in kept]


@pytest.mark.parametrize("text", texts(*CITING), ids=lambda text: text.path.as_posix())
def test_what_is_cited_can_be_opened(text):
    """Each page exists and has the quoted heading; nothing is cited by a number that no reader knows."""
    assert list(faults_of(text)) == []


@pytest.mark.parametrize("name", sorted(name for name in tracked() if name.endswith(".md")))
def test_every_link_of_a_page_leads_somewhere(name):
    """Files and anchors of the repository, of every page in it."""
    assert list(broken_links(Path(name))) == []


def test_every_path_that_is_named_exists():
    """In pages, docstrings and comments; what a test makes for itself is quoted as a string, and not looked at here."""
    known = tracked() | {parent.as_posix() for name in tracked() for parent in Path(name).parents}
    named = [
        Fault(path.as_posix(), name) for path, words in prose() for name in PATH.findall(words) if name not in known
    ]

    assert named == []


def test_every_file_that_is_named_exists():
    """Also where only its name stands: “rules.py” beside the citing file, or anywhere."""
    names = {Path(name).name for name in tracked()} | MADE_ELSEWHERE
    named = [Fault(path.as_posix(), name) for path, words in prose() for name in FILE.findall(words)]

    assert [each for each in named if each.what not in names] == []


def test_every_test_that_a_page_names_exists():
    """A page that says what holds a promise names a test that runs."""
    defined = {name for path in our_tests() for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))}
    pages = [text for text in texts("docs") if text.path.suffix == ".md"]
    named = [(text.path.as_posix(), name) for text in pages for name in TEST.findall(text.words)]

    assert [each for each in named if each[1] not in defined] == []
    assert len(named) > 20


def test_every_module_that_a_page_runs_exists():
    """Commands of benchmarks and rigs work in the repository as it stands."""
    ran = [(text.path.as_posix(), name) for text in texts(*CITING) for name in MODULE.findall(text.words)]
    files = [(where, name.rstrip(".").replace(".", "/")) for where, name in ran if "NAME" not in name]

    assert [
        each for each in files if not {f"{each[1]}.py", f"{each[1]}/__init__.py", f"{each[1]}/__main__.py"} & tracked()
    ] == []
    assert len(files) > 20


@pytest.mark.parametrize(
    "path",
    sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name not in GENERATED),
    ids=lambda path: path.name,
)
def test_a_page_fits_a_window(path):
    """No line of a page is longer than 120 characters, but for one that is a single address."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if len(line) > 120 and not re.search(r"https?://\S{60}", line)] == []


def prose() -> list[tuple[Path, str]]:
    """Yield the texts for readers: pages, and docstrings and comments of code."""
    found = []
    for text in texts(*CITING):
        if text.path.suffix == ".md" and text.path.parts[0] != "tests":
            found.append((text.path, text.words))
        elif text.path.suffix == ".py":
            found.append((text.path, one_line(comments((ROOT / text.path).read_text(encoding="utf-8")))))
    return found


def comments(code: str) -> str:
    """Docstrings and comments of a Python file, as they stand."""
    strings = re.findall(r'"""(.*?)"""', code, flags=re.DOTALL)
    return "\n".join(
        [*strings, *re.findall(r"#(.*)$", re.sub(r'"""(.*?)"""', "", code, flags=re.DOTALL), re.MULTILINE)]
    )


def our_tests() -> list[Path]:
    return [ROOT / name for name in tracked() if re.search(r"(^|/)test_\w+\.py$", name)]


@pytest.fixture
def repository(tmp_path):
    """A small repository with one page."""
    (tmp_path / "docs").mkdir()
    page = "# Sound\n\n## Delay and `drift`\n\nSee [there](other.md#a-b) and [here](#delay-and-drift).\n"
    (tmp_path / "docs" / "sound.md").write_text(page, encoding="utf-8")
    (tmp_path / "docs" / "other.md").write_text("# A, b!\n\n```\n# no heading\n```\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ('X = 1  # docs/sound.md, "Delay and drift"', []),
        ('"""As measured (docs/sound.md, "Delay\n# and drift")."""', []),
        ('X = 1  # docs/sound.md, "Delay"', ["docs/sound.md has no heading “Delay”"]),
        ("X = 1  # faults.md 3", ["there is no faults.md", "“.md 3” names nothing that a reader can open"]),
        ("X = 1  # docs/sound.md section 4", ["“.md section” names nothing that a reader can open"]),
        ("X = 1  # as issue C asks", ["“issue C” names nothing that a reader can open"]),
        ("X = 1  # row 36 of the table", ["“row 36” names nothing that a reader can open"]),
        ("X = 1  # RFC 9110, section 15", []),
    ],
)
def test_a_broken_citation_is_found(repository, code, what):
    """The parser sees what is missing, also across lines, and leaves alone what can be opened."""
    text = Text(Path("assistant/x.py"), one_line(code))

    assert [fault.what for fault in faults_of(text, repository)] == what


def test_a_broken_link_is_found(repository):
    """A file that is missing, and a heading that is missing or only code."""
    assert list(broken_links(Path("docs/sound.md"), repository)) == []

    page = "[a](gone.md) [b](other.md#no-heading) [c](#delay) [d](https://example.org/x)"
    (repository / "docs" / "sound.md").write_text(page, encoding="utf-8")

    assert len(list(broken_links(Path("docs/sound.md"), repository))) == 3
