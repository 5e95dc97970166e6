"""The sound's socket of a real server: one page has it, and what did not come from a page of ours ends its socket."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from assistant.messages import Clip
from assistant.speak.player import Player
from assistant.web.sound_ends import PageSpeaker
from assistant.web.sound_frames import AT_ONCE
from tests.web.desk import SOON_S, ending, page_at, serving
from tests.web.sound_page import frame, sent, state


@pytest.fixture
def desk(loaded):
    with serving(loaded, sounds=True) as desk:
        yield desk


@contextmanager
def joined(desk, **changes):
    """A page that has said who it is."""
    with page_at(desk.server.address, "sound", max_queue=None) as page:
        page.send(state(**changes).model_dump_json())
        yield page


def test_a_session_is_heard_and_hears(desk):
    """Frames go up, sound comes down 0.2 s ahead with its positions, and a hush is told."""
    player = Player()
    player.queue_sentence(1, Clip(pcm=np.full(48_000, 5_000, np.int16), rate_hz=24_000))
    with joined(desk) as page:
        assert json.loads(page.recv(timeout=SOON_S)) == {"at": 0, "goes_on": False}
        speaker = PageSpeaker(desk.sound.state, player.render, player)
        desk.sound.attach(speaker)
        speaker.start()
        page.send(frame(0))
        came = [sent(page.recv(timeout=SOON_S)) for _ in range(10)]
        assert [at for at, _ in came] == list(range(0, 4_800, 480))
        assert all((pcm == 5_000).all() for _, pcm in came)

        player.hush("now")
        page.send(frame(1, 480))
        assert json.loads(page.recv(timeout=SOON_S)) == {"hush": 4_800}
        assert sent(page.recv(timeout=SOON_S))[0] == 4_800


@pytest.mark.parametrize("how", [{"origin": None}, {"origin": "http://evil.example"}, {"origin": "null"}])
def test_a_foreign_page_gets_no_sound(desk, how):
    """Refused before it opens, as at the page's own socket."""
    with pytest.raises(InvalidStatus), page_at(desk.server.address, "sound", **how):
        pass


def test_there_is_no_sound_where_nobody_wanted_it(loaded):
    """Without --sound browser the address does not exist."""
    with serving(loaded) as desk, pytest.raises(InvalidStatus), page_at(desk.server.address, "sound"):
        pass


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"\0" * 10_000_000, 1009),
        (frame(0)[:-2], 1003),
        (frame(1), 1003),
        (frame(0, played=480), 1003),
        ("no JSON", 1003),
        (state(stream="other").model_dump_json(), 1003),
    ],
    ids=["10 MB", "short", "out of order", "never sent", "no JSON", "another stream"],
)
def test_what_no_page_sends_ends_its_socket(desk, message, code):
    """And the same page may connect again."""
    with joined(desk) as page:
        came = ending(page, message)
        assert came == code or (came is None and len(message) > 4_096)
    with joined(desk) as page:
        assert "at" in json.loads(page.recv(timeout=SOON_S))


@pytest.mark.parametrize("first", [b"\0" * 12, "{}", frame(0)])
def test_who_does_not_say_who_it_is_gets_nothing(desk, first):
    """The first message is the page's state."""
    with page_at(desk.server.address, "sound") as page:
        assert ending(page, first) == 1003
    assert desk.sound.state() is None


def test_a_flood_ends_its_socket(desk):
    """More frames than a page sends, all at once."""
    with joined(desk) as page:
        assert ending(page, *(frame(n) for n in range(int(AT_ONCE) + 200))) in {1008, None}


def test_a_second_page_is_refused_until_somebody_asks_there(desk):
    """Then the first one is told that it was taken."""
    with joined(desk) as first:
        first.recv(timeout=SOON_S)
        with joined(desk, stream="two", takes=False) as second:
            assert ending(second) == 4012
        with joined(desk, stream="two") as second:
            assert json.loads(second.recv(timeout=SOON_S))["goes_on"] is False
            assert ending(first, frame(0)) == 4011
            second.send(frame(0))
            assert desk.sound.state().stream == "two"


def test_sound_that_nobody_reads_harms_nobody(desk):
    """A page that takes nothing is sent 0.2 s, and no more."""
    player = Player()
    with joined(desk) as page:
        page.recv(timeout=SOON_S)
        speaker = PageSpeaker(desk.sound.state, player.render, player)
        desk.sound.attach(speaker)
        speaker.start()
        for n in range(60):
            page.send(frame(n))
            time.sleep(0.01)
        received = [sent(page.recv(timeout=SOON_S))[0] for _ in range(10)]
        assert received[-1] == 4_320
        assert player.position == 4_800
