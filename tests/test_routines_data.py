"""The techniques and routines that come with us: every fact of the article, none contradicted, each standing alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.durations import minutes, step_seconds
from assistant.routine import Routine, Technique
from assistant.store.library import Loaded, load
from assistant.store.library.catalogue import home_folder
from assistant.store.library.schema import build
from assistant.store.library.yaml_file import read

FOLDER = home_folder() / "routines"
SEVERAL_DOZEN = (24, 60, 36)  # the article's "several dozen": docs/safety.md, "Doses and pressure"

# id: postures, dose, sides, ends when, leg, and words of each fact of the article that the texts must hold
FACTS = {
    "gate-of-life": (
        {"stand", "sit"},
        SEVERAL_DOZEN,
        "none",
        "count",
        False,
        ["one thumb or both thumbs", "hollow", "below the second lumbar vertebra", "slightly sore", "Press and circle"],
    ),
    "kidney-point": (
        {"stand", "sit"},
        SEVERAL_DOZEN,
        "each",
        "sensation",
        False,
        [
            "{side} thumb",
            "two finger-widths",
            "second lumbar vertebra",
            "sore and a little swollen",
            "Rub",
            "sore enough",
        ],
    ),
    "lower-back-rub": (
        {"stand"},
        SEVERAL_DOZEN,
        "none",
        "sensation",
        False,
        [
            "shoulder-width",
            "fists with both hands",
            "sacrum",
            "as high as you can",
            "rather fast",
            "warm",
            "up and down",
        ],
    ),
    "buttocks-rub": (
        {"stand"},
        SEVERAL_DOZEN,
        "each",
        "sorer_side",
        False,
        [
            "base of the palm",
            "{side} buttock",
            "clockwise or counter-clockwise",
            "one side is more painful",
            "rub that side more",
        ],
    ),
    "back-to-calf-push": (
        {"lunge"},
        (4, 10, 6),
        "alternate",
        "count",
        True,
        [
            *("lunge", "left foot in front", "hands on your hips", "right palm", "thumb in front", "buttock", "thigh"),
            *("to the calf", "down", "bending to the right", "right lunge", "left palm", "bending to the left"),
        ],
    ),
    "cross-push": (
        {"stand"},
        SEVERAL_DOZEN,
        "in_turn",
        "count",
        False,
        [
            *("shoulder-width", "hands on your hips", "thumbs in front", "right palm", "from the right side"),
            *("forward, and to the left", "left palm", "from the left side", "backward, and to the right", "opposite"),
        ],
    ),
    "leg-pinch": (
        {"stand", "sit-on-bed"},
        (5, 10, 6),
        "none",
        "count",
        True,
        ["on a bed", "legs straight", "both hands", "front of the thighs", "calves", "slowly", "foot", "head up"],
    ),
    "back-pound": (
        {"stand", "sit-on-bed"},
        (20, 30, 24),
        "none",
        "count",
        False,
        ["hollow fists with both hands", "lightly", "both sides of your lower back", "top to bottom", "bottom to top"],
    ),
}


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load()


@pytest.mark.parametrize(
    "path", sorted(path for path in FOLDER.rglob("*.yaml") if path.parent.name != "safety"), ids=lambda path: path.stem
)
def test_every_file_is_valid_by_itself(path: Path) -> None:
    """Schema, limits and texts, without the rest of the library."""
    model: type[Technique | Routine] = Technique if path.parent.name == "techniques" else Routine

    assert build(read(path, root=FOLDER), model).id == path.stem


@pytest.mark.parametrize("name", FACTS)
def test_a_technique_carries_every_fact_of_the_article(name: str, loaded: Loaded) -> None:
    """Posture, hands, place, dose, sides, end and direction are those of the source."""
    postures, dose, sides, ends_when, works_on_leg, said = FACTS[name]
    technique = loaded.library.techniques[name]
    texts = " ".join(loaded.library.words(name).texts().values())

    assert set(technique.postures) == postures
    assert (technique.dose.least, technique.dose.most, technique.dose.usual) == dose
    assert (technique.sides, technique.ends_when, technique.works_on_leg) == (sides, ends_when, works_on_leg)
    assert [fact for fact in said if fact not in texts] == []
    assert "article.txt" in technique.source


@pytest.mark.parametrize("name", FACTS)
def test_a_technique_stands_alone(name: str, loaded: Loaded) -> None:
    """Nothing in it points to another technique or to something said before."""
    texts = loaded.library.words(name).texts().values()

    assert [text for text in texts if re.search(r"\b(as above|same position|previous|as before)\b", text)] == []


@pytest.mark.parametrize("name", FACTS)
def test_a_technique_permits_and_never_pushes(name: str, loaded: Loaded) -> None:
    """A caution leaves the measure to the person, and landmarks help to find the place."""
    words = loaded.library.words(name)

    assert any("comfortable" in caution for caution in words.cautions)
    assert len(words.landmarks) in {2, 3}


@pytest.mark.parametrize("name", FACTS)
def test_a_technique_can_be_counted(name: str, loaded: Loaded) -> None:
    """A repetition lasts two thirds of a second to fifteen seconds; two sides are both named."""
    technique = loaded.library.techniques[name]

    assert 60 / technique.tempo_bpm.most >= 2 / 3
    assert 60 / technique.tempo_bpm.least <= 15
    takes_both = technique.sides in {"alternate", "in_turn"}
    assert technique.cues == (("right", "left") if takes_both else technique.cues)
    assert not technique.cues or takes_both or name == "leg-pinch"


def test_there_are_the_eight_techniques_and_four_routines(loaded: Loaded) -> None:
    """The ids are part of traces and files of people: they do not change."""
    assert set(loaded.library.techniques) == set(FACTS)
    assert set(loaded.library.routines) == {"full", "lower-back", "legs", "five-minutes"}


def test_the_full_routine_keeps_the_articles_order(loaded: Loaded) -> None:
    """All eight, as the article has them."""
    assert [step.technique for step in loaded.library.routines["full"].steps] == list(FACTS)


@pytest.mark.parametrize(
    ("routine", "said"),
    [
        ("full", ["evening", "full one", "whole", "evening routine", "the full routine"]),
        ("lower-back", ["lower back", "lower-back"]),
        ("legs", ["legs", "leg routine"]),
        ("five-minutes", ["five minute", "five minutes", "quick", "short", "Five-minute routine"]),
    ],
)
def test_a_routine_is_found_by_its_names(routine: str, said: list[str], loaded: Loaded) -> None:
    """Each way that people call it."""
    assert {loaded.library.routine_called(name) for name in said} == {routine}


def test_the_routines_take_about_as_long_as_they_say(loaded: Loaded) -> None:
    """Five minutes are five, the full routine stays under twenty, and no place is worked on for too long."""
    library = loaded.library

    assert minutes(library, "five-minutes") == 5
    assert 10 <= minutes(library, "full") <= 20
    assert all(step_seconds(library, "full", step) < 180 for step in range(8))


def test_the_lower_back_routine_touches_no_leg(loaded: Loaded) -> None:
    """It is open to people whose legs must not be worked on."""
    library = loaded.library

    assert not any(library.techniques[step.technique].works_on_leg for step in library.routines["lower-back"].steps)


def test_no_text_of_ours_is_a_command(loaded: Loaded) -> None:
    """No sentence that the assistant says can be heard as "start", "next" or "it hurts"."""
    texts = [text for name in FACTS for text in loaded.library.words(name).texts().values()]

    assert [text for text in texts if re.search(r"\b(it hurts|ouch|stop|next|repeat|pause)\b", text.lower())] == []


def test_the_safety_questions_cover_every_row_of_the_table(loaded: Loaded) -> None:
    """S1 to S15 of docs/safety.md, "Questions before a session", stand in the file, and verdicts are as careful."""
    text = (FOLDER / "safety" / "screening.yaml").read_text(encoding="utf-8")
    verdicts = {question.id: question.if_yes for question in loaded.library.screening.questions}

    assert [f"S{n}" for n in range(1, 16) if f"S{n}" not in text.split("questions:")[1].replace(",", " ").split()] == []
    assert verdicts["nerves"] == verdicts["chest-accident"] == "emergency"
    assert verdicts["clot"] == "same_day"
    assert verdicts["legs"] == "no_leg"
