"""settings.yaml after a change: the new value, and every other letter as it was."""

from __future__ import annotations

import os

import pytest

from assistant.errors import BadFiles, TuinaError
from assistant.store.change_settings import change_settings
from assistant.store.settings import folders_in, resolve

MINE = "# mine\nlanguage: en\nemergency_number: 911 # as at home\nnight: true"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.yaml"


def test_a_file_that_is_not_there_is_begun(path):
    """It holds the change, is read as any settings.yaml, and its owner alone can read it."""
    change_settings(path, {"emergency_number": "000"})

    assert path.read_text() == 'emergency_number: "000"\n'
    assert resolve(folders_in(path.parent), {}, {})[0].emergency_number == "000"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_every_other_letter_stays(path):
    """Comments, the order, the ends of lines; what is new comes last, what is taken out is gone."""
    path.write_bytes(MINE.replace("\n", "\r\n").encode())
    change_settings(path, {"emergency_number": "112", "person": "anna"})

    told = '# mine\nlanguage: en\nemergency_number: "112" # as at home\nnight: true\nperson: "anna"\n'
    assert path.read_bytes() == told.replace("\n", "\r\n").encode()
    change_settings(path, {"person": None, "emergency_number": None})
    assert path.read_bytes() == b"# mine\r\nlanguage: en\r\nnight: true\r\n"


@pytest.mark.parametrize("text", ["", "# notes only\n"])
def test_a_file_that_says_nothing_takes_a_change(path, text):
    """Its notes stay; so they do when the change is taken back."""
    path.write_text(text)
    change_settings(path, {"person": "anna"})
    assert path.read_text() == text + 'person: "anna"\n'

    change_settings(path, {"person": None})
    assert (path.read_text() if path.exists() else "") == text
    assert resolve(folders_in(path.parent), {}, {})[1] == ()


@pytest.mark.parametrize("changes", [{"emergency_number": "1 12"}, {"speech_rate": 60}, {"shoe_size": 42}])
def test_a_bad_value_changes_nothing(path, changes):
    """It is named, beside a good one too."""
    path.write_text(MINE)

    with pytest.raises(BadFiles, match=next(iter(changes))):
        change_settings(path, {"person": "anna", **changes})
    assert path.read_text() == MINE


@pytest.mark.parametrize("text", ["night: perhaps\n", "night: [\n", "- night\n", "shoe_size: 42\n"])
def test_a_file_that_is_broken_is_told_and_stays(path, text):
    """Whoever wrote it mends it."""
    path.write_text(text)

    with pytest.raises(BadFiles):
        change_settings(path, {"person": "anna"})
    assert path.read_text() == text


@pytest.mark.parametrize("text", ["{night: true, person: bob}\n", "person:\n  bob\n", "person: 'bob\n  the second'\n"])
def test_what_is_not_one_line_is_left_to_its_owner(path, text):
    """The line to write is named."""
    path.write_text(text)

    with pytest.raises(TuinaError, match="by hand: person: anna"):
        change_settings(path, {"person": "anna"})
    assert path.read_text() == text


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_a_file_behind_a_link_is_changed_there(path, tmp_path):
    """The link stays one."""
    (tmp_path / "elsewhere").mkdir()
    there = tmp_path / "elsewhere" / "mine.yaml"
    there.write_text("night: true\n")
    path.symlink_to(there)
    change_settings(path, {"person": "anna"})

    assert path.is_symlink()
    assert there.read_text() == 'night: true\nperson: "anna"\n'


def test_a_folder_that_refuses_is_told(tmp_path):
    """With the reason, and what to do."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(TuinaError, match=r"cannot be written: .*permissions"):
        change_settings(tmp_path / "file" / "settings.yaml", {"person": "anna"})
