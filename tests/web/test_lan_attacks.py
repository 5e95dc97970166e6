"""Attacks on a running `tuina serve --lan`, while a paired device leads a count: refused, and the count goes on."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from assistant.web.close_codes import CODE_SPENT, UNPAIRED
from assistant.web.lan_socket import LONGEST_S, MOST_OPEN_EACH
from tests.rigs.not_tested import not_tested
from tests.web.desk import ROOT, SOON_S, tuina_serves
from tests.web.lan_device import ELSEWHERE, HERE, LanDevice, code_of, refusal

CONNECTIONS = 1_000
HTML = "<img src=x onerror=alert(1)>"
LONG = """
id: patient
words: {en: {title: Patient routine, spoken_names: [patient]}}
steps: [{technique: gate-of-life, repetitions: 60, tempo_bpm: 24}]
"""  # two and a half minutes
BAD = LONG.replace("patient", "bad").replace("Patient routine", f'"{HTML}"')
TEN_MB = "x" * 10_000_000


class Count:
    """A paired device that leads a count, and everything that it was told."""

    def __init__(self, page):
        self.page = page
        self.counts = []

    def until(self, **wanted):
        while True:
            message = json.loads(self.page.recv(timeout=SOON_S))
            found = {**message, **message.get("scene", {})}
            if "scene" in message and found["state"] == "counting":
                self.counts.append(found["count"])
            if all(found.get(key) == value for key, value in wanted.items()):
                return found

    def goes_on(self):
        """True when two more numbers were counted, and none was left out since the beginning."""
        begun = self.counts[-1] if self.counts else 0
        while self.counts[-1:] != [begun + 2]:
            self.until(state="counting")
        counted = list(dict.fromkeys(self.counts))
        return counted == list(range(counted[0], counted[-1] + 1))

    def say(self, text):
        self.page.send(json.dumps({"say": text}))


@pytest.fixture(scope="module")
def home(settled, tmp_path_factory):
    """A running server of somebody who passed the safety check today; a device of the network leads a count."""
    folder = tmp_path_factory.mktemp("home")
    settled(folder)
    (folder / "routines").mkdir()
    (folder / "routines" / "patient.yaml").write_text(LONG, encoding="utf-8")
    (folder / "routines" / "bad.yaml").write_text(BAD, encoding="utf-8")
    with tuina_serves(folder, "--lan", "--address", HERE) as served:
        served.invitation = served.printed("Its address: ").split()[-1]
        served.folder = folder
        leader = LanDevice(served.invitation, folder / "lan" / "certificate.pem")
        with leader.paired(served.invitation) as page:
            served.leader, served.count = leader, Count(page)
            served.count.until(run="waiting")
            page.send('{"begin": "patient"}')
            served.count.until(state="offered", routine="Patient routine")
            served.count.say("start")
            served.count.until(state="instructing")
            served.count.say("ready")
            served.count.until(state="counting", count=2)
            yield served


@pytest.fixture
def attacker(home):
    """A device that knows the address, and comes from another one."""
    if sys.platform != "linux":
        not_tested("other systems have only one loopback address", only_on_linux=True)
    return LanDevice(home.invitation, home.folder / "lan" / "certificate.pem", at=ELSEWHERE)


def test_what_proves_nothing_is_refused(home, attacker):
    """No token, a wrong one, a pairing code that was used, another Origin, another Host, and a path that leads out."""
    for hello, code in (
        ({"say": "stop"}, UNPAIRED),
        ({"token": "a" * 43}, UNPAIRED),
        ({"pair": code_of(home.invitation)}, CODE_SPENT),
    ):
        with attacker.open(hello) as page:
            assert refusal(page) == code
    for how in ({"origin": "https://evil.example"}, {"additional_headers": {"Host": "evil.example"}}):
        with pytest.raises(InvalidHandshake), attacker.open(**how):
            pass
    for path in ("/history.json", "/../server.py", "/%2e%2e/%2e%2e/etc/passwd"):
        assert attacker.get(path)[0] in {401, 404}

    assert home.count.goes_on()


@pytest.mark.parametrize("paired", [False, True], ids=["unpaired", "paired"])
def test_a_frame_of_ten_megabytes_is_not_read(home, attacker, paired):
    """It is refused by its length, from a stranger and from a device that was let in."""
    attacker.token = home.leader.token if paired else "a" * 43
    with attacker.open("" if not paired else None) as page:
        assert ending(page, TEN_MB) in {1009, None}

    assert home.count.goes_on()


def ending(page, message):
    """Send, and read on to the end; its code, or None where the socket was cut."""
    try:
        page.send(message)
        while True:
            page.recv(timeout=SOON_S)
    except ConnectionClosed as ended:
        return ended.rcvd.code if ended.rcvd else None


def test_a_thousand_connections_are_closed_and_another_device_gets_in(home, attacker):
    """The attacker holds 24 at most; meanwhile a device at another address opens the page."""
    with ExitStack() as held:
        flood = [held.enter_context(attacker.tcp()) for _ in range(CONNECTIONS)]
        until_s = time.monotonic() + SOON_S
        open_ones = flood
        while len(open_ones) > MOST_OPEN_EACH and time.monotonic() < until_s:
            open_ones = [one for one in open_ones if is_open(one)]
        assert len(open_ones) <= MOST_OPEN_EACH

        with home.leader.open() as page:
            assert json.loads(page.recv(timeout=SOON_S)) == {"paired": True}
        assert home.count.goes_on()


def is_open(connection):
    """False where the other side closed it."""
    connection.settimeout(0)
    try:
        return bool(connection.recv(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False


def test_those_who_talk_slowly_are_ended(home, attacker):
    """As many as get in: they never finish a header or a handshake, and after half a minute they are gone."""
    with ExitStack() as held:
        slow = []
        while len(slow) < 3:
            try:
                slow.append(held.enter_context(attacker.tls()))
            except OSError:  # the pace of this address is used up by the test before
                time.sleep(0.2)
        slow.append(held.enter_context(attacker.tcp()))
        began_s = time.monotonic()
        while slow and time.monotonic() - began_s < LONGEST_S + SOON_S:
            slow = [one for one in slow if drips(one)]
            home.count.until(event="due", tag="beat")
        assert slow == []
    assert home.count.goes_on()


def drips(connection):
    """Send one more byte; false where the other side ended it."""
    try:
        connection.settimeout(1)
        connection.sendall(b"\x16" if type(connection) is socket.socket else b"G")
    except OSError:
        return False
    return is_open(connection)


def test_html_in_a_routines_name_reaches_no_page(home):
    """Its file is refused, since no voice can say it; the page's own tests show that a name would be shown as text."""
    status, body = home.leader.get("/library.json")

    assert status == 200
    assert "patient" in {one["id"] for one in json.loads(body)["routines"]}
    assert b"<" not in body


def test_after_all_of_it_the_session_obeys_and_who_is_forgotten_is_out(home):
    """Stop stops; then the command of another terminal shuts the device out while its session runs."""
    home.count.say("stop")
    assert home.count.until(state="paused")["count"] >= 2
    words = [sys.executable, "-m", "assistant", "serve", "--forget-devices"]
    environment = {**os.environ, "TUINA_HOME": str(home.folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=SOON_S, check=True)

    assert "No device is paired." in done.stdout
    with pytest.raises(ConnectionClosed) as ended:
        home.count.until(state="never")
    assert ended.value.rcvd.code == UNPAIRED
