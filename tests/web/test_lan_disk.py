"""A slow network, and a disk that is slow, damaged or silent: a paired device keeps its token, and others go on."""

from __future__ import annotations

import http.client
import json
import threading

from assistant.web import lan_gate
from assistant.web.close_codes import COME_AGAIN
from tests.web.desk import SOON_S, page_at
from tests.web.lan_device import code_of, refusal


def test_a_slow_disk_holds_up_no_other_page(home, monkeypatch):
    """While one device is being written the loop goes on: it carries the sound of a session."""
    written, add = threading.Event(), home.lan.devices.add

    def slowly(name, at):
        assert written.wait(SOON_S)
        return add(name, at)

    monkeypatch.setattr(home.lan.devices, "add", slowly)
    with home.device().open({"pair": code_of(home.invite())}) as page:
        with page_at(home.desk.server.address) as other:
            other.send('{"say": "pause"}')
            assert home.desk.lines.get(timeout=5.0) == "pause"
        written.set()
        assert "token" in json.loads(page.recv(timeout=SOON_S))


def test_a_device_whose_first_message_is_late_keeps_its_token(home, phone, monkeypatch):
    """It is told to come again, and not that it is not paired."""
    monkeypatch.setattr(lan_gate, "HELLO_S", 0.1)
    with phone.open("") as page:
        assert refusal(page) == COME_AGAIN


def test_a_disk_that_does_not_tell_unpairs_nobody(home, phone, monkeypatch):
    """The socket is cut, as after any error of ours; the token is as good as before."""

    def refuses(_):
        raise PermissionError(13, "Permission denied")

    with phone.open() as page:
        page.recv(timeout=SOON_S)
        with monkeypatch.context() as broken:
            broken.setattr(home.lan.devices, "knows", refuses)
            assert refusal(page) is None
    with phone.open() as page:
        assert json.loads(page.recv(timeout=SOON_S)) == {"paired": True}


def test_where_devices_cannot_be_listed_the_page_is_told(home, phone):
    """With the damaged file; no code is made that nobody sees."""
    (home.lan.devices.folder / "damaged.json").write_text("{")
    place = home.desk.server.address.rstrip("/")
    connection = http.client.HTTPConnection(place.removeprefix("http://"), timeout=SOON_S)
    connection.request("POST", "/invitation", headers={"Origin": place})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()

    assert answer.status == 500
    assert "damaged.json" in told["problem"]
    assert home.lan._invitations._until_s == {}
