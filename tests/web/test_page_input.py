"""The page as an input: its closing is told where nobody else could be heard."""

from __future__ import annotations

import queue
from types import SimpleNamespace

import pytest

from assistant.messages import Failed, Recovered
from assistant.web.page_input import MOST_WAITING, PageInput


@pytest.fixture
def page():
    """The page that began a session, beside a microphone that works; `told` holds what the session is told."""
    devices = SimpleNamespace(
        is_typed=False, is_here=True, open_input=lambda parts, ear: (SimpleNamespace(device_name="USB"), 1)
    )
    made = PageInput(devices, lambda: True, began=True)
    told = queue.SimpleQueue()
    made.open_input(SimpleNamespace(inbox=told, player=SimpleNamespace(now_s=1.0)), None)
    made.told = told
    return made


def rooms(page):
    """The faults that were told, and their ends."""
    return [(type(one), one.room) for one in iter(lambda: None if page.told.empty() else page.told.get(), None)]


def test_a_page_may_close_beside_a_microphone(page):
    """Words are still heard."""
    page.lost()

    assert rooms(page) == []


@pytest.mark.parametrize("room", ["capture", "decode"])
def test_a_page_that_closes_after_the_microphone_was_lost_is_told(page, room):
    """Nobody could stop the count; with the microphone back the page may come and go again."""
    page.noticed(Failed(at_s=1.0, room=room, reason="gone"))
    page.lost()
    page.found()
    page.noticed(Recovered(at_s=2.0, room=room))
    page.lost()

    assert rooms(page) == [(Failed, "page"), (Recovered, "page")]


def test_a_flood_of_lines_keeps_no_stop_waiting(page):
    """A device with ever new sockets sent 330 lines a second: a "stop" behind them took half a minute."""
    taken = [page.typed("louder") for _ in range(500)]

    assert sum(taken) == MOST_WAITING
    assert page.typed("stop")
    assert page.told.qsize() == MOST_WAITING + 1


def test_the_level_is_the_microphones(page):
    """None where there is none, as beside a keyboard."""
    page._microphone.levels = SimpleNamespace(level_dbfs=lambda: -33.0)

    assert page.level_dbfs() == -33.0
    assert PageInput(SimpleNamespace(is_typed=True, is_here=True), lambda: True, began=True).level_dbfs() is None
