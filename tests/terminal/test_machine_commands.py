"""`tuina models` and `tuina doctor` as a person runs them, on whatever machine this is."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from assistant.errors import NetworkError, UnknownName
from assistant.terminal.app import app


@pytest.fixture
def tuina(tmp_path, monkeypatch):
    """Runs the command in a home of its own."""
    monkeypatch.setenv("TUINA_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, words)


def test_models_are_listed_with_their_place(tuina, tmp_path):
    """Name, size, licence, whether it is installed, and the folder."""
    result = tuina("models", "list")

    assert result.exit_code == 0
    assert "vosk-model-small-en-us-0.15" in result.output
    assert "41 MB" in result.output
    assert "Apache-2.0" in result.output
    assert str(tmp_path / "models") in result.output


def test_a_damaged_model_is_listed_as_damaged(tuina, tmp_path):
    """A folder that was not installed by us is not passed off as a model."""
    (tmp_path / "models" / "vosk-model-small-en-us-0.15").mkdir(parents=True)

    assert "damaged" in tuina("models", "list").output


def test_an_unknown_model_is_refused(tuina):
    """The error is of the family, so that the app prints it and exits with 1."""
    result = tuina("models", "get", "vosk-model-klingon")

    assert isinstance(result.exception, UnknownName)


def test_a_wrong_zip_is_refused_and_nothing_is_installed(tuina, tmp_path):
    """A file given by hand is checked like a download."""
    (tmp_path / "my.zip").write_bytes(b"something else")

    result = tuina("models", "get", "vosk-model-small-en-us-0.15", "--from", str(tmp_path / "my.zip"))

    assert isinstance(result.exception, NetworkError)
    assert list((tmp_path / "models").iterdir()) == []


def test_the_doctor_finds_that_a_session_can_run_here(tuina):
    """With or without sound devices: the voice speaks, the ear hears what it said, the files are whole."""
    result = tuina("doctor", "--json")

    found = {finding["part"]: finding for finding in map(json.loads, result.output.splitlines())}
    assert result.exit_code == 0
    devices = ["microphone", "speaker", "voice", "echo"]
    stored = ["settings", "emergency", "running", "disk", "journal", "screen", "keyboard"]
    assert list(found) == ["python", *stored, "files", *devices, "engine", "rehearsed", "models"]
    assert {
        part for part in ("python", "files", "voice", "engine", "models") if found[part]["verdict"] != "good"
    } == set()
    assert all(finding["remedy"] for finding in found.values() if finding["verdict"] != "good")


def test_the_doctor_says_when_the_ear_that_was_asked_for_is_missing(tuina):
    """Without a fetched model there is no Vosk; typed commands still make a session."""
    result = tuina("doctor", "--engine", "vosk", "--voice", "silent")

    assert result.exit_code == 0
    assert "no Vosk model" in result.output
    assert "tuina models list" in result.output
    assert "A session can run." in result.output
