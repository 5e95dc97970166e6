"""Two houses with one PostgreSQL behind Debian's Caddy: a room survives the death of its house."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.rigs.not_tested import not_tested
from tests.rigs.postgres import postgres
from tests.rigs.two_houses import HOUSES
from tests.web.desk import ROOT, SOON_S, PageSocket

DEPLOYED = ROOT / "docs" / "several-machines"
HOST = "garden.localhost"
KEPT_EVERY = 5  # beats; docs/rooms.md promises no more than that is counted again
MISSING = "Caddy is not installed: sudo apt install caddy (scripts/set-up does it)"
OPTIONS = ("admin off", "local_certs", "skip_install_trust", "auto_https disable_redirects", "storage file_system {}")


def until(found):
    """Wait until it gives something."""
    until_s = time.monotonic() + SOON_S
    while not (result := found()):
        assert time.monotonic() < until_s
        time.sleep(0.05)
    return result


class Clinic:
    """The running houses behind Caddy."""

    def __init__(self, folder, server):
        self.folder, self.server, self.closing = folder, server, ExitStack()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.root = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    def told(self, name):
        path = self.folder / name / "out"
        return path.read_text() if path.exists() else ""

    def printed(self, name, pattern):
        return until(lambda: re.search(pattern, self.told(name)))[1]

    def caddyfile(self):
        """That of the documentation, for the room `garden` and these addresses."""
        text = (DEPLOYED / "Caddyfile").read_text()
        for old, new in zip(("192.168.1.20:8441", "192.168.1.21:8441"), self.upstreams(), strict=True):
            text = text.replace(old, new)
        text = text.replace("garden.clinic.example {\n", f"https://{HOST}:{self.port} {{\n\tbind 127.0.0.1\n")
        text = text.replace("garden.clinic.example", f"{HOST}:{self.port}")
        text = text.replace("/etc/caddy/tuina-certificates.pem", str(self.folder / "trusted.pem"))
        options = "\n".join(OPTIONS).format(self.folder / "caddy")
        return f"{{\n{options}\n}}\n" + text[: text.index("lake.clinic.example")]

    def upstreams(self):
        for name, address in HOUSES.items():
            yield f"{address}:{int(self.printed(name, r'Room garden: http://127.0.0.1:([0-9]+)/')) + 1}"

    def trust(self):
        """Write the certificates of both houses, without their keys."""
        made = [(self.folder / name / "config" / "lan" / "certificate.pem").read_text() for name in HOUSES]
        (self.folder / "trusted.pem").write_text("".join(one[one.index("-----BEGIN CERT") :] for one in made))

    def page(self, **hello):
        """A page as a paired tablet has it, and the answer to its first message; None while there is no way in."""
        trust = ssl.create_default_context(cafile=self.root)
        origin = f"https://{HOST}:{self.port}"
        try:
            opening = connect(
                f"wss://{HOST}:{self.port}/live",
                origin=origin,
                ssl=trust,
                sock=socket.create_connection(("127.0.0.1", self.port)),
                create_connection=PageSocket,
                max_queue=None,
                open_timeout=SOON_S,
            )
            page = self.closing.enter_context(opening)
            page.send(json.dumps(hello))
            return page, json.loads(page.recv(timeout=SOON_S))
        except (OSError, WebSocketException):
            return None


@pytest.fixture
def clinic(tmp_path):
    if shutil.which("caddy") is None:
        not_tested(MISSING, only_on_linux=True)
    with postgres() as server:
        made = Clinic(tmp_path, server)
        host = f"{{room}}.localhost:{made.port}"
        argv = [sys.executable, "-m", "tests.rigs.two_houses", str(tmp_path), server.address, host]
        environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(argv, cwd=tmp_path, env=environment):
            try:
                made.printed("one", "(Ctrl-C closes)")
                made.printed("other", "(Ctrl-C closes)")
                made.trust()
                (tmp_path / "Caddyfile").write_text(made.caddyfile())
                caddy = ["caddy", "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
                with (
                    (tmp_path / "caddy.log").open("w") as log,
                    subprocess.Popen(caddy, env=environment, cwd=tmp_path, stdout=log, stderr=log) as proxy,
                ):
                    try:
                        until(made.root.exists)
                        with made.closing:
                            yield made
                    finally:
                        proxy.terminate()
            finally:
                for name in HOUSES:
                    end(int(made.told(name).partition("\n")[0] or 0), signal.SIGTERM)


def end(group, how):
    if group:
        try:
            os.killpg(group, how)
        except ProcessLookupError:  # it has ended
            return


def lead(page, state, **wanted):
    """Answer what is asked, press what is due, until the session is there; return the scene, and what was asked."""
    answers = {"screening": "no", "offered": "start", "instructing": "ready", "pause_asked": "ready"}
    asked, last = [], None
    while True:
        scene = json.loads(page.recv(timeout=SOON_S)).get("scene")
        if scene is None:
            continue
        if scene["state"] == state and all(scene[key] >= least for key, least in wanted.items()):
            return scene, asked
        if scene["state"] in answers and (scene["state"], scene.get("question")) != last:
            page.send(json.dumps({"say": answers[scene["state"]]}))
        last = scene["state"], scene.get("question")
        asked.append(scene["state"])


def test_a_room_survives_the_death_of_its_house(clinic):
    """Killed in a count, all processes at once: the other house lets the same tablet in, and asks one question."""
    leader = until(lambda: next((name for name in HOUSES if "pair a device" in clinic.told(name)), None))
    (other,) = HOUSES.keys() - {leader}
    until(lambda: "This one stands by" in clinic.told(other))
    code = clinic.printed(leader, r"#pair=(\S+)")
    page, paired = until(lambda: clinic.page(pair=code))
    page.send('{"begin": "five-minutes"}')
    before, _ = lead(page, "counting", count=KEPT_EVERY + 1)

    end(int(clinic.told(leader).partition("\n")[0]), signal.SIGKILL)
    killed_s = time.monotonic()
    page, _ = until(lambda: clinic.page(token=paired["token"]))
    back_s = time.monotonic() - killed_s
    page.send('{"begin": ""}')
    offer, asked = lead(page, "resume_offer")
    page.send('{"say": "yes"}')
    after, asked_after = lead(page, "counting", count=1)

    print(f"back after {back_s:.1f} s")
    assert offer["technique"] == before["technique"]
    assert "screening" not in asked + asked_after
    assert KEPT_EVERY <= after["count"] <= before["count"] + 1
    notes = clinic.server.sql("SELECT what FROM tuina.note WHERE room = 'garden' ORDER BY number").split()
    assert notes.count("session_begun") == 2
