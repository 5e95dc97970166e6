"""A connection that floods is cut off, and says nothing more to the loop that carries a session's sound."""

from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosed

from tests.web.desk import SOON_S, page_at


def pings(page, many):
    """Send pings, as long as the connection stands."""
    for _ in range(many):
        page.ping()


def is_ended(page, send):
    """True if the connection ends while or after this is sent."""
    try:
        send()
        while True:
            page.recv(timeout=SOON_S)
    except TimeoutError:
        return False
    except (ConnectionClosed, OSError):
        return True


@pytest.mark.parametrize("flood", [lambda page: pings(page, 40), lambda page: page.send(b"x" * 4000)])
def test_a_stranger_says_next_to_nothing(home, flood):
    """Before its hello a page sends neither pings nor kilobytes."""
    with home.device().open("") as page:
        assert is_ended(page, lambda: flood(page))


def test_a_paired_device_is_cut_off_too_and_comes_again(home):
    """A few pings are answered, a flood is none of a page's; its token stays good."""
    phone = home.device()
    with phone.paired(home.invite()) as page:
        assert page.ping().wait(SOON_S)
        assert is_ended(page, lambda: pings(page, 40))
    with phone.open() as page:
        assert "paired" in page.recv(timeout=SOON_S)


def test_a_page_of_this_machine_is_known_at_once(home):
    """It has no hello, and may send what a page sends."""
    with page_at(home.desk.server.address) as page:
        for _ in range(5):
            page.send('{"say": "' + "x" * 190 + '"}')
        assert home.desk.lines.get(timeout=SOON_S) == "x" * 190
