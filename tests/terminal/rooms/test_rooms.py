"""A house of five rooms as processes, with real pages: they share nothing that one of them could change."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from assistant.store.settings import Settings, folders_in
from assistant.terminal.rooms.warm import Warm
from tests.rigs.not_tested import not_tested
from tests.rigs.rooms import TRACE, in_samples
from tests.web.desk import ROOT, SOON_S, page_at, told

NAMES = ("samples-1", "samples-2", "live-1", "live-2", "live-3")
NO = ("no",) * 6
# At most nineteen beside the wish to begin: time in samples is faster than a page may press.
LINES = (
    *("start the short one", *NO, "ready", "how many left", "slower", "pause", "resume"),
    *("ten more", "that hurts", "undo that", "help", "bla bla", "end session"),
)


class House:
    """The running house, as browsers of its machine see it."""

    def __init__(self, process, home):
        self.process, self.home = process, home
        self.reception = self.printed("The reception: ")
        self.rooms = {name: self.printed(f"Room {name}: ") for name in NAMES}

    def printed(self, text):
        for line in self.process.stdout:
            if line.startswith(text):
                return line.split()[-1]
        raise AssertionError(text)

    def get(self, path, **headers):
        """The status, the body and the new address of one request to the reception."""
        connection = http.client.HTTPConnection(urlsplit(self.reception).netloc, timeout=SOON_S)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        found = answer.status, answer.read().decode(), answer.getheader("location")
        connection.close()
        return found

    def pid(self, name):
        return json.loads((self.home / "rooms" / name / "tuina.lock").read_text())["pid"]

    def until(self, holds):
        """Wait until the reception says so of its rooms."""
        until_s = time.monotonic() + SOON_S
        while time.monotonic() < until_s:
            if holds(json.loads(self.get("/health")[1])["rooms"]):
                return
            time.sleep(0.05)
        raise AssertionError(self.get("/health"))


class Page:
    """A page of a room, and everything that it was told of beats."""

    def __init__(self, socket):
        self.socket = socket
        self.counts, self.due_s = [], []

    def until(self, **wanted):
        while True:
            message = told(self.socket)
            found = {**message, **message.get("scene", {})}
            if "scene" in message and found["state"] == "counting":
                self.counts.append(found["count"])
            if message.get("event") == "due" and message["tag"] == "beat":
                self.due_s.append(message["at_s"])
            if all(found.get(key) == value for key, value in wanted.items()):
                return found

    def say(self, *lines):
        for line in lines:
            self.socket.send(json.dumps({"say": line}))

    @property
    def is_regular(self):
        """Every number in its turn, and no beat off its grid of time."""
        counted = list(dict.fromkeys(self.counts))
        gaps = {round(later - earlier, 3) for earlier, later in zip(self.due_s, self.due_s[1:], strict=False)}
        return counted == list(range(counted[0], counted[-1] + 1)) and len(gaps) == 1


def begin_counts(pages):
    """Begin a routine in every room, and come to its count."""
    for page in pages:
        page.until(run="waiting")
        page.socket.send('{"begin": "five-minutes"}')
    for page in pages:
        page.until(state="offered")
        page.say("start")
    for page in pages:
        page.until(state="instructing")
        page.say("ready")
    for page in pages:
        page.until(state="counting", count=2)


@pytest.fixture(scope="module")
def house(settled, tmp_path_factory):
    """Five rooms; in those by the clock somebody passed the safety check today."""
    if sys.platform != "linux":
        not_tested("rooms need Linux", only_on_linux=True)
    home = tmp_path_factory.mktemp("house")
    for name in NAMES[2:]:
        settled(home / "rooms" / name)
    argv = [sys.executable, "-m", "tests.rigs.rooms", str(home), ",".join(NAMES)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(argv, cwd=home, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield House(process, home)
        finally:
            process.terminate()
            process.communicate(timeout=SOON_S)
    assert process.returncode == 0


def test_two_rooms_give_the_trace_of_a_session_alone(house, loaded, tmp_path):
    """The same lines, pressed on two pages in turn, and typed here: the same bytes; each room keeps its own."""
    where = folders_in(tmp_path)
    settings = Settings(voice="silent", rating=False, emergency_number="112")
    in_samples(Warm(found=loaded, ear=None, voice=None), settings, where, iter(LINES))
    alone = (where.data / TRACE).read_bytes()

    with page_at(house.rooms[NAMES[0]], max_queue=None) as one, page_at(house.rooms[NAMES[1]], max_queue=None) as other:
        pages = [Page(one), Page(other)]
        for page in pages:
            page.until(run="waiting")
            page.socket.send('{"begin": ""}')
        for page in pages:
            page.until(run="running")
        for line in LINES:
            for page in pages:
                page.say(line)
        for page in pages:
            page.until(run="waiting")

    assert [(house.home / "rooms" / name / TRACE).read_bytes() for name in NAMES[:2]] == [alone, alone]


def test_a_room_that_is_killed_comes_back_with_its_place_and_the_others_miss_no_beat(house):
    """SIGKILL in the middle of a count: the page finds the room again at once, and is offered to go on."""
    with ExitStack() as closing:
        pages = [Page(closing.enter_context(page_at(house.rooms[name], max_queue=None))) for name in NAMES[2:]]
        *others, killed = pages
        begin_counts(pages)
        os.kill(house.pid(NAMES[4]), signal.SIGKILL)
        with pytest.raises(ConnectionClosed):
            killed.until(state="never")
        back = Page(closing.enter_context(page_at(house.rooms[NAMES[4]], max_queue=None)))
        back.until(run="waiting")
        back.socket.send('{"begin": ""}')
        offer = back.until(state="resume_offer")
        for page in others:
            page.until(state="counting", count=5)
        metrics = house.get("/metrics")[1].splitlines()
        others[0].say("stop")
        others[0].until(state="paused")

    assert (offer["step"], offer["of"], offer["technique"]) == (1, 24, "The Gate of Life")
    assert all(page.is_regular for page in others)
    assert [line for line in metrics if line.startswith("tuina_room_restarts_total")] == [
        *(f'tuina_room_restarts_total{{room="{name}"}} 0' for name in NAMES[:4]),
        'tuina_room_restarts_total{room="live-3"} 1',
    ]


def test_the_reception_shows_the_way_and_refuses_in_words(house):
    """A free room is shown, a taken one is not; and no foreign page gets in, also not that of another room."""
    house.until(lambda rooms: set(rooms.values()) == {"free"})
    assert house.get("/room/live-1")[::2] == (303, house.rooms["live-1"])
    assert house.get("/any")[::2] == (303, house.rooms["samples-1"])
    with ExitStack() as closing:
        for address in house.rooms.values():
            closing.enter_context(page_at(address))
        house.until(lambda rooms: set(rooms.values()) == {"taken"})
        taken, full, unknown = (house.get(path) for path in ("/room/live-1", "/any", "/room/%3Cb%3E"))

        for foreign in ("http://evil.example", house.rooms["live-2"].rstrip("/")):
            with pytest.raises(InvalidStatus):
                page_at(house.rooms["live-1"], origin=foreign)

    assert taken[0] == 409
    assert "Room live-1 is taken" in taken[1]
    assert house.rooms["live-1"] in taken[1]  # who has lost the page of a session must get in again
    assert full[0] == 503
    assert "All 5 rooms are taken" in full[1]
    assert unknown[0] == 404
    assert "There is no room &lt;b&gt; here" in unknown[1]
    assert [house.get("/health", Host="evil.example")[0], house.get("/", Origin="http://evil.example")[0]] == [403, 403]
