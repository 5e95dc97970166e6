"""Names of rooms: part of an address and of a path."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import TuinaError
from assistant.store.settings import folders_in
from assistant.terminal.rooms.names import MOST_ROOMS, proxied_host, room_names


def test_a_number_makes_so_many_rooms_and_names_make_theirs():
    """Rooms of a number are named by numbers, too."""
    assert room_names("3") == ("1", "2", "3")
    assert room_names("garden, lake-2") == ("garden", "lake-2")
    assert len(room_names(str(MOST_ROOMS))) == MOST_ROOMS


BAD = ("", "0", "-1", "33", "9" * 5000, "a,a", "a,", "../up", "A", "a/b", "é", "-a", "a" * 25)


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_name_is_refused(text):
    """Nothing that leads out of a folder, nothing that is there twice, and not too many."""
    with pytest.raises(TuinaError):
        room_names(text)


def test_a_room_has_its_own_journal_and_shares_models_and_clips():
    """Its folders lie in those of the house."""
    house = folders_in(Path("/home/house"))
    room = house.room("lake")

    assert room.journal == Path("/home/house/rooms/lake/journal.db")
    assert room.lan == Path("/home/house/rooms/lake/lan")
    assert (room.models, room.clips) == (house.models, house.clips)


def test_a_room_behind_a_proxy_has_a_name_of_its_own():
    """Two rooms of one name would be one page to a browser, and anything else is no name."""
    assert proxied_host("{room}.clinic.example", "lake") == "lake.clinic.example"
    assert proxied_host("{room}.clinic.example:8443", "lake") == "lake.clinic.example:8443"
    for bad in ("clinic.example", "{room}.clinic.example/path", "https://{room}", "{room}..example"):
        with pytest.raises(TuinaError):
            proxied_host(bad, "lake")
