"""The reader of files: every broken file is told with its line, and never stops what came with us."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from assistant.errors import BadFiles, UnknownName
from assistant.store.library import load
from assistant.store.library.catalogue import Catalogue, home_folder
from assistant.store.library.yaml_file import MOST_BYTES, parse, read

BROKEN = Path(__file__).parents[2] / "data" / "broken"
OURS = {"full", "lower-back", "legs", "five-minutes"}
MUTANTS = 300
ODD = [*"\t\x00{}[]|>%'\"\u202eé", "&a ", "*a ", "!!x ", "? ", ": ", "- ", "---\n"]


def users_routine(**changes: str) -> str:
    """A valid routine of a person, with some lines changed."""
    lines = {"id": "mine", "title": "My routine", "names": "[mine]", "technique": "leg-pinch", **changes}
    return (
        f"id: {lines['id']}\nwords:\n  en:\n    title: {lines['title']}\n    spoken_names: {lines['names']}\n"
        f"steps:\n  - technique: {lines['technique']}\n"
    )


def copied_home(folder: Path) -> Path:
    """A copy of our own files, to be broken."""
    for part in ("grammars", "routines"):
        shutil.copytree(home_folder() / part, folder / part)
    return folder


@pytest.mark.parametrize("path", sorted(BROKEN.rglob("*.yaml")), ids=lambda path: path.stem)
def test_a_broken_file_is_told_and_left_out(path: Path, tmp_path: Path) -> None:
    """Each expectation that the file names comes as a problem with path and line, and the rest works."""
    expected = re.findall(r"^# expect: (.*)$", path.read_text("utf-8"), re.MULTILINE)
    folder = tmp_path / path.parent.name
    folder.mkdir()
    shutil.copy(path, folder)

    loaded = load(user_folder=tmp_path)

    told = [str(problem) for problem in loaded.problems]
    assert expected
    for text in expected:
        assert any(text in one for one in told), told
    assert all(problem.path.endswith(path.name) and problem.remedy for problem in loaded.problems)
    assert set(loaded.library.routines) == OURS
    assert len(loaded.library.techniques) == 8


def test_problems_name_the_line() -> None:
    """A wrong value is told with the line it stands in."""
    with pytest.raises(BadFiles) as caught:
        parse("id: x\nwords:\n  en:\n    title: a\n    title: b\n", "x.yaml")

    assert [problem.line for problem in caught.value.problems] == [5]


def test_a_good_routine_of_a_person_joins_ours(tmp_path: Path) -> None:
    """A valid file is there, marked as the person's, and can be said."""
    (tmp_path / "mine.yaml").write_text(users_routine())

    loaded = load(user_folder=tmp_path)

    assert loaded.problems == ()
    assert loaded.library.routines["mine"].is_users
    assert not loaded.library.routines["full"].is_users
    assert "mine" in [value.say for value in loaded.pack.lists["routine"]]


def test_a_persons_technique_serves_a_persons_routine(tmp_path: Path) -> None:
    """A routine may use a technique from the same folder."""
    (tmp_path / "techniques").mkdir()
    (tmp_path / "routines").mkdir()
    text = (home_folder() / "routines/techniques/back-pound.yaml").read_text("utf-8")
    text = text.replace("id: back-pound", "id: my-pound").replace(
        "[back pound, back pounding, pound the", "[my pound, the"
    )
    (tmp_path / "techniques/my-pound.yaml").write_text(text)
    (tmp_path / "routines/mine.yaml").write_text(users_routine(technique="my-pound"))

    loaded = load(user_folder=tmp_path)

    assert loaded.problems == ()
    assert loaded.library.routines["mine"].steps[0].technique == "my-pound"


def test_a_missing_folder_of_the_person_is_no_problem(tmp_path: Path) -> None:
    """Most people have no files of their own."""
    assert load(user_folder=tmp_path / "nowhere").problems == ()


def test_settings_beside_the_routines_are_not_a_routine(tmp_path: Path) -> None:
    """The person's settings live in the same folder."""
    (tmp_path / "settings.yaml").write_text("voice: silent\n")

    assert load(user_folder=tmp_path).problems == ()


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A link may not reach a file outside of the person's folder."""
    outside = tmp_path / "outside.yaml"
    outside.write_text(users_routine(id="linked"))
    inside = tmp_path / "mine"
    inside.mkdir()
    (inside / "linked.yaml").symlink_to(outside)
    (inside / "circle.yaml").symlink_to(inside / "circle.yaml")

    loaded = load(user_folder=inside)

    assert len(loaded.problems) == 2
    assert any("the link leads out of its folder" in str(problem) for problem in loaded.problems)
    assert set(loaded.library.routines) == OURS


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    """A megabyte is not a routine."""
    (tmp_path / "large.yaml").write_text(users_routine(id="large") + "#" * 1_000_000)

    told = load(user_folder=tmp_path).problems

    assert [f"larger than {MOST_BYTES // 1024} KB" in problem.what for problem in told] == [True]


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, a folder named like a file, and another ending are told, each once."""
    (tmp_path / "bytes.yaml").write_bytes(b"id: x\ntitle: \xff\xfe\n")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "ending.yml").write_text(users_routine(id="ending"))

    told = {Path(problem.path).name: problem for problem in load(user_folder=tmp_path).problems}

    assert told["bytes.yaml"].line == 2
    assert set(told) == {"bytes.yaml", "folder.yaml", "ending.yml"}


def test_thousands_of_names_do_not_fill_the_ear(tmp_path: Path) -> None:
    """Spoken names of a person's files are limited, since each becomes several phrases."""
    for i in range(80):
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{i:02}")
        names = ", ".join(f"{letters} {word}" for word in ("one", "two", "three", "four", "five", "six"))
        (tmp_path / f"r{i}.yaml").write_text(users_routine(id=f"r{i}", names=f"[{names}]"))

    loaded = load(user_folder=tmp_path)

    assert len(loaded.library.routines) == len(OURS) + 50
    assert "more than 300 spoken names" in str(loaded.problems[0])


