"""`tuina check`: one validator for every file; every problem names its file, line and remedy."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.errors import UnknownName
from assistant.store.library.catalogue import home_folder
from assistant.terminal.app import app
from assistant.terminal.check.files import check_all, check_path

ROUTINE = (
    "id: {id}\nwords:\n  en:\n    title: A routine\n    spoken_names: [{name}]\nsteps:\n  - technique: {technique}\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of our files, to be broken."""
    for part in ("grammars", "routines"):
        shutil.copytree(home_folder() / part, tmp_path / "home" / part)
    return tmp_path / "home"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1))


def told(home: Path) -> list[str]:
    return [str(problem).replace(f"{home}/", "") for problem in check_all(home=home).problems]


def test_our_files_are_all_good() -> None:
    """The shipped files have no problem, and the summary counts them."""
    checked = check_all()

    assert checked.problems == ()
    assert checked.summary().startswith("8 techniques, 4 routines, 73 commands, 2,")
    assert checked.summary().endswith(" phrases: all good")


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("commands/next", "- next [please]", "- next [please", "'next [please' is not a sentence template"),
        ("commands/next", "- next [please]", "- next {nothing}", "the list 'nothing', which is not known"),
        ("commands/next", "- next [please]", "- next <nothing>", "the rule <nothing>, which is not known"),
        ("commands/next", "- next [please]", "- next [please]\n  - stop", "'stop' already means stop, here next"),
        ("commands/next", "{say: next}", "{say: and now}", "the example 'and now' means nothing, not next"),
        ("commands/next", "{say: next}", "{say: stop}", "the example 'stop' means stop, not next"),
        ("commands/next", "near_misses:", "near_misses:\n  - next", "the near miss 'next' is understood as next"),
        ("commands/rate_pain", "{say: four, slots: {number: 4}}", "{say: four, slots: {number: 14}}", "is more than"),
        ("wishes", "openers:", "openers:\n  - (broken", "'(broken' is not a sentence template"),
        ("commands/go_to", "{number: 5}", "{number: 6}", "means go_to {number: 5}, not go_to {number: 6}"),
        ("lists", "body_part:", "nobody:\n  words: [x, y]\nbody_part:", "no sentence uses the list 'nobody'"),
        ("lists", "numbers: [1,", "numbers: [121,", "the number 121 is not in numbers.yaml"),
        ("lists", "words: [legs", "numbers: [1]\n  words: [legs", "a list has exactly one of"),
        ("language", "rules:", "rules:\n  spare: a", "no sentence uses the rule <spare>"),
        ("language", "code: en", "code: de", "the code 'de' stands in the folder 'en'"),
        ("numbers", "7: seven\n", "", "1 of the numbers 0 to 120 are missing, first 7"),
        ("replies", "line:", "extra: This is safe.\nline:", "'extra': this says 'safe'"),
        ("replies", "line:", 'extra: "{a.b} and so on."\nline:', "'extra': a placeholder is not plain"),
        ("replies", "line:", 'extra: "{a!r}."\nline:', "'extra': a placeholder is not plain"),
        ("replies", "line:", "extra: Ten of 12.\nline:", "'extra': a voice cannot say '1', '2'"),
        ("replies", "line:", f"extra: {'word ' * 23}end.\nline:", "one breath holds 22"),
    ],
)
def test_what_only_the_whole_can_show_is_told(home: Path, file: str, old: str, new: str, expected: str) -> None:
    """Each slip in a grammar is told where it stands."""
    path = home / "grammars/en" / f"{file}.yaml"
    edit(path, old, new)

    problems = told(home)

    assert any(one.startswith(f"grammars/en/{file}.yaml") and expected in one for one in problems), problems


def test_every_problem_comes_at_once(home: Path) -> None:
    """Slips in three files are three problems in one round, in the order of the files."""
    edit(home / "grammars/en/commands/next.yaml", "- next [please]", "- next [please]\n  - stop")
    edit(home / "grammars/en/commands/help.yaml", "near_misses:", "near_misses:\n  - help")
    edit(home / "grammars/en/replies.yaml", 'goodbye: "Goodbye."', "goodbye: Push through.")

    problems = told(home)

    assert [problem.split(":")[0] for problem in problems] == [
        "grammars/en/commands/help.yaml",
        "grammars/en/commands/next.yaml",
        "grammars/en/replies.yaml",
    ]


