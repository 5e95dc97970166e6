"""A real server on a real socket with TLS: a paired device is let in, everything else is refused and told nothing."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import ssl
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from assistant.errors import TuinaError
from assistant.store import paired_devices
from assistant.web import lan_socket
from assistant.web.close_codes import CODE_SPENT, NO_ROOM, UNPAIRED
from tests.web.desk import SOON_S, page_at
from tests.web.lan_device import HERE, code_of, refusal

PRIVATE = ("/library.json", "/history.json", "/drawings/kidney-point-right.svg")
SHELL = ("/", "/index.html", "/main.js", "/pair.js", "/page.css", "/drawings.css")
PHONE = "Mozilla/5.0 (Linux; Android 16; <b>x</b>) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"


def test_a_device_is_paired_once_and_then_known_by_its_token(home):
    """Its presses arrive, it sees what is told, and next time it needs no code."""
    device = home.device()
    with device.paired(home.invite()) as page:
        page.send('{"say": "stop"}')
        assert home.desk.lines.get(timeout=SOON_S) == "stop"
    with device.open() as page:
        assert json.loads(page.recv(timeout=SOON_S)) == {"paired": True}
        home.desk.pages.publish("note", '{"note": "hello"}')
        assert json.loads(page.recv(timeout=SOON_S)) == {"note": "hello"}

    assert [device.get(path)[0] for path in (*PRIVATE, *SHELL)] == [200] * 9
    assert device.get("/invitation", "POST", Origin=device.address)[0] in {404, 405}


def test_an_unpaired_device_reads_the_shell_and_nothing_else(home):
    """No routine, no history, no drawing, no message; and no path leads out of the list."""
    stranger = home.device()
    home.desk.pages.publish("scene", '{"scene": {}}')
    stranger.token = "a" * 43
    tokens = ("", "a" * 43, "é", "../x", "x" * 5000)

    assert [stranger.get(path)[0] for path in SHELL] == [200] * len(SHELL)
    for token in tokens[:2]:
        stranger.token = token
        assert [stranger.get(path) for path in PRIVATE] == [(401, b"this device is not paired")] * 3
    for path in ("/../server.py", "/%2e%2e/server.py", "//etc/passwd", "/drawings/..%2f..%2fx.svg", "/\\..\\x"):
        assert stranger.get(path)[0] in {401, 404}
    for token in tokens[1:]:
        with stranger.open({"token": token}) as page:
            assert refusal(page) in ({1009, None} if len(token) > 4_096 else {UNPAIRED})
    assert home.desk.changes.empty()


@pytest.mark.parametrize(
    "hello", [{"say": "stop"}, {"begin": "full"}, {}, [], {"pair": "A", "token": "B"}, {"pair": 3}], ids=json.dumps
)
def test_a_first_message_that_proves_nothing_is_refused(home, hello):
    """A press before the proof presses nothing."""
    with home.device().open(hello) as page:
        assert refusal(page) == UNPAIRED
    assert home.desk.lines.empty()
    assert home.desk.changes.empty()


def test_a_pairing_code_that_was_used_is_worth_nothing(home):
    """The second device is refused and told why; the terminal is told of both."""
    invitation = home.invite()
    with home.device().paired(invitation), home.device().open({"pair": code_of(invitation)}) as replay:
        assert refusal(replay) == CODE_SPENT
    with home.device().open({"pair": "ABCD-EFGH-JKMN"}) as guess:
        assert refusal(guess) == CODE_SPENT

    assert home.told[0].startswith("Paired: a browser on an unknown system, 127.0.0.1.")
    assert "spent, too old or wrong" in home.told[1]
    assert len(home.lan.devices.all()) == 1


def test_what_a_stranger_sends_is_not_shown(home):
    """A device is named in words of ours, made of its browser's; wrong codes cannot flood the terminal."""
    with home.device().open({"pair": code_of(home.invite())}, user_agent_header=PHONE) as page:
        page.recv(timeout=SOON_S)
    for _ in range(6):
        with home.device().open({"pair": "x"}) as page:
            assert refusal(page) == CODE_SPENT

    assert home.told[0].startswith("Paired: Chrome on Android, 127.0.0.1.")
    assert len(home.told) == 4


def test_a_device_that_is_forgotten_is_shut_out_at_once(home, phone):
    """Another process, or "forget me", deletes its file: its open socket ends, and its token is worth nothing."""
    with phone.open() as page:
        page.recv(timeout=SOON_S)
        paired_devices.PairedDevices(home.lan.devices.folder.parent).forget_all()
        assert refusal(page) == UNPAIRED
    with phone.open() as page:
        assert refusal(page) == UNPAIRED

    assert phone.get("/history.json")[0] == 401


def test_one_device_that_is_forgotten_shuts_out_no_other(home, phone):
    """By its name, in another process: its open socket ends, and the other device's goes on."""
    invited = {"pair": code_of(home.invite())}
    with home.device().open(invited, user_agent_header=PHONE) as other, phone.open() as page:
        assert other.recv(timeout=SOON_S) != page.recv(timeout=SOON_S)
        paired_devices.PairedDevices(home.lan.devices.folder.parent).forget("A browser on an unknown system")
        assert refusal(page) == UNPAIRED
        home.desk.pages.publish("", '{"note": "hello"}')
        assert other.recv(timeout=SOON_S) == '{"note": "hello"}'
    assert phone.get("/history.json")[0] == 401