def test_the_first_of_two_persons_files_keeps_a_name(tmp_path: Path) -> None:
    """Two files of the person cannot share an id."""
    (tmp_path / "routines").mkdir()
    (tmp_path / "mine.yaml").write_text(users_routine())
    (tmp_path / "routines/mine.yaml").write_text(users_routine())

    loaded = load(user_folder=tmp_path)

    assert "mine" in loaded.library.routines
    assert any("the id 'mine' is already taken" in problem.what for problem in loaded.problems)


def test_an_unknown_language_is_told_with_those_there_are() -> None:
    """The error names the languages that exist, and a path is not a language."""
    for language in ("xx", "../en", "en/", ""):
        with pytest.raises(UnknownName, match="Languages: en"):
            load(language)


def test_our_own_broken_files_raise_all_problems_at_once(tmp_path: Path) -> None:
    """Faults in our own files are all reported in one error, whatever folder they are in."""
    home = copied_home(tmp_path)
    (home / "routines/full.yaml").write_text("id: full\nid: full\n")
    (home / "grammars/en/lists.yaml").write_text("side:\n  wordz: [left]\n")
    (home / "grammars/en/commands/stop.yaml").unlink()
    (home / "grammars/en/commands/stopp.yaml").write_text("intent: stop\n")
    (home / "grammars/en/commands/next.yaml").write_text("intent: stop\nsentences: [next]\nexamples: [{say: next}]\n")

    with pytest.raises(BadFiles) as caught:
        load(home=home)

    told = str(caught.value)
    for part in (
        "full.yaml:2: the key 'id'",
        "'wordz' is not known",
        "the intent 'stop' has no sentence in this language",
    ):
        assert part in told
    for part in ("stopp.yaml: there is no such intent", "next.yaml:1: 'near_misses' is missing"):
        assert part in told


@pytest.mark.parametrize("said", ["no", "yes", "on", "off", "1:30", "010", "0x1F", "1e3", ".inf", "2001-01-01", "<<"])
def test_a_plain_word_stays_what_is_written(said: str) -> None:
    """Nothing turns into a boolean, a time, an octal number, a date or a merge."""
    assert parse(f"{said}: {said}", "x.yaml").value == {said: said}


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null"])
def test_a_missing_value_is_told(nothing: str) -> None:
    """A key without a value is a slip, not an empty text."""
    with pytest.raises(BadFiles) as caught:
        parse(f"key: {nothing}", "x.yaml")

    assert caught.value.problems[0].what == "the value is missing"


def test_numbers_and_truth_are_kept() -> None:
    """Whole decimal numbers are numbers, true and false are themselves, and quotes make text."""
    assert parse("[5, -3, true, false, '5', \"true\"]", "x.yaml").value == (5, -3, True, False, "5", "true")


def test_mutants_of_our_files_never_raise(tmp_path: Path) -> None:
    """Whatever a slip of the keyboard makes of a file, it is either valid or told as a problem with a path."""
    dice = random.Random(20_240_601)
    pack = load().pack
    sources = sorted((home_folder() / "routines").rglob("*.yaml"))
    told = 0

    for i in range(MUTANTS):
        source = dice.choice(sources)
        kind = "technique" if source.parent.name == "techniques" else "routine"
        path = tmp_path / source.name
        path.write_text(_mutant(source.read_text("utf-8"), dice), encoding="utf-8")
        catalogue = Catalogue("en", pack)
        getattr(catalogue, kind)(path, tmp_path, is_users=bool(i % 2))
        assert all(problem.path and problem.remedy for problem in catalogue.problems)
        told += bool(catalogue.problems)

    assert told > MUTANTS / 2


def _mutant(text: str, dice: random.Random) -> str:
    """One to four slips: something deleted, doubled, swapped or put in."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(text))
        to = min(len(text), at + dice.randint(1, 30))
        text = dice.choice(
            [
                text[:at] + text[to:],
                text[:to] + text[at:],
                text[:at] + dice.choice(ODD) + text[at:],
                text[:at] + text[at:to][::-1] + text[to:],
            ]
        )
    return text


def test_a_document_knows_the_line_of_what_is_inside() -> None:
    """Places that do not exist fall back to the nearest place around them."""
    document = read(home_folder() / "routines/techniques/gate-of-life.yaml", root=home_folder())

    whole, deep, unknown = (
        document.line(()),
        document.line(("words", "en", "name")),
        document.line(("words", "en", "zz")),
    )

    assert whole < unknown < deep
