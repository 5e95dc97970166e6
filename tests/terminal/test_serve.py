"""`tuina serve` and `tuina start --screen`, as a person runs them, with a page that is a socket."""

from __future__ import annotations

import json
import webbrowser

import pytest

from assistant.terminal.start.page_address import has_display, show
from tests.web.desk import page_at, told, tuina_serves


def until(page, **wanted):
    """Read what a page is told up to a message, or a scene, with these values."""
    while True:
        message = told(page)
        found = {**message, **message.get("scene", {})}
        if all(found.get(key) == value for key, value in wanted.items()):
            return found


def say(page, text):
    page.send(json.dumps({"say": text}))


@pytest.fixture(scope="module")
def served(settled, tmp_path_factory):
    """A running `tuina serve` of somebody who passed the safety check today."""
    home = tmp_path_factory.mktemp("home")
    settled(home)
    with tuina_serves(home) as served:
        yield served


def test_the_count_is_held_while_no_page_is_open(served):
    """A page begins and counts. Its closing is noticed and told; the next page learns it and goes on."""
    with page_at(served.address, max_queue=None) as page:
        until(page, run="waiting")
        page.send('{"begin": "lower-back"}')
        until(page, state="offered", routine="Lower back routine")
        say(page, "start")
        until(page, state="instructing")
        say(page, "ready")
        until(page, state="counting", count=2)
    served.printed("page: it was closed")

    with page_at(served.address, max_queue=None) as page:
        assert until(page, state="paused")["count"] >= 2
        until(page, event="recovered", room="page")
        say(page, "resume")
        until(page, state="counting")
        say(page, "stop")
        until(page, state="paused")
        say(page, "end session")
        until(page, run="waiting")


def test_a_page_that_is_loaded_again_holds_nothing(served):
    """It is back within two seconds, and the session is where it was."""
    with page_at(served.address, max_queue=None) as page:
        page.send('{"begin": ""}')
        until(page, event="began")
    with page_at(served.address, max_queue=None) as page:
        scene = until(page, run="running") and until(page, question_at=0)
        say(page, "end session")
        until(page, run="waiting")

    assert scene["state"] in {"idle", "resume_offer"}


def test_a_routine_that_is_not_there_is_told_and_the_page_waits(served):
    """The page shows the sentence that the terminal would show."""
    with page_at(served.address, max_queue=None) as page:
        page.send('{"begin": "nope"}')
        notes = []
        while not notes or "run" in notes[-1]:
            notes.append(told(page))
        until(page, run="waiting")

    assert "there is no routine 'nope'" in notes[-1]["note"]


def test_the_screen_beside_a_terminal_changes_nothing_there(in_a_process, settled, tmp_path):
    """It says the address; words still come from the keyboard, and their end is the end."""
    settled(tmp_path)
    words = (
        "start",
        "legs",
        "--typed",
        "--speaker",
        "none",
        "--voice",
        "silent",
        "--screen",
        "--port",
        "0",
        "--no-open",
    )

    done = in_a_process(tmp_path, *words, stdin="end session\n")

    assert done.code == 0, done.err
    assert "The page: http://127.0.0.1:" in done.out
    assert "Goodbye." in done.out


def test_a_page_cannot_follow_what_does_not_follow_the_clock(tuina):
    """A session in samples is over before anybody can look."""
    done = tuina("start", "--typed", "--pace", "max", "--screen")

    assert done.code == 1
    assert "--screen follows the clock" in done.words


@pytest.mark.parametrize(
    ("environment", "platform", "has_one"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({"DISPLAY": ":0", "CI": "true"}, "linux", False),
        ({}, "darwin", True),
    ],
)
def test_a_browser_is_opened_only_where_there_is_a_display(environment, platform, has_one):
    """Not in continuous integration, and not over a bare connection."""
    assert has_display(environment, platform) is has_one


@pytest.mark.parametrize(("kind", "opened"), [("GenericBrowser", []), ("BackgroundBrowser", ["http://127.0.0.1:1/"])])
def test_a_browser_of_the_terminal_is_not_opened(monkeypatch, kind, opened):
    """It would take the terminal away from the session."""
    shown = []
    browser = getattr(webbrowser, kind)("some-browser")
    monkeypatch.setattr(type(browser), "open", lambda self, url: shown.append(url))
    monkeypatch.setattr(webbrowser, "get", lambda: browser)

    show("http://127.0.0.1:1/")

    assert shown == opened


def test_a_machine_without_a_browser_is_no_fault(monkeypatch):
    """The address was printed."""

    def missing():
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", missing)

    show("http://127.0.0.1:1/")


def test_the_browsers_sound_leaves_no_choice_of_devices(tuina):
    """A microphone or a speaker of this machine beside it is a mistake, and is said to be one."""
    for more in (["--typed"], ["--mic", "USB"], ["--speaker", "none"]):
        done = tuina("serve", "--sound", "browser", *more)
        assert done.code == 2
        assert "--sound browser" in done.err
