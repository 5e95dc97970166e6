"""The network's side of a room: the house's certificate, devices of its own, and a proxy that may stand before it."""

from __future__ import annotations

import pytest

from assistant.web.lan import Lan
from tests.web.desk import serving
from tests.web.lan_device import HERE, LanDevice

PROXIED = "lake.clinic.example"


@pytest.fixture
def room(loaded, tmp_path):
    """A room of a house, served; and a device that is paired with it."""
    lan = Lan(tmp_path / "house", [HERE], 0, print, devices=tmp_path / "room", host=PROXIED)
    with serving(loaded, lan):
        device = LanDevice(lan.addresses[0], tmp_path / "house" / "certificate.pem")
        with device.paired(lan.invite().address):
            pass
        yield lan, device
    lan.close()


def test_a_room_lets_its_own_devices_in(room, tmp_path):
    """A device of another room is a stranger here."""
    lan, _ = room

    assert len(lan.devices.all()) == 1
    assert len(list((tmp_path / "room" / "devices").iterdir())) == 1
    assert not (tmp_path / "house" / "devices").exists()


def test_a_page_that_comes_through_the_proxy_is_let_in_and_a_foreign_one_is_not(room):
    """The name of the room counts as its address does, for both checks; the invitation leads there."""
    lan, device = room
    ours, evil = f"https://{PROXIED}", "https://evil.example"
    told = [device.get("/library.json", Host=PROXIED, Origin=origin)[0] for origin in (ours, evil, f"http://{PROXIED}")]

    assert told == [200, 403, 403]
    assert device.get("/library.json", Host="garden.clinic.example")[0] == 403
    assert lan.invite().address.startswith(f"{ours}/#pair=")