def test_a_persons_name_that_sounds_like_a_command_is_told(tmp_path: Path) -> None:
    """Going to step five and to a technique of that name would be one sentence."""
    text = (home_folder() / "routines/techniques/back-pound.yaml").read_text("utf-8")
    text = text.replace("id: back-pound", "id: mine").replace(
        "back pound, back pounding, pound the lower back", "step five"
    )
    text = re.sub(r"descriptions: \[[^]]*\]", "descriptions: [my own way]", text)
    (tmp_path / "techniques").mkdir()
    (tmp_path / "techniques/mine.yaml").write_text(text)

    problems = [str(problem) for problem in check_all(user_folder=tmp_path).problems]

    assert any("'go to step five' already means go_to {number: 5}" in problem for problem in problems)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("techniques/leg-pinch", "[pinch,", "[pinch, kidneys,", "'kidneys' already means 'kidney-point'"),
        ("techniques/leg-pinch", "[pinch,", "[pinch, pinch,", "the description 'pinch' stands here twice"),
        ("techniques/leg-pinch", "[pinch,", "[pinch, kidney pinch,", None),
        ("techniques/leg-pinch", "[pinch,", "[pinch, pinching kidneys life,", None),
        ("legs", "[leg day,", "[leg day, bedtime,", "'bedtime' already means 'full'"),
    ],
)
def test_a_description_that_two_things_share_is_told(home: Path, file: str, old: str, new: str, expected: str) -> None:
    """Free text could not tell them apart; a longer description may hold another one's words."""
    edit(home / "routines" / f"{file}.yaml", old, new)

    problems = told(home)

    ours = [one for one in problems if one.startswith(f"routines/{file}.yaml")]
    assert any(expected in one for one in ours) if expected else ours == []


def test_one_file_is_checked_by_itself(tmp_path: Path) -> None:
    """Problems of its neighbours are not told; a file that is not there is an error."""
    (tmp_path / "good.yaml").write_text(ROUTINE.format(id="good", name="good", technique="leg-pinch"))
    (tmp_path / "bad.yaml").write_text(ROUTINE.format(id="bad", name="bad", technique="leg-pinc"))

    assert check_path(tmp_path / "good.yaml").problems == ()
    assert len(check_path(tmp_path / "bad.yaml").problems) == 1
    assert len(check_path(tmp_path).problems) == 1
    assert check_path(home_folder() / "routines/full.yaml").problems == ()
    with pytest.raises(UnknownName, match="no such file"):
        check_path(tmp_path / "none.yaml")


def test_the_command_ends_with_1_where_something_is_wrong(tmp_path: Path) -> None:
    """Each problem is a line that editors can jump to, then the summary."""
    (tmp_path / "bad.yaml").write_text(ROUTINE.format(id="bad", name="bad", technique="leg-pinc"))

    good = CliRunner().invoke(app, ["check"], env={"TUINA_HOME": str(tmp_path / "nobody")})
    bad = CliRunner().invoke(app, ["check"], env={"TUINA_HOME": str(tmp_path)})

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "all good" in good.output
    assert "bad.yaml:7: steps.0.technique 'leg-pinc' is not known" in bad.output
    assert ": 1 problem, " in bad.output


def test_the_list_shows_steps_minutes_and_names(tmp_path: Path) -> None:
    """Ours and the person's, with how to ask for them."""
    (tmp_path / "mine.yaml").write_text(ROUTINE.format(id="mine", name="morning", technique="leg-pinch"))

    shown = CliRunner().invoke(app, ["list"], env={"TUINA_HOME": str(tmp_path), "COLUMNS": "140"})

    assert shown.exit_code == 0
    for part in ("full", "evening", "13 min", "1. the Gate of Life", "mine (yours)", "morning", "tuina start NAME"):
        assert part in shown.output
