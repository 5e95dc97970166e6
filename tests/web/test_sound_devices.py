"""A page as the devices of a session: in which order they end, and that the last words are heard."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from assistant.clock import SystemClock
from assistant.speak.player import Player
from assistant.web.sound_devices import SoundDevices
from assistant.web.sound_link import SoundLink
from assistant.wire.runtime import EarThread, make_inbox
from assistant.wire.session_run import LiveParts
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
