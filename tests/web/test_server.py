"""A real server on a real port: what a page needs is there, and what did not come from a page of ours is refused."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from assistant.errors import TuinaError
from assistant.web.pages import MOST_PAGES
from assistant.web.screen_page import opened
from assistant.web.server import PageServer
from assistant.web.sound_link import SoundLink
from tests.web.desk import SOON_S, ending, page_at, serving, told

FILES = ("", "index.html", "main.js", "session.js", "sound.js", "page.css", "icon.svg", "drawings.css", "library.json")
FILES += ("settings.js", "worker.js", "manifest.webmanifest", "icon-512.png")
MOST_PAGE_BYTES = 100_000


@pytest.fixture(scope="module")
def desk(loaded):
    with serving(loaded) as desk:
        yield desk


def get(desk, path, method="GET", **headers):
    connection = http.client.HTTPConnection(urlsplit(desk.server.address).netloc, timeout=SOON_S)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("name", FILES)
def test_everything_a_page_needs_is_there(desk, name):
    """With the headers that let a browser load nothing from elsewhere and run no code inside the page."""
    status, headers, body = get(desk, f"/{name}")

    assert (status, bool(body)) == (200, True)
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


def test_a_page_is_light(desk):
    """All its files, the stylesheet of the drawings and the largest drawing together stay below 100 kB."""
    files = sum(map(len, desk.server._files.values()))
    drawings = [len(get(desk, f"/drawings/{name}.svg")[2]) for name in desk.contents.drawings]

    assert 0 < files + len(get(desk, "/drawings.css")[2]) + max(drawings) <= MOST_PAGE_BYTES


@pytest.mark.parametrize(
    "path",
    [
        "/../server.py",
        "/..%2fserver.py",
        "/%2e%2e/server.py",
        "//etc/passwd",
        "/page/../../__init__.py",
        "/drawings/../../x.svg",
        "/drawings/..%2f..%2fx.svg",
        "/server.py",
        "/.",
        "/\\..\\server.py",
    ],
)
def test_a_path_leads_nowhere_else(desk, path):
    """There is a list of files, and no disk behind it."""
    assert get(desk, path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_page_can_only_be_read(desk, method):
    """No other method has a meaning."""
    assert get(desk, "/", method)[0] == 405


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Host": "127.0.0.1"}, {"Origin": "http://evil.example"}]
)
def test_a_foreign_request_is_refused(desk, headers):
    """Another Host is a name that was made to point here; another Origin is a page of somebody else."""
    assert get(desk, "/library.json", **headers)[0] == 403


@pytest.mark.parametrize(
    "how",
    [
        {"origin": None},
        {"origin": "http://evil.example"},
        {"origin": "https://127.0.0.1"},
        {"origin": "null"},
        {"additional_headers": {"Host": "evil.example"}},
    ],
)
def test_a_foreign_socket_is_refused_before_it_opens(desk, how):
    """A page of somebody else in the same browser cannot press anything, nor read along."""
    with pytest.raises(InvalidStatus) as refused, page_at(desk.server.address, **how):
        pass

    assert refused.value.response.status_code in {400, 403}
    assert desk.changes.empty()


def test_what_is_pressed_arrives_and_what_is_told_is_seen(desk):
    """One socket, both ways."""
    with page_at(desk.server.address) as page:
        assert desk.changes.get(timeout=SOON_S) == "opened"
        page.send(json.dumps({"say": "stop"}))
        assert desk.lines.get(timeout=SOON_S) == "stop"
        desk.pages.publish("", json.dumps({"note": "hello"}))
        assert told(page) == {"note": "hello"}
    assert desk.changes.get(timeout=SOON_S) == "closed"


def test_a_page_that_is_told_nothing_hears_that_the_server_lives(desk):
    """Again and again; so it can tell a silent session from a network that vanished."""
    with page_at(desk.server.address, create_connection=ClientConnection) as page:
        assert [told(page), told(page)] == [{"alive": True}] * 2


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("x" * 10_000_000, 1009),
        (b"\0" * 100, 1003),
        ("no JSON", 1003),
        ('{"say": "%s"}' % ("x" * 1000), 1003),
    ],
    ids=["10 MB", "bytes", "no JSON", "too long"],
)
def test_a_message_that_is_no_pages_ends_its_socket(desk, message, code):
    """The frame of 10 MB is refused by its length; a next page is welcome."""
    with page_at(desk.server.address) as page:
        came = ending(page, message)
        assert came == code or (came is None and len(message) > 4_096)
    with page_at(desk.server.address) as page:
        page.send('{"say": "pause"}')
        assert desk.lines.get(timeout=SOON_S) == "pause"


def test_who_sends_more_than_a_person_can_is_closed(desk):
    """After twenty at once; the first of them, which may be a stop, arrived."""
    with page_at(desk.server.address) as page:
        assert ending(page, *['{"say": "stop"}'] * 100) in {1008, None}
    lines = [desk.lines.get(timeout=SOON_S) for _ in range(20)]
    assert lines == ["stop"] * 20


def test_one_page_too_many_is_told_to_come_again(desk):
    """Eight are enough for a room."""
    with ExitStack() as closing:
        for _ in range(MOST_PAGES):
            closing.enter_context(page_at(desk.server.address))
        late = closing.enter_context(page_at(desk.server.address))

        assert ending(late) == 1013


def test_a_page_that_does_not_read_delays_nobody(loaded):
    """It is given up; publishing takes no longer for it, and another page gets everything."""
    text = json.dumps({"note": "x" * 20_000})
    with serving(loaded) as desk, page_at(desk.server.address, max_queue=1) as slow:
        with page_at(desk.server.address, max_queue=None) as quick:
            longest_s = 0.0
            for _ in range(1500):
                began_s = time.perf_counter()
                desk.pages.publish("", text)
                longest_s = max(longest_s, time.perf_counter() - began_s)
                assert quick.recv(timeout=SOON_S) == text
        assert longest_s < 0.25
        assert ending(slow) in {1013, None}


def test_only_this_machine_can_reach_it(desk):
    """The socket is bound to the loopback address."""
    assert desk.server._socket.getsockname()[0] == "127.0.0.1"
    assert desk.server._socket.family == socket.AF_INET


def test_a_port_in_use_is_told(desk):
    """With what to do."""
    with pytest.raises(TuinaError, match=rf"^{desk.server.port}: .*--port 0\.$"):
        PageServer(desk.pages, lambda: desk.contents, dict, desk.server.port)


def test_without_the_network_nobody_can_be_invited(desk):
    """There is no code to be had, and the page shows no button for it."""
    origin = desk.server.address.rstrip("/")

    assert get(desk, "/invitation", "POST", Origin=origin)[0] == 404
    assert json.loads(get(desk, "/library.json")[2])["may_invite"] is False


def test_without_settings_a_page_offers_none(desk):
    """As beside a terminal: no button, and no address."""
    assert json.loads(get(desk, "/library.json")[2])["settings"] is False
    assert get(desk, "/settings.json")[0] == 404


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_task_that_fails_ends_the_server_loudly(loaded, monkeypatch):
    """Pages are closed, and the error comes out of the thread: else the time of a session would stand still."""
    raised = []
    monkeypatch.setattr(threading, "excepthook", lambda one: raised.append(one.exc_value))
    broken = threading.Event()

    def fails(_):
        if broken.is_set():
            raise ZeroDivisionError

    monkeypatch.setattr(SoundLink, "pass_time", fails)
    with serving(loaded, sounds=True) as desk, page_at(desk.server.address) as page:
        broken.set()
        assert ending(page) in {1001, 1005, 1012}
        desk.server._thread.join(SOON_S)

    assert list(map(type, raised)) == [ZeroDivisionError]


def test_a_server_that_does_not_start_leaves_no_open_port(loaded, monkeypatch, tmp_path):
    """The next try may use the same one."""
    made = []

    def fails(server):
        made.append(server)
        raise TuinaError("the page's server does not start")

    monkeypatch.setattr(PageServer, "start", fails)
    with pytest.raises(TuinaError, match="does not start"), opened(loaded, tmp_path / "journal.db", 0):
        pass

    assert made[0]._socket.fileno() == -1
