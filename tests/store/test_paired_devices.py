"""The files of paired devices: a token is never in them, and whoever is forgotten is known no more."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant.errors import JournalError, TuinaError, UnknownName
from assistant.store.paired_devices import MOST_DEVICES, PairedDevices

NOW = datetime(2026, 12, 1, tzinfo=timezone.utc)


def test_a_device_is_known_by_its_token_only(tmp_path):
    """The file holds a name and a date, is named by a hash, and is private."""
    devices = PairedDevices(tmp_path)
    later = devices.add("Firefox on Linux", NOW + timedelta(hours=1))
    token = devices.add("Chrome on Android", NOW)
    files = list(devices.folder.iterdir())

    assert all(map(devices.knows, (token, later)))
    assert not any(map(devices.knows, ("", "x", token[:-1], "../x", "\ud800")))
    assert [one.name for one in devices.all()] == ["Chrome on Android", "Firefox on Linux"]
    assert not any(token in one.read_text() + one.name for one in files)
    if os.name == "posix":
        assert {one.stat().st_mode & 0o777 for one in files} == {0o600}


def test_who_is_forgotten_is_known_no_more(tmp_path):
    """By every object at once, with damaged files and what a crash left; the second time there is nothing to do."""
    devices, other = PairedDevices(tmp_path), PairedDevices(tmp_path)
    token = devices.add("Chrome on Android", NOW)
    (devices.folder / "damaged.json").write_text("{")
    (devices.folder / "x.part").write_text("half")
    other.forget_all()
    other.forget_all()

    assert not devices.knows(token)
    assert list(devices.folder.iterdir()) == []


def test_one_device_is_forgotten_by_its_name_or_its_line(tmp_path):
    """The others stay; of two with one name the line tells which."""
    devices = PairedDevices(tmp_path)
    names = ("Chrome on Android", "Chrome on Android", "Firefox on Linux")
    first, second, third = (devices.add(name, NOW + timedelta(hours=n)) for n, name in enumerate(names))

    assert devices.forget(" firefox  on linux ").name == "Firefox on Linux"
    assert [devices.knows(one) for one in (first, second, third)] == [True, True, False]
    with pytest.raises(UnknownName, match="2 devices are 'Chrome on Android'") as refused:
        devices.forget("Chrome on Android")
    assert all(one.label in str(refused.value) for one in devices.all())
    devices.forget(devices.all()[1].label)
    assert [devices.knows(one) for one in (first, second)] == [True, False]


@pytest.mark.parametrize("name", ["Chrome", "", "*", "../x", "Safari on iPhone"])
def test_a_device_that_is_not_there_is_told_with_those_that_are(tmp_path, name):
    """Half a name is no name: nobody is shut out by mistake."""
    devices = PairedDevices(tmp_path)
    with pytest.raises(UnknownName, match="None is paired"):
        devices.forget(name)
    token = devices.add("Chrome on Android", NOW)

    with pytest.raises(
        UnknownName, match=f"no paired device is '{re.escape(name)}'. Give one of: Chrome on Android, since"
    ):
        devices.forget(name)
    assert devices.knows(token)


def test_devices_of_one_second_cannot_be_told_apart(tmp_path):
    """That is said, with what to do."""
    devices = PairedDevices(tmp_path)
    devices.add("Chrome on Android", NOW)
    devices.add("Chrome on Android", NOW + timedelta(milliseconds=1))

    with pytest.raises(UnknownName, match="cannot be told apart.*--forget-devices"):
        devices.forget(devices.all()[0].label)
    assert len(devices.all()) == 2


def test_a_damaged_file_is_told_where_devices_are_listed(tmp_path):
    """With its path, and how to be rid of it."""
    devices = PairedDevices(tmp_path)
    devices.add("Chrome on Android", NOW)
    (devices.folder / "damaged.json").write_text("{")

    with pytest.raises(TuinaError, match=r"damaged\.json: .*--forget-devices"):
        devices.all()


def test_there_is_room_for_sixteen(tmp_path):
    """The next one is told what to do."""
    devices = PairedDevices(tmp_path)
    for _ in range(MOST_DEVICES):
        devices.add("Chrome on Android", NOW)

    with pytest.raises(TuinaError, match="16 devices are paired already"):
        devices.add("one more", NOW)


def test_a_folder_that_refuses_is_told(tmp_path):
    """A device that cannot be kept is not paired."""
    (tmp_path / "devices").write_text("a file in the way")

    with pytest.raises(TuinaError, match="cannot be written"):
        PairedDevices(tmp_path).add("Chrome on Android", NOW)


def test_a_disk_that_does_not_tell_forgets_nobody(tmp_path, monkeypatch):
    """That is an error, and not the answer of a token that is unknown."""
    devices = PairedDevices(tmp_path)
    token = devices.add("Chrome on Android", NOW)

    def refuses(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuses)
    with pytest.raises(PermissionError):
        devices.knows(token)


def test_one_file_that_stays_keeps_no_other(tmp_path):
    """A folder in the place of a file cannot be deleted so: that is told after the others are gone."""
    devices = PairedDevices(tmp_path)
    tokens = [devices.add("Chrome on Android", NOW) for _ in range(8)]
    for n in range(4):
        (devices.folder / f"{n}.json").mkdir()

    with pytest.raises(JournalError, match="cannot be deleted"):
        devices.forget_all()

    assert not any(map(devices.knows, tokens))


def test_a_device_that_is_forgotten_meanwhile_is_not_listed(tmp_path, monkeypatch):
    """Another process may forget between the list of the files and their reading."""
    devices = PairedDevices(tmp_path)
    devices.add("Chrome on Android", NOW)
    listed = list(devices.folder.glob("*.json"))
    monkeypatch.setattr(Path, "glob", lambda *_: iter([*listed, devices.folder / "gone.json"]))

    assert [one.name for one in devices.all()] == ["Chrome on Android"]
