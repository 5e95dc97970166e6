"""The page of a bench run: well formed, escaped, the same each time; from results made by hand."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from assistant.messages import Heard
from assistant.terminal.bench.ears import EarSpec
from assistant.terminal.bench.judge import judged
from assistant.terminal.bench.listen import HeardClip, Utter
from assistant.terminal.bench.manifest import ManifestRow
from assistant.terminal.bench.page import as_html
from assistant.terminal.bench.record import as_json
from assistant.terminal.bench.run import Run
from assistant.terminal.bench.table import show
from assistant.terminal.bench.told import Told

NASTY = '<script>[b]alert("&amp;")[/b]</script>'


def clip(number: int, want: str | None, got: str | None, spare: float, voice: str) -> object:
    row = ManifestRow(
        file=f"{NASTY}{number}.flac", intent=want, text=NASTY, voice=voice, kind=NASTY if want else "talk"
    )
    heard = Heard(text=NASTY, is_final=True, is_sure=spare >= 0, score=spare + 8, spare=spare, at_s=0.1, end_s=0.6)
    meaning = (got, {"a": NASTY}) if got else None
    told = Told(did=(meaning,) if meaning and spare >= 0 else (), asked=meaning if spare < 0 else None)
    utter = Utter(heard=heard, told=told, meaning=meaning, is_legal=True, acted_s=1.0, cpu_s=0.1)
    result = HeardClip(utters=(utter,), seconds=1.0, fed_s=2.3, cpu_s=0.1, word_end_s=0.6)
    return judged(row, ("clean", "far")[number % 2], "", result)


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    wants = ["next", NASTY, "stop", None]
    items = [clip(n, wants[n % 4], wants[(n + n // 9) % 4], n % 13 - 4.0, f"{NASTY} voice {n % 3}") for n in range(60)]
    costs = {"load_s": 1.0, "load_cpu_s": 0.5, "bare_mb": 50.0, "peak_mb": 100.0}
    broken = [f"m.jsonl:3: {NASTY}"]
    return [Run(spec=EarSpec(engine=name), items=items, broken=broken, costs=costs) for name in ("phonetic", "top1")]


class Tags(HTMLParser):
    """Keeps every tag, and what is open where it should be closed."""

    VOID = frozenset({"meta", "br"})
    LOOSE = frozenset({"tr", "td", "th", "li", "thead", "tbody"})  # HTML lets these end by themselves

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.VOID | self.LOOSE:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if tag not in self.LOOSE:
            assert self.open.pop() == tag


def test_the_page_is_well_formed_and_escaped(runs):
    """Every element ends where it should, no id stands twice, and no text of a clip becomes a tag."""
    page = as_html(runs, asked=NASTY)

    tags = Tags()
    tags.feed(page)
    tags.close()

    assert tags.open == []
    assert "script" not in tags.seen
    assert len(tags.ids) == len(set(tags.ids))
    assert NASTY not in page


def test_the_drawings_are_xml_that_takes_the_colours_of_the_page(runs):
    """They can be read on light and on dark: no colour of theirs is fixed."""
    drawings = re.findall(r"<svg.*?</svg>", as_html(runs, asked=""), flags=re.DOTALL)

    for drawing in drawings:
        ET.fromstring(drawing)
        assert "currentColor" in drawing
        assert re.findall(r"(?:fill|stroke): ?#[0-9a-f]{6}", drawing) == []
    assert len(drawings) == 5  # curve, conditions, voices, two histograms


def test_the_same_run_gives_the_same_page(runs):
    """Byte for byte: two reports can be compared."""
    assert as_html(runs, asked="x") == as_html(runs, asked="x")


@pytest.mark.parametrize("count", [1, 2])
def test_one_engine_is_an_object_and_several_are_a_list(runs, count):
    """As the help says."""
    found = json.loads(as_json(runs[:count], is_list=count > 1))

    assert [one["engine"] for one in (found if count > 1 else [found])] == ["phonetic", "top1"][:count]


def test_the_table_fits_a_terminal_and_shows_text_as_it_is(runs):
    """Eighty columns, and square brackets are no markup."""
    console = Console(width=80, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as held:
        show(console, runs[:1])

    assert max(len(line) for line in held.get().splitlines() if "left out" not in line) <= 80


def test_a_run_without_commands_or_without_the_rest_is_shown(runs):
    """A figure that was not measured is a dash, not a division by zero."""
    for is_command in (True, False):
        items = [item for item in runs[0].items if item.is_command is is_command]
        found = Run(spec=EarSpec(engine="phonetic"), items=items)

        page = as_html([found], asked="")
        kept = json.loads(as_json([found], is_list=False))

        assert "–" in page
        assert (kept["accuracy"] is None, kept["false_per_hour"] is None) == (not is_command, is_command)
