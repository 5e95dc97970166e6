"""A page as the devices of a session: in which order they end, and that the last words are heard."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import numpy as np
import pytest

from assistant.clock import SystemClock
from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.player import Player
from assistant.web import sound_devices
from assistant.web.sound_devices import SoundDevices
from assistant.web.sound_link import SENT_AHEAD, SoundLink
from assistant.wire.runtime import EarThread, make_inbox
from assistant.wire.session_run import LiveParts
from tests.web.desk import SOON_S
from tests.web.sound_page import frame, state


class Deaf:
    """A recogniser that hears nothing."""

    def feed(self, block):
        return []

    def finish(self):
        return []


class Room:
    """A live session's devices on a page, without the session."""

    def __init__(self, closing):
        self.link = SoundLink()
        self.notes: list[str] = []
        self.at_ears_end: list[bool] = []
        self.parts = LiveParts(player=Player(), inbox=make_inbox(), clock=SystemClock(), closing=closing)
        self.holder, _ = self.link.join(state())
        devices = SoundDevices(self.link, self.notes.append)
        self.speaker = devices.open_output(self.parts, None)
        self.ear = EarThread(Deaf, self.parts.inbox, self.parts.player)
        closing.callback(self.ear.close)
        closing.callback(lambda: self.at_ears_end.append(self.microphone.is_started))
        self.microphone, _ = devices.open_input(self.parts, self.ear)


@pytest.fixture
def closing():
    with ExitStack() as closing:
        yield closing


def test_the_microphone_ends_before_the_ear(closing):
    """No sound of a person is taken that nobody hears any more."""
    room = Room(closing)
    assert room.link.hear(room.holder, frame(0)) is not None
    assert room.microphone.frames == 960

    closing.close()
    assert room.at_ears_end == [False]
    assert not room.speaker.is_started


def test_a_session_ends_when_its_last_words_were_played(closing, monkeypatch):
    """They may be the emergency number; 0.2 s of them are sent ahead when the session is over."""
    monkeypatch.setattr(sound_devices, "MOST_S", SOON_S)
    room = Room(closing)
    room.parts.player.queue_sentence(1, Clip(pcm=np.full(SENT_AHEAD, 5_000, np.int16), rate_hz=MOUTH_RATE_HZ))
    room.link.hear(room.holder, frame(0))
    ended = threading.Thread(target=closing.close)
    ended.start()

    time.sleep(0.2)
    assert room.link.hear(room.holder, frame(1, SENT_AHEAD - 1, pcm=b"")) is not None
    time.sleep(0.1)
    assert room.speaker.is_started
    room.link.hear(room.holder, frame(2, SENT_AHEAD, pcm=b""))
    ended.join(SOON_S / 2)
    assert not room.speaker.is_started


def test_a_page_that_stands_still_does_not_keep_a_session(closing, monkeypatch):
    """It has half a second."""
    assert sound_devices.MOST_S == 0.5
    monkeypatch.setattr(sound_devices, "MOST_S", 0.04)
    room = Room(closing)
    room.link.hear(room.holder, frame(0))

    closing.close()
    assert not room.speaker.is_started


def test_a_page_that_is_gone_does_not_keep_a_session(closing, monkeypatch):
    """Nobody hears the last words."""
    monkeypatch.setattr(sound_devices, "MOST_S", SOON_S)
    room = Room(closing)
    room.link.hear(room.holder, frame(0))
    room.link.leave(room.holder)
    ended = threading.Thread(target=closing.close)
    ended.start()

    ended.join(SOON_S / 2)
    assert not room.speaker.is_started
