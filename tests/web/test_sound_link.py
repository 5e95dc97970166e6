"""A page drives the session's devices: its played samples are the clock, a hush is told, and a gap loses nothing."""

from __future__ import annotations

import json
from collections import deque

import numpy as np
import pytest

from assistant.clock import ManualClock
from assistant.errors import DeviceError
from assistant.messages import Clip, Failed, Recovered
from assistant.speak.player import Player
from assistant.web.sound_ends import FRAMES, PageMicrophone, PageSpeaker
from assistant.web.sound_link import SENT_AHEAD, SoundLink
from assistant.wire.devices.device_watch import Watch
from tests.web.sound_page import BLOCK, MIC, frame, sent, state

RATE = 24_000


class Room:
    """A session's devices on a page that plays what it was sent, by a clock that a test moves."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.link = SoundLink(self.clock)
        self.player = Player()
        self.heard: list[bytes] = []
        self.speaker = PageSpeaker(self.link.state, self.player.render, self.player, clock=self.clock)
        self.microphone = PageMicrophone(self.link.state, lambda pcm, _: self.heard.append(pcm), clock=self.clock)
        self.played = self.number = self.lacked = 0
        self.stream = np.zeros(0, np.int16)
        self.hushes: list[int] = []
        self.notes: list[str] = []

    def connect(self, **changes):
        self.holder, first = self.link.join(state(played=self.played, **changes))
        self.number = 0
        self.take(first)
        return json.loads(first[0])

    def begin(self):
        self.connect()
        self.link.attach(self.speaker, self.microphone, self.notes.append)
        self.speaker.start()
        self.microphone.start()
        self.watch = Watch(self.microphone, self.speaker, self.clock, self.player, self.clock.now_s)

    def take(self, told):
        for one in told:
            if isinstance(one, bytes):
                at, pcm = sent(one)
                self.stream = np.concatenate([self.stream[:at], pcm])
            elif "hush" in (message := json.loads(one)):
                self.hushes.append(message["hush"])

    def play(self, seconds, **told):
        """Time passes on a page that is connected: it plays what it has, and tells it every 20 ms."""
        events = []
        for _ in range(round(seconds / 0.02)):
            self.clock.advance(0.02)
            self.played = min(self.played + FRAMES, len(self.stream))
            answer = self.link.hear(self.holder, frame(self.number, self.played, self.lacked, **told))
            assert answer is not None
            self.number += 1
            self.take(answer)
            events += self.look()
        return events

    def wait(self, seconds):
        """Time passes without a page."""
        events = []
        for _ in range(round(seconds / 0.02)):
            self.clock.advance(0.02)
            events += self.look()
        return events

    def look(self):
        self.link.pass_time()
        events = [(type(event), event.room) for event in self.watch.look()]
        for post in self.watch._posts:
            if post.attempt is not None:
                post.attempt.join(20)
        return events


@pytest.fixture
def room():
    room = Room()
    room.begin()
    return room


def count(room, first=1, last=20, period_s=0.5):
    """Numbers that are single samples, from half a second after now on."""
    begin_s = room.player.now_s
    for n in range(first, last + 1):
        clip = Clip(pcm=np.full(240, 1_000 + n, np.int16), rate_hz=RATE)
        room.player.place_number(begin_s + n * period_s, clip, n, period_s)


def numbers(room):
    """The numbers in what the page was sent up to what it has played, with the sample at which each begins."""
    return [placed.n for placed in room.player.placed if placed.is_spoken and placed.at < len(room.stream)]


def test_the_pages_count_is_the_sessions_clock(room):
    """Sound is asked for 0.2 s ahead of what was played; a page that does not play gets no more."""
    room.play(1.0)
    assert room.player.position == len(room.stream) == room.played + SENT_AHEAD

    before = room.player.position
    assert room.link.hear(room.holder, frame(room.number, room.played)) == []
    assert room.player.position == before


def test_the_microphone_gives_what_it_declared(room):
    """Blocks of 20 ms at its own rate, for the ear's resampler; the watch sees them as any device's."""
    room.play(0.1)

    assert room.heard == [BLOCK] * 5
    assert room.microphone.rate_hz == 48_000
    assert room.microphone.device_name == "Headset (browser)"
    assert room.microphone.frames == 5 * MIC.block


def test_a_hush_voids_what_was_sent(room):
    """Within one report the page is told up to which sample nothing may sound; the end of the fade follows it."""
    room.player.queue_sentence(1, Clip(pcm=np.full(5 * RATE, 9_000, np.int16), rate_hz=RATE))
    room.play(1.0)
    room.player.hush("now")
    room.play(0.02)

    assert room.hushes == [room.played + SENT_AHEAD - FRAMES]
    assert not room.stream[room.hushes[0] + 120 :].any()
    room.play(1.0)
    assert len(room.hushes) == 1


def test_a_page_that_is_back_within_three_seconds_has_lost_nothing(room):
    """Time stands still, what it had not played is sent again, nothing is told, and no number is left out."""
    count(room)
    room.play(3.0)
    stood = room.player.position

    room.link.leave(room.holder)
    assert room.wait(2.8) == []
    assert room.player.position == stood
    room.stream = room.stream[: room.played]
    assert room.connect(takes=False) == {"at": room.played, "goes_on": True}
    assert len(room.stream) == stood
    assert room.play(6.0) == []
    assert numbers(room) == list(range(1, numbers(room)[-1] + 1))
    assert numbers(room)[-1] >= 16


def test_a_page_that_stays_away_is_lost_and_found_again(room):
    """After three seconds both devices are told as any lost device; time goes on unheard, and it may come back."""
    room.play(3.0)
    room.link.leave(room.holder)
    stood = room.player.position

    assert room.wait(2.9) == []
    assert sorted(room.wait(0.4), key=str) == sorted([(Failed, "capture"), (Failed, "speak")], key=str)
    room.wait(5.0)
    assert room.player.position > stood + 4 * RATE

    room.connect(takes=False)
    events = room.play(4.0)
    assert sorted(events, key=str) == sorted([(Recovered, "capture"), (Recovered, "speak")], key=str)


def test_what_a_loudspeaker_lacked_is_left_out(room):
    """The next beat is on its grid again, as with the loudspeakers of this machine."""
    room.play(1.0)
    before = room.player.position
    room.lacked += 2_400
    room.play(0.02)

    assert room.player.position == before + FRAMES + 2_400


def test_another_page_takes_the_sound_only_where_somebody_asks(room):
    """It goes on where the first page stopped; the first one notices. A page that only connects again is refused."""
    room.play(1.0)
    first = room.holder
    assert room.link.join(state(stream="two", takes=False)) is None
    assert room.link.has(first)

    taken, begin = room.link.join(state(stream="two"))
    assert json.loads(begin[0]) == {"at": room.played, "goes_on": False}
    assert sent(begin[1])[0] <= room.played
    assert not room.link.has(first)
    room.link.leave(first)
    assert room.link.has(taken)
    assert room.link.join(state(stream="one", takes=False)) is None


@pytest.mark.parametrize(("problem", "words"), [("unplugged", "is gone"), ("stopped", "stopped the sound")])
def test_a_microphone_that_goes_is_told_at_once_and_found_again(room, problem, words):
    """The page says why; the count would be held as for any lost input."""
    room.play(2.0)
    assert room.link.learn(state(microphone=None, problem=problem))
    assert words in room.microphone.last_error
    assert room.play(1.0, pcm=b"") == [(Failed, "capture")]

    assert room.link.learn(state())
    assert room.play(4.0) == [(Recovered, "capture")]


@pytest.mark.parametrize(
    ("problem", "words"), [("denied", "not allowed"), ("none", "no microphone"), ("insecure", "HTTPS")]
)
def test_a_missing_microphone_is_told_in_words(room, problem, words):
    """The error says what to do."""
    room.link.learn(state(microphone=None, problem=problem))

    with pytest.raises(DeviceError, match=f"{words}.*Press “Use the sound of this page”"):
        room.microphone.start()


def test_no_page_is_no_device():
    """And time passes, so that the session comes to its end."""
    room = Room()
    room.link.attach(room.speaker, room.microphone)
    for device in (room.speaker, room.microphone):
        with pytest.raises(DeviceError, match="no page"):
            device.start()
    for _ in range(100):
        room.clock.advance(0.02)
        room.link.pass_time()

    assert room.player.now_s == pytest.approx(2.0, abs=0.03)


def test_an_error_while_nobody_listens_is_kept():
    """The server's clock goes on for the next session, and the speaker tells the reason as for any block."""
    asked = []

    def fail(count):
        asked.append(count)
        raise ValueError("no samples")

    room = Room()
    speaker = PageSpeaker(room.link.state, fail, room.player, clock=room.clock)
    room.link.attach(speaker)
    room.link.pass_time()
    room.clock.advance(0.11)
    room.link.pass_time()

    assert speaker.last_error == "ValueError: no samples"
    assert asked == [FRAMES] * 5


