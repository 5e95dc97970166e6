"""Preferences from files, environment and command line; folders of the person."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import BadFiles
from assistant.store.settings import Folders, Settings, folders
from assistant.wire.preferences import resolve


@pytest.fixture
def home(tmp_path):
    return Folders(config=tmp_path, data=tmp_path, cache=tmp_path)


def write(home, text):
    (home.config / "settings.yaml").write_text(text, encoding="utf-8")


def test_without_anything_the_defaults_hold(home):
    """No file has to be written."""
    assert resolve(home, {}, {}) == (Settings(), ())


def test_the_command_line_beats_the_environment_and_the_environment_the_file(home):
    """Each may leave open what the others say."""
    write(home, "engine: vosk\nvoice: pyttsx3\nusual: legs\n")

    settings, problems = resolve(
        home,
        {"engine": "auto", "voice": None},
        {"TUINA_ENGINE": "phonetic", "TUINA_VOICE": "silent", "TUINA_USUAL": ""},
    )

    assert (settings.engine, settings.voice, settings.usual) == ("auto", "silent", "legs")
    assert problems == ()


def test_a_device_may_be_named_by_its_number(home):
    """YAML makes a number of it; it is a name all the same."""
    write(home, "microphone: 2\nspeaker: USB\n")

    settings, problems = resolve(home, {}, {})

    assert (settings.microphone, settings.speaker, problems) == ("2", "USB", ())


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("language: en\nengine: ears\n", 2, "engine: Input should be"),
        ("language: en\n\nvolume: 3\n", 3, "volume: Extra inputs"),
        ("just words\n", 1, "one setting a line"),
        ("a: b: c\n", 1, ""),
        ("engine:\n", 1, "value is missing"),
        ("engine: !!python/object:os.system x\n", 1, ""),
        ("", 0, "empty"),
    ],
)
def test_a_broken_file_is_left_out_and_told_with_its_line(home, text, line, what):
    """The defaults hold then."""
    write(home, text)

    settings, problems = resolve(home, {}, {})

    assert settings == Settings()
    assert problems[0].line == line
    assert problems[0].path.endswith("settings.yaml")
    assert what in problems[0].what
    assert problems[0].remedy


def test_a_file_that_is_no_text_is_told(home):
    """A picture, for instance."""
    (home.config / "settings.yaml").write_bytes(b"\xff\xd8\xff\xe0\x00")

    assert "UTF-8" in resolve(home, {}, {})[1][0].what


def test_a_file_may_be_a_link(home, tmp_path):
    """People keep their settings elsewhere and link to them."""
    elsewhere = tmp_path / "dotfiles"
    elsewhere.mkdir()
    (elsewhere / "tuina.yaml").write_text("usual: legs\n", encoding="utf-8")
    (home.config / "settings.yaml").symlink_to(elsewhere / "tuina.yaml")

    assert resolve(home, {}, {})[0].usual == "legs"


def test_a_bad_environment_is_an_error():
    """It belongs to the present command."""
    nowhere = Path("nowhere")

    with pytest.raises(BadFiles, match="TUINA_VOICE.*silent"):
        resolve(Folders(config=nowhere, data=nowhere, cache=nowhere), {}, {"TUINA_VOICE": "choir"})


def test_one_home_holds_everything():
    """Wherever `TUINA_HOME` points; `~` is the person's own."""
    where = folders({"TUINA_HOME": "~/massage"})

    base = Path.home() / "massage"
    assert (where.config, where.journal, where.models) == (base, base / "journal.db", base / "models")
    assert where.clips == base / "cache" / "clips"


def test_without_a_home_the_system_says_where():
    """Nothing is made by asking."""
    where = folders({})

    assert all("tuina" in str(path) for path in (where.config, where.data, where.cache))


@pytest.mark.parametrize(
    ("given", "percent"),
    [({}, 100), ({"earcons": 30}, 30), ({"night": True}, 0), ({"night": True, "earcons": 150}, 0)],
)
def test_at_night_there_are_no_signs(home, given, percent):
    """Their loudness is a setting; the night overrides it."""
    settings, _ = resolve(home, given, {})

    assert settings.sign_percent == percent


def test_signs_can_not_be_made_too_loud():
    """More than one and a half of the usual loudness is refused, with the setting's name."""
    with pytest.raises(BadFiles, match="TUINA_EARCONS"):
        resolve(folders({"TUINA_HOME": "/nowhere"}), {}, {"TUINA_EARCONS": "151"})
