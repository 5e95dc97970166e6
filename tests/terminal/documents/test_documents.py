from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from assistant.messages import SAFETY, Intent
from assistant.respond.transitions import TABLE
from assistant.show import Drawing, drawings
from assistant.terminal.documents import pictures_md
from assistant.terminal.documents.make import ROUTINE, documents
from assistant.terminal.documents.names import spaced
from assistant.terminal.documents.reachable_states import END, Change
from assistant.terminal.documents.spoken_md import grouped
from assistant.terminal.documents.states_svg import as_svg, everywhere

DOCS = Path(__file__).parents[3] / "docs"
REPLIES = Path(__file__).parents[3] / "grammars" / "en" / "replies.yaml"


@pytest.fixture(scope="module")
def made(loaded, walked) -> dict[str, str]:
    return documents(loaded.library, loaded.pack, walked.changes)


@pytest.mark.parametrize("name", ["states.md", "states.svg", "spoken.md", "card.html"])
def test_what_is_committed_is_what_is_made(name: str, made: dict[str, str]) -> None:
    """Whoever changes the table, a routine or a sentence also runs: make docs. No order of a set reaches them."""
    assert (DOCS / name).read_text("utf-8") == made[name], "run: make docs"


def test_the_pictures_that_are_committed_are_those_that_are_made(loaded) -> None:
    """Whoever changes a picture also runs: make docs. No drawing is left behind that nothing makes."""
    made = pictures_md.documents(loaded.library, ROUTINE)

    assert {name for name, text in made.items() if (DOCS / name).read_text("utf-8") != text} == set(), "run: make docs"
    assert {f"pictures/{path.name}" for path in (DOCS / "pictures").iterdir()} == made.keys() - {"pictures.md"}


def test_every_drawing_is_shown_and_told(loaded) -> None:
    """The page shows each file, and tells in words what it shows; it says that a drawing is no plate."""
    made = pictures_md.documents(loaded.library, ROUTINE)
    page = " ".join(made["pictures.md"].split())
    names = re.findall(r'src="([^"]+)"', page)

    assert sorted(names) == sorted(made.keys() - {"pictures.md"})
    assert [one.alt for name in loaded.library.techniques for one in drawn(loaded, name) if one.alt not in page] == []
    assert "not anatomical plates" in page


def drawn(loaded, name: str) -> list[Drawing]:
    return list(drawings(loaded.library.techniques[name], "en"))


def test_every_sentence_is_in_the_document(made: dict[str, str], loaded) -> None:
    """All replies, all safety questions, and every text of every technique of the full routine."""
    replies = [*loaded.pack.replies.values()]
    questions = [text for question in loaded.library.screening.questions for text in question.words["en"]]
    techniques = [step.technique for step in loaded.library.routines[ROUTINE].steps]
    told = [text for one in techniques for key, text in loaded.library.words(one).texts().items() if key != "name"]

    assert [text for text in [*replies, *questions, *told] if text not in made["spoken.md"]] == []
    assert len(replies) > 100


def test_replies_stand_under_the_comments_of_their_file(loaded) -> None:
    """Each key once, in the file's order."""
    groups = grouped(REPLIES.read_text("utf-8"))
    keys = [key for _, keys in groups for key in keys]

    assert sorted(keys) == sorted(loaded.pack.replies)
    assert len(groups) > 5
    assert all(title for title, _ in groups)


def test_a_key_before_the_first_comment_is_kept() -> None:
    """No sentence is lost for want of a heading."""
    assert grouped('frame: "{text}"\n\n# a step\nnext: "Next."\n') == [
        ("a step", ["next"]),
        ("The frame of every other sentence", ["frame"]),
    ]


def test_the_table_has_every_state_and_every_command(made: dict[str, str]) -> None:
    """A mark for each legal pair, and none more."""
    text = made["states.md"]
    rows = re.findall(r"^\| (?:\*\*)?([a-z ]+?)(?:\*\*)? \|((?:●?\|)+)$", text, flags=re.MULTILINE)

    assert [name for name, _ in rows] == [spaced(intent.value) for intent in Intent]
    assert sum(marks.count("●") for _, marks in rows) == sum(len(row) for row in TABLE.values())
    assert all(f"### {spaced(kind.__name__)}\n" in text for kind in TABLE)


def rows_of(text: str, state: str) -> dict[str, str]:
    """Return a state's successors, and the commands that lead there, as in the document."""
    part = text.partition(f"### {state}\n")[2].partition("\n###")[0]
    found: dict[str, str] = {}
    for after, by in re.findall(r"^\| ([a-z ]+) \| (.+) \|$", part, flags=re.MULTILINE)[1:]:
        found[after] = f"{found[after]} {by}" if after in found else by
    return found


def test_the_walk_meets_every_state(made: dict[str, str]) -> None:
    """Each state is reached, and left again by something; after the goodbye the walk is at its end."""
    kinds = {spaced(kind.__name__) for kind in TABLE} - {"left"}
    reached = {after for kind in kinds for after in rows_of(made["states.md"], kind)}

    assert reached == kinds - {"opening"} | {END}
    assert all(rows_of(made["states.md"], kind) for kind in kinds)


def test_the_walk_shows_what_the_table_promises(made: dict[str, str]) -> None:
    """Pain, danger, the count's end, the pause and its end lead where they must."""
    counting, paused = rows_of(made["states.md"], "counting"), rows_of(made["states.md"], "paused")

    assert "pain" in counting["pain hold"].split(", ")
    assert set(counting["ended urgent"].split(", ")) == {"emergency", "red flag"}
    assert "the count ends" in counting["finished"]
    assert {"stop", "pause"} <= set(counting["paused"].split(", "))
    assert "resume" in paused["leading"]


def test_nothing_leads_out_of_danger_but_the_end(made: dict[str, str]) -> None:
    """After a red flag nothing is resumed; a wrong answer of the safety check is taken back by these words only."""
    ways = rows_of(made["states.md"], "ended urgent")

    assert {END: ways.pop(END), **ways}.keys() == {END, "screening"}
    assert ways == {"screening": "change answer"}


def test_the_picture_is_well_formed_and_names_every_state(made: dict[str, str]) -> None:
    """It can be read as XML, and each state stands in it."""
    root = ET.fromstring(made["states.svg"])
    texts = {"".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")}

    assert {spaced(kind.__name__) for kind in TABLE} <= texts


def test_shortcuts_are_not_drawn() -> None:
    """An arrow that only skips a state is left out; the way there and the way back stay."""
    way: set[Change] = {
        ("Idle", "ready", "Screening"),
        ("Screening", "no", "Rating"),
        ("Idle", "ready", "Rating"),
        ("Rating", "stop", "Idle"),
    }

    svg = as_svg(way, ["Idle", "Screening", "Rating"])

    assert svg.count('<path d="M') == 3 + 1  # and the tip of the arrows


def test_what_many_states_share_is_told_in_words(loaded) -> None:
    """A pause from six states is no arrow."""
    way: set[Change] = {(f"State{i}", "pause", "Paused") for i in range(6)} | {("Idle", "sleep", "Asleep")}

    assert everywhere(way) == [("pause", "Paused", 6)]


def test_every_safety_word_is_legal_wherever_a_row_is() -> None:
    """The table that the documents show lacks no safety command."""
    assert [kind.__name__ for kind, row in TABLE.items() if row and not row.keys() >= SAFETY] == []