def test_a_hidden_page_is_noted_once(room):
    """Some browsers stop its sound; one that hides again and again fills no terminal."""
    for is_hidden, later_s in ((True, 0.0), (False, 0.0), (True, 1.0), (False, 10.0), (True, 0.0)):
        room.clock.advance(later_s)
        room.link.learn(state(is_hidden=is_hidden))

    assert ["hidden" in note for note in room.notes] == [True, True]


def test_positions_begin_anew_with_a_session(room):
    """They have 32 bits: 49 hours of sound, which one `tuina serve` reaches in a few months."""
    room.play(3.0)
    room.link.attach(None)
    room.link.leave(room.holder)
    room.played, room.stream = 0, np.zeros(0, np.int16)
    assert room.connect(stream="two") == {"at": 0, "goes_on": False}

    room.link.attach(room.speaker)
    room.play(1.0)
    assert room.link.sent == room.played + SENT_AHEAD


def test_a_session_may_end_while_a_frame_is_read(room):
    """Its thread takes the devices away at any moment; the loop meets no emptied list."""

    class Meddled(deque):
        def __len__(self):
            length = super().__len__()
            room.link.attach(None)
            return length

    room.play(0.1)
    room.link._unplayed = Meddled(room.link._unplayed)
    assert room.link.hear(room.holder, frame(room.number, room.played + FRAMES)) == []


def test_another_microphone_is_opened_anew(room):
    """A headset with another rate is another stream."""
    room.play(2.0)
    room.link.learn(state(microphone=MIC.model_copy(update={"name": "Table", "rate_hz": 16_000})))
    room.play(1.0, pcm=BLOCK[:640])

    assert room.microphone.device_name == "Table (browser)"
    assert room.microphone.rate_hz == 16_000
