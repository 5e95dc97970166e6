"""A session with a page, and without one: the same trace, byte for byte, whatever the page does."""

from __future__ import annotations

import json

import pytest

import assistant
from assistant.web.page_observer import PageObserver
from assistant.web.scene import Stage
from assistant.wire.trace import open_trace
from tests.web.desk import SOON_S, page_at, serving

NO = ("no",) * 6
# At most twenty: a session in samples is faster than a page may press.
LINES = (
    *("start the short one", *NO, "ready", "how many left", "slower", "pause", "resume"),
    *("ten more", "that hurts", "undo that", "help", "bla bla", "end session"),
)


def run(loaded, folder, lines, *watching):
    """A session in a home of its own that is typed line by line; return the bytes of its trace."""
    folder.mkdir()
    trace = open_trace(folder / "trace.jsonl", loaded.library)
    with assistant.start_session(
        loaded, home=folder, observers=(*watching, trace), voice="silent", hears=False, note=lambda _: None
    ) as session:
        for line in lines:
            session.wait_until_quiet()
            session.say(line)
        session.wait_until_quiet()
    trace.close()
    return (folder / "trace.jsonl").read_bytes()


@pytest.fixture(scope="module")
def alone(loaded, tmp_path_factory):
    """The trace without a page."""
    return run(loaded, tmp_path_factory.mktemp("alone") / "home", LINES)


def test_a_page_that_leads_a_session_gives_the_trace_of_the_keyboard(loaded, alone, tmp_path):
    """Every line is pressed on a page and comes through a socket; the page is told all that is in the trace."""
    with serving(loaded) as desk, page_at(desk.server.address, max_queue=None) as page:
        observer = PageObserver(Stage(loaded), desk.pages.publish)

        def pressed():
            for line in LINES:
                page.send(json.dumps({"say": line}))
                yield desk.lines.get(timeout=SOON_S)

        with_page = run(loaded, tmp_path / "home", pressed(), observer)
        records = [json.loads(line) for line in with_page.splitlines()][1:]
        told = []
        while len(told) < len(records):
            message = json.loads(page.recv(timeout=SOON_S))
            told += [message] if "scene" not in message else []

    assert with_page == alone
    assert told == records


def test_a_page_that_vanished_changes_nothing(loaded, alone, tmp_path):
    """It is closed in the middle of the session; before, nobody read what it was told."""
    with serving(loaded) as desk, page_at(desk.server.address) as page:
        observer = PageObserver(Stage(loaded), desk.pages.publish)

        def lines():
            yield from LINES[:9]
            page.close()
            yield from LINES[9:]

        assert run(loaded, tmp_path / "home", lines(), observer) == alone
    assert [desk.changes.get(timeout=SOON_S) for _ in range(2)] == ["opened", "closed"]
