"""`tuina hear --why`: the reason of every refusal, of recordings of people and machines and of typed lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.terminal.app import app

SPEECH = Path(__file__).parent.parent / "data" / "speech"
ROWS = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def clip(name: str) -> Path:
    return next(SPEECH / row["file"] for row in ROWS if row["file"].endswith(f"{name}.flac"))


def hear(*words: object) -> list[str]:
    done = CliRunner().invoke(app, ["hear", *map(str, words)])
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def reasons(*words: object) -> list[dict]:
    return [json.loads(line)["why"] for line in hear("--json", "--why", *words)]


def test_a_recording_that_is_refused_tells_its_bar_and_its_rival() -> None:
    """A machine's "finished" is too near to "finish", which ends the session."""
    (why,) = reasons(clip("cmd029"))

    assert (why["text"], why["rival"]) == ("finished", "finish")
    assert [bar["rule"] for bar in why["bars"]] == ["ahead"]
    assert why["bars"][0]["needs"] == 4.5
    assert why["bars"][0]["lacks"] == pytest.approx(4.5 - why["bars"][0]["had"], abs=0.01)
    assert "nats short of the lead that it needs over every other command" in why["sentence"]


def test_talk_is_refused_by_every_bar_that_it_misses() -> None:
    """A sentence of conversation is far from its nearest command, in several ways."""
    (why,) = reasons(clip("neg014"))

    assert [bar["rule"] for bar in why["bars"]] == ["misfit", "over_loop_long"]
    assert why["bars"][0]["lacks"] > why["bars"][1]["lacks"] > 1.0


def test_what_is_refused_and_what_has_a_reason_is_the_same() -> None:
    """Of every second clip of the manifest: accepted, or refused with a reason; never both, never neither."""
    files = [SPEECH / row["file"] for row in ROWS[::2]]

    heard = [json.loads(line) for line in hear("--json", "--why", *files)]

    assert sum(one["accepted"] for one in heard) > 10
    assert sum(one["why"] is not None for one in heard) > 10
    assert [one for one in heard if one["accepted"] != (one["why"] is None)] == []


def test_a_typed_line_is_understood_or_refused_with_a_reason() -> None:
    """Without any recording, and without an ear."""
    lines = hear("--why", "--typed", "go to step nien", "--typed", "next")

    told = [line for line in lines if "was refused" in line]
    assert told == [
        "typed 'go to step nien': 'go to step nine' was refused: the number 'nine' stands in only one of the two"
    ]
    assert any("accepted" in line for line in lines)


def test_a_command_that_is_not_legal_in_the_state_says_so() -> None:
    """With the state that was asked for."""
    (why,) = reasons("--state", "counting", "--typed", "ready")

    assert [bar["rule"] for bar in why["bars"]] == ["not_legal"]


def test_without_why_nothing_is_said_of_it() -> None:
    """The lines for other programs keep their keys."""
    keys = set(json.loads(hear("--json", "--typed", "stp")[0]))

    assert keys == {"file", "at_s", "end_s", "text", "intent", "asked", "slots", "score", "accepted"}
    assert not [line for line in hear("--typed", "stp") if "refused" in line]


def test_nothing_to_hear_is_an_error() -> None:
    """The usage error of the command line, with what to give."""
    done = CliRunner().invoke(app, ["hear", "--why"])

    assert done.exit_code == 2
    assert "--typed" in done.output
