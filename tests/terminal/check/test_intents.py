"""A command that is only half there: without a row in the table, a sentence, or a reply; and replies for nobody."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from assistant.messages import Intent
from assistant.respond.states import Counting, Paused
from assistant.respond.transitions import TABLE
from assistant.store.library import Loaded, load
from assistant.store.library.catalogue import home_folder
from assistant.terminal.check import files, intents
from assistant.terminal.check.files import check_all
from assistant.terminal.check.intents import without_reply, without_row


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load()


def code(text: str) -> dict[str, ast.Module]:
    """One file that speaks, beside all that there are: no reply of ours is left unused by it."""
    return {**intents.replies.sources(), "assistant/respond/new.py": ast.parse(text)}


def test_every_intent_is_legal_somewhere() -> None:
    """Whoever adds an intent also adds a row: else nobody could ever use it."""
    assert [str(problem) for problem in without_row()] == []


def test_every_reply_that_is_named_has_a_sentence_and_every_sentence_is_said(loaded: Loaded) -> None:
    """Handlers name no reply that is missing, and the file holds none for nobody."""
    assert [str(problem) for problem in without_reply(loaded)] == []


@pytest.fixture
def without_slower(monkeypatch: pytest.MonkeyPatch) -> Intent:
    """A table in which "slower" stands in no row, as after a new intent was added."""
    table = {kind: {one: do for one, do in row.items() if one is not Intent.SLOWER} for kind, row in TABLE.items()}
    monkeypatch.setattr(files, "without_row", lambda: without_row(table))
    return Intent.SLOWER


def test_the_check_tells_an_intent_that_is_legal_nowhere(without_slower: Intent) -> None:
    """With the file where rows stand, and what to add to it."""
    (problem,) = check_all().problems

    assert problem.path.endswith("respond/transitions.py")
    assert problem.what == "the intent 'slower' is legal in none of the 27 states"
    assert "Add a row 'Intent.SLOWER: <handler>'" in problem.remedy


def test_one_row_is_enough() -> None:
    """An intent that a single state obeys is not told."""
    only = {Counting: {Intent.SLOWER: TABLE[Counting][Intent.SLOWER]}, Paused: {}}

    assert [*without_row(only, [Intent.SLOWER])] == []
    assert len([*without_row(only, [Intent.FASTER])]) == 1


def test_an_intent_without_a_file_of_sentences_is_told_with_its_name(tmp_path: Path, without_slower: Intent) -> None:
    """Beside what else it lacks, in one round."""
    for part in ("grammars", "routines"):
        shutil.copytree(home_folder() / part, tmp_path / part)
    (tmp_path / "grammars/en/commands/slower.yaml").unlink()

    told = [str(problem) for problem in check_all(home=tmp_path).problems]

    assert len(told) == 2
    assert any(
        "the intent 'slower' has no sentence in this language. Write commands/slower.yaml" in one for one in told
    )
    assert any("legal in none of the 27 states" in one for one in told)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ('line("not_written")', "the reply 'not_written'"),
        ('line("paused" if is_held else "not_written")', "the reply 'not_written'"),
        ('Say(utterance=1, reply="not_written")', "the reply 'not_written'"),
        ('line(f"not_written_{state}")', "the reply 'not_written_…'"),
    ],
)
def test_a_reply_that_no_language_has_is_told_where_it_is_named(call: str, told: str, loaded: Loaded) -> None:
    """File and line of the handler, and the file where the sentence belongs."""
    (problem,) = without_reply(loaded, code(f"\n{call}\n"))

    assert (problem.path, problem.line) == ("assistant/respond/new.py", 2)
    assert told in problem.what
    assert "grammars/en/replies.yaml" in problem.what


@pytest.mark.parametrize("call", ['line("paused")', 'line(f"help_{state}_more")', "line(reply)", 'line(f"{reply}_1")'])
def test_what_is_there_or_known_only_at_run_time_is_not_told(call: str, loaded: Loaded) -> None:
    """A key that is written out, a family with members, and a key that comes from elsewhere."""
    assert [*without_reply(loaded, code(call))] == []


def test_a_reply_for_nobody_is_told(tmp_path: Path) -> None:
    """With its line in the file; a member of a family that is said is no such reply."""
    for part in ("grammars", "routines"):
        shutil.copytree(home_folder() / part, tmp_path / part)
    path = tmp_path / "grammars/en/replies.yaml"
    path.write_text('extra: "Nobody says this."\nhelp_extra: "A state may."\n' + path.read_text("utf-8"), "utf-8")

    (problem,) = check_all(home=tmp_path).problems

    assert problem.what == "nobody says the reply 'extra'"
    assert problem.line == 1
