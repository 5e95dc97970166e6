"""All open pages: nobody is waited for, what is kept comes first, and only a person's messages get in."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from assistant.web import pages as module
from assistant.web.pages import FromPage, OpenPage, Pages


class Listener:
    """Writes down what pages did."""

    def __init__(self):
        self.done = []
        self.levels = []

    def level_dbfs(self):
        return self.levels.pop(0) if self.levels else None

    def pressed(self, message):
        self.done.append(message)

    def opened(self):
        self.done.append("opened")

    def closed(self):
        self.done.append("closed")


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def pages(listener):
    return Pages(listener)


async def told(page: OpenPage, count: int) -> list[str]:
    return [await asyncio.wait_for(page.next_message(), 20.0) for _ in range(count)]


def test_a_message_reaches_every_page_and_a_later_one_gets_the_latest_of_each_kind(pages):
    """In the order in which they happened; what has no kind is gone."""

    async def run():
        pages.attach(asyncio.get_running_loop())
        first = pages.join()
        for kind, text in (("scene", "1"), ("", "2"), ("heard", "3"), ("scene", "4")):
            pages.publish(kind, text)
        seen = await told(first, 4)
        later = await told(pages.join(), 2)
        pages.forget()
        await asyncio.sleep(0)
        return seen, later, pages.join()

    seen, later, last = asyncio.run(run())

    assert (seen, later) == (["1", "2", "3", "4"], ["3", "4"])
    assert last._waiting.empty()


def test_a_session_may_publish_from_its_own_thread_and_without_a_server(pages):
    """A thread hands over and goes on; before a server is there, and after it is gone, nothing happens."""
    pages.publish("scene", "0")

    async def run():
        pages.attach(asyncio.get_running_loop())
        page = pages.join()
        other = threading.Thread(target=pages.publish, args=("scene", "1"))
        other.start()
        other.join()
        return await told(page, 1)

    assert asyncio.run(run()) == ["1"]
    pages.attach(None)
    pages.publish("scene", "2")


def test_the_level_is_told_where_it_changed_and_its_end_too(pages, listener, monkeypatch):
    """A stall of the ear is no end; a page that is behind is told the end only."""
    now_s = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now_s[0])
    listener.levels = [-40.2, -40.4, None, -31.0, *[None] * 9]

    async def passed(_):
        now_s[0] += module.LEVEL_S
        if not listener.levels:
            raise asyncio.CancelledError

    async def run():
        page, behind = pages.join(), pages.join()
        behind.offer("a scene")
        monkeypatch.setattr(module.asyncio, "sleep", passed)
        with pytest.raises(asyncio.CancelledError):
            await pages.show_level()
        return page, behind, pages.join()

    first, behind, later = asyncio.run(run())

    off = '{"level": null}'
    waiting = [[one._waiting.get_nowait() for _ in range(one._waiting.qsize())] for one in (first, behind, later)]
    assert waiting == [['{"level": -40}', off], ["a scene", off], []]


def test_a_later_page_is_told_the_level_too(pages, listener):
    """As of the last change, also where a session has just been forgotten."""

    async def run():
        listener.levels = [-40.0] * 100
        pages.attach(asyncio.get_running_loop())
        showing = asyncio.create_task(pages.show_level())
        await told(pages.join(), 1)
        pages.forget()
        await asyncio.sleep(0)
        found = await told(pages.join(), 1)
        showing.cancel()
        return found

    assert asyncio.run(run()) == ['{"level": -40}']


def test_a_page_that_does_not_read_is_given_up(pages):
    """It holds a bounded number of messages, and the others go on."""

    async def run():
        page = pages.join()
        for n in range(module.MOST_WAITING + 1):
            assert not page.fell_behind.is_set()
            page.offer(str(n))
        return page

    page = asyncio.run(run())

    assert page.fell_behind.is_set()
    assert page._waiting.qsize() == module.MOST_WAITING


def test_a_page_may_press_as_fast_as_a_person_and_no_faster(monkeypatch):
    """Twenty at once, then five a second."""
    now_s = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now_s[0])
    page = asyncio.run(_made())

    assert [page.may_press() for _ in range(21)] == [True] * 20 + [False]
    now_s[0] = 1.0
    assert [page.may_press() for _ in range(6)].count(True) in {4, 5}


async def _made():
    return OpenPage([])


@pytest.mark.parametrize("text", ['{"say": "stop"}', '{"begin": "full"}', '{"begin": ""}'])
def test_what_a_page_sends_is_passed_on(pages, listener, text):
    """A line, or the wish to begin."""
    assert pages.take(text)
    assert listener.done == [FromPage.model_validate(json.loads(text))]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "stop",
            "{}",
            "[]",
            '{"say": ""}',
            '{"say": 3}',
            '{"say": "x", "begin": "y"}',
            '{"say": "x", "run": "rm"}',
        ),
        *(json.dumps({"say": "x" * 201}), json.dumps({"begin": "x" * 41})),
    ],
)
def test_what_no_page_sends_is_refused(pages, listener, text):
    """Nothing is passed on."""
    assert not pages.take(text)
    assert listener.done == []


def test_the_first_page_and_the_last_are_told(pages, listener):
    """In between pages may come and go."""

    async def run():
        first, second = pages.join(), pages.join()
        pages.leave(first)
        pages.leave(second)

    asyncio.run(run())

    assert listener.done == ["opened", "closed"]


def test_there_is_a_most_of_pages(pages):
    """Eight are open at once."""

    async def run():
        return [(pages.is_full, pages.join())[0] for _ in range(module.MOST_PAGES)], pages.is_full

    assert asyncio.run(run()) == ([False] * 8, True)
