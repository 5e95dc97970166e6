"""Words that an ear cannot hear, or hears badly, are named with their place and an alternative."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.errors import EngineError
from assistant.messages import Intent
from assistant.store.library.catalogue import home_folder
from assistant.terminal.app import app
from assistant.terminal.check.engines import ears
from assistant.terminal.check.files import check_all, check_path
from assistant.terminal.check.words import EarAnswers
from assistant.wire import engine_table

ROUTINE = (
    "id: mine\nwords:\n  en:\n    title: A routine\n    spoken_names: [calm, {name}]\n"
    "steps:\n  - technique: leg-pinch\n"
)


def deaf_to(*words: str, is_strict: bool = False) -> EarAnswers:
    """An ear that knows every word but these."""

    def unknown(phrases):
        said = {word for phrase in phrases for word in phrase.text.split()}
        return tuple(word for word in words if word in said)

    return EarAnswers(name="the ear", unknown=unknown, is_strict=is_strict)


def bad_at(**reasons: str) -> EarAnswers:
    return EarAnswers(name="the ear", unknown=lambda _: (), hard=lambda _: tuple(reasons.items()))


def test_each_unknown_word_is_told_at_its_sentence_with_another_one():
    """A command that can still be given is a warning, since that ear leaves only this sentence out."""
    checked = check_all(ears=(deaf_to("ouch", "pardon"),))

    told = [str(one) for one in checked.warnings]
    assert checked.problems == ()
    assert len(told) == 2
    assert told[0].endswith(
        "pain.yaml:4: the ear does not know 'ouch' in 'ouch'. Say 'ow' instead, which can be heard."
    )
    assert "repeat.yaml:" in told[1]
    assert checked.summary().endswith(": all good, 2 warnings")


def test_a_word_without_which_nothing_can_be_said_is_a_problem(loaded):
    """No sentence of the command is left."""
    words = {word for phrase in loaded.phrases if phrase.intent is Intent.UNDO for word in phrase.text.split()}

    problems = [str(one) for one in check_all(ears=(deaf_to(*sorted(words)),)).problems]

    assert any("undo.yaml:5: the ear does not know 'undo' in 'undo'. Use another word" in one for one in problems)


def test_one_word_is_a_problem_for_an_ear_that_then_refuses_all(loaded):
    """The phonetic engine does not begin with a word that has no pronunciation."""
    checked = check_all(ears=(deaf_to("pardon", is_strict=True),))

    (problem,) = checked.problems
    assert problem.what.startswith("the ear does not know 'pardon'")
    assert checked.warnings == ()


def test_no_way_that_is_proposed_holds_another_word_that_cannot_be_heard(loaded):
    """It is a sentence of the same command."""
    words = ("ouch", "hurts", "hurt")
    (warning,) = [one for one in check_all(ears=(deaf_to(*words),)).warnings if "'ouch'" in one.what]

    proposed = warning.remedy.split("'")[1]
    assert not set(words) & set(proposed.split())
    assert [one.intent for one in loaded.phrases if one.text == proposed] == [Intent.PAIN]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("evning", "Call it 'evening', the nearest word that can be heard, or write it as it is said"),
        ("xyzzyx", "Write it as it is said"),
    ],
)
def test_a_persons_name_is_told_in_the_persons_file(tmp_path: Path, name, remedy):
    """At the line of the name, with the nearest word that this ear knows."""
    (tmp_path / "mine.yaml").write_text(ROUTINE.format(name=name))

    (problem,) = check_path(tmp_path / "mine.yaml", ears=(deaf_to(name),)).problems

    assert str(problem).startswith(f"{tmp_path / 'mine.yaml'}:5: the ear does not know '{name}'")
    assert problem.remedy == remedy


def test_a_word_that_is_heard_badly_is_a_warning_with_its_reason():
    """Nothing fails because of it."""
    ear = bad_at(ow="it is a single sound: choose a longer word", eight="it sounds like 'ate': choose another word")

    checked = check_all(ears=(ear,))

    told = [str(one) for one in checked.warnings]
    assert checked.problems == ()
    assert told[0].endswith("pain.yaml:4: the ear hears 'ow' badly: it is a single sound. 'ouch' is heard better.")
    assert told[1].endswith("the ear hears 'eight' badly: it sounds like 'ate'. Choose another word.")


def test_only_what_stands_in_the_file_is_told_of_it(tmp_path: Path):
    """Warnings of its neighbours are not."""
    (tmp_path / "mine.yaml").write_text(ROUTINE.format(name="quiet"))
    ear = bad_at(ow="it is a single sound: choose a longer word")

    ours = check_path(home_folder() / "grammars/en/commands/pain.yaml", ears=(ear,))
    theirs = check_path(tmp_path / "mine.yaml", ears=(ear,))

    assert (len(ours.warnings), len(theirs.warnings)) == (1, 0)


class TestEars:
    def test_the_phonetic_ear_is_asked_and_knows_every_word_of_ours(self, tmp_path: Path):
        """A word of ours that it hears badly is a warning, and no problem."""
        with ears("en", tmp_path) as (found, missing):
            checked = check_all(ears=found)

        assert [one.name for one in found] == ["the phonetic engine"]
        assert missing == ()
        assert checked.problems == ()
        assert any("'ow' badly" in one.what for one in checked.warnings)

    def test_an_installed_model_is_asked_too_and_its_process_ended(self, tmp_path: Path, monkeypatch):
        """It costs memory, and a model takes two seconds to load."""
        asked = Lent()
        monkeypatch.setattr(engine_table, "installed_model", lambda *_: tmp_path / "vosk-small")
        monkeypatch.setitem(engine_table.ENGINES, "vosk", replace(engine_table.ENGINES["vosk"], make=lambda _: asked))

        with ears("xx", tmp_path) as (found, _):
            names = [one.name for one in found]
            was_closed = asked.is_closed

        assert not was_closed
        assert names == ["Vosk (vosk-small)"]
        assert asked.is_closed

    def test_a_model_that_does_not_load_is_told(self, tmp_path: Path, monkeypatch):
        """The other ears are asked all the same."""
        monkeypatch.setattr(engine_table, "installed_model", lambda *_: tmp_path / "vosk-small")
        monkeypatch.setitem(
            engine_table.ENGINES,
            "vosk",
            replace(engine_table.ENGINES["vosk"], make=lambda _: Lent(EngineError("damaged", remedy="fetch it again"))),
        )

        with ears("en", tmp_path) as (found, missing):
            names = [one.name for one in found]

        assert names == ["the phonetic engine"]
        assert [str(one) for one in missing] == [f"{tmp_path / 'vosk-small'}: damaged. fetch it again."]


class Lent:
    """An engine that is asked for unknown words only."""

    def __init__(self, error: EngineError | None = None) -> None:
        self.error, self.is_closed = error, False

    def unknown_words(self, phrases):
        if self.error:
            raise self.error
        return ()

    def close(self):
        self.is_closed = True


def test_the_command_tells_warnings_and_ends_well(tmp_path: Path):
    """A word that is heard badly does not fail a check."""
    shown = CliRunner().invoke(app, ["check"], env={"TUINA_HOME": str(tmp_path)})

    assert shown.exit_code == 0
    assert "the phonetic engine hears 'ow' badly: it is a single sound" in shown.output
    assert "(warning)" in shown.output
    assert ": all good, " in shown.output