def test_the_seventeenth_device_is_told_that_there_is_no_room(home, monkeypatch):
    """Nobody fills the disk with devices."""
    monkeypatch.setattr(paired_devices, "MOST_DEVICES", 1)
    with home.device().paired(home.invite()), home.device().open({"pair": code_of(home.invite())}) as page:
        assert refusal(page) == NO_ROOM
    assert "--forget-devices" in home.told[-1]


@pytest.mark.parametrize(
    "how",
    [
        {"origin": None},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http"},
        {"additional_headers": {"Host": "evil.example"}},
    ],
)
def test_a_foreign_socket_is_refused_before_it_opens(home, phone, how):
    """Another page of the same phone may know the address, and even the token."""
    if how.get("origin") == "http":
        how = {"origin": phone.address.replace("https", "http")}
    with pytest.raises((InvalidHandshake, OSError)) as refused, phone.open(**how):
        pass  # the answer may be lost where the connection is closed behind it

    if isinstance(refused.value, InvalidStatus):
        assert refused.value.response.status_code in {400, 403}
    assert phone.get("/library.json", Host="evil.example")[0] == 403
    assert phone.get("/library.json", Origin="https://evil.example")[0] == 403


def test_only_a_page_of_this_machine_can_invite(home, phone):
    """Its POST names its Origin; a request without one, or with another, makes no code."""
    place = home.desk.server.address.rstrip("/")

    def asked(method="POST", **headers):
        connection = http.client.HTTPConnection(place.removeprefix("http://"), timeout=SOON_S)
        connection.request(method, "/invitation", headers=headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    status, body = asked(Origin=place)
    told = json.loads(body)
    assert status == 200
    assert told["qr"].startswith("<svg")
    assert told["fingerprint"] == home.lan.certificate.fingerprint
    assert len(told["paired"]) == 1
    with home.device().paired(told["address"]):
        pass
    assert [asked()[0], asked(Origin="http://evil.example")[0], asked("GET", Origin=place)[0]] == [404, 403, 404]


def test_what_is_served_is_the_certificate_whose_fingerprint_is_shown(home):
    """With TLS 1.2 or newer, and of 1.2 no old ciphers (CBC); plain HTTP gets no answer."""
    device = home.device()
    with device.tls() as connection:
        served = hashlib.sha256(connection.getpeercert(binary_form=True)).hexdigest().upper()
        assert served == home.lan.certificate.fingerprint.replace(":", "")
        assert connection.version() in {"TLSv1.2", "TLSv1.3"}
    old = ssl.create_default_context(cafile=home.lan.certificate.path)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    old.set_ciphers("ECDHE+AES:!AESGCM:!AESCCM")
    with (
        pytest.raises((ssl.SSLError, ConnectionError)),
        device.tcp() as weak,
        old.wrap_socket(weak, server_hostname=HERE),
    ):
        pass
    with device.tcp() as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in received(plain)


def received(connection):
    """Everything up to the end of a connection, however it ends."""
    found = b""
    try:
        while part := connection.recv(4096):
            found += part
    except OSError:
        return found
    return found


def is_ended_while_it_drips(connection):
    """Send a byte ten times a second until the other side has had enough."""
    connection.settimeout(0.1)
    until_s = time.monotonic() + SOON_S
    while time.monotonic() < until_s:
        try:
            connection.sendall(b"x")
            if not connection.recv(1):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_who_talks_slowly_is_ended_and_a_paired_device_is_not(home, phone, monkeypatch):
    """A handshake that never comes, a header a byte at a time, and a socket without a first message."""
    with phone.open() as page, home.device().open("") as mute:
        page.recv(timeout=SOON_S)
        silent, slow = phone.tcp(), phone.tls()
        slow.sendall(b"GET / HTTP/1.1\r\nX: ")
        monkeypatch.setattr(lan_socket, "LONGEST_S", 0.0)  # now, when all of them have come on however busy a machine
        assert is_ended_while_it_drips(slow)
        assert received(silent) == b""
        with pytest.raises(ConnectionClosed):
            mute.recv(timeout=SOON_S)
        page.send('{"say": "pause"}')
        assert home.desk.lines.get(timeout=SOON_S) == "pause"
        silent.close()
        slow.close()


def test_the_page_of_this_machine_needs_no_pairing(home):
    """There, all is as it was before."""
    with page_at(home.desk.server.address) as page:
        page.send('{"say": "pause"}')
        assert home.desk.lines.get(timeout=SOON_S) == "pause"


def test_an_address_in_use_is_told(home):
    """With what to do."""
    port = home.lan.sockets[0].getsockname()[1]
    with pytest.raises(TuinaError, match=rf"127\.0\.0\.1:{port}: .*--address"):
        lan_socket.listen(HERE, port, lan_socket.Connections())
    assert home.lan.sockets[0].family == socket.AF_INET
