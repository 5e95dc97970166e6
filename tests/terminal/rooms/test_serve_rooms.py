"""`tuina serve --rooms` on the command line, as far as it opens nothing."""

from __future__ import annotations

import sys
from datetime import datetime, timezone

import pytest
from pydantic import SecretStr

from assistant.errors import MissingExtra
from assistant.store.paired_devices import PairedDevices
from assistant.store.settings import Settings, folders_in
from assistant.terminal.rooms.open_house import _database

REFUSED = (
    (("--rooms", "0"), 1, "so many rooms cannot be opened"),
    (("--rooms", "a/b"), 1, "no name of a room"),
    (("--rooms", "2", "--mic", "x"), 2, "hears and speaks through its browser"),
    (("--rooms", "2", "--proxy-host", "{room}.example"), 2, "your network can reach"),
    (("--lan", "--proxy-host", "{room}.example"), 2, "your network can reach"),
    (("--rooms", "a,b", "--forget-device", "Chrome"), 2, "name the one room"),
)


@pytest.mark.parametrize(
    ("words", "code", "told"), REFUSED, ids=lambda one: " ".join(one) if type(one) is tuple else ""
)
def test_what_cannot_be_is_refused_in_words(tuina, words, code, told):
    """Before a port is opened or a file is loaded."""
    done = tuina("serve", "--no-open", *words)

    assert done.code == code
    assert told in " ".join(done.words.replace("│", " ").split())


def test_each_room_lists_and_forgets_its_own_devices(tuina, tmp_path):
    """Two rooms have one device each; one of them is shut out, and the other stays."""
    house = folders_in(tmp_path / "home")
    for name in ("lake", "garden"):
        PairedDevices(house.room(name).lan).add("Chrome on Android", datetime.now(timezone.utc))
    listed = tuina("serve", "--rooms", "lake,garden", "--devices")
    forgot = tuina("serve", "--rooms", "lake", "--forget-device", "Chrome on Android")

    assert listed.words.count("Chrome on Android, since") == 2
    assert "Room lake:" in listed.words
    assert "Shut out" in forgot.words
    assert [len(PairedDevices(house.room(name).lan).all()) for name in ("lake", "garden")] == [0, 1]


@pytest.mark.parametrize("package", ["psycopg", "sqlalchemy"])
def test_a_database_needs_its_packages(monkeypatch, package):
    """It says what to install, before anything is opened; without a database nothing is loaded."""
    loaded = [name for name in sys.modules if ".postgres_" in name or name.endswith(".rooms.lead")]
    for name in loaded:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)

    assert _database(Settings()) is None
    with pytest.raises(MissingExtra, match=f"the package {package}") as missing:
        _database(Settings(journal=SecretStr("postgresql://127.0.0.1/clinic")))
    assert "tuina[rooms]" in missing.value.remedy
