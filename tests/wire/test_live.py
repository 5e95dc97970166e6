"""Real time without devices: playing into a file, and the loop in which a session lives."""

from __future__ import annotations

import threading
from contextlib import closing
from types import SimpleNamespace

import pytest

from assistant.clock import ManualClock, SystemClock
from assistant.errors import DeviceError
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, Failed, Recovered, Say, VoiceEnded
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.wire import build
from assistant.wire.lockstep import Nowhere
from assistant.wire.mouth import ThreadMouth
from assistant.wire.runtime import NoMore, Pump, Typed, make_inbox, run_live

SOON_S = 120.0  # longer than any machine needs; a test that waits so long has failed


class Tape:
    """A speaker that keeps what it is given, and may break."""

    def __init__(self, breaks_at: int = -1) -> None:
        self.frames = 0
        self.breaks_at = breaks_at
        self.has_some = threading.Event()
        self.is_closed = False

    def write(self, pcm):
        assert not self.is_closed
        if self.frames // 480 == self.breaks_at:
            raise DeviceError("the disk is full")
        self.frames += len(pcm)
        if self.frames >= 10 * 480:
            self.has_some.set()


class TestPump:
    def test_plays_no_faster_than_the_clock(self):
        """It is never more than a block ahead of time."""
        clock, tape = SystemClock(), Tape()
        began_s = clock.now_s()
        pump = Pump(Player(), tape, clock, make_inbox())
        tape.has_some.wait(SOON_S)

        frames = tape.frames
        assert frames / MOUTH_RATE_HZ <= clock.now_s() - began_s + 2 * BLOCK_S
        pump.stop()

    def test_plays_on_as_time_goes(self):
        """Ten blocks come by themselves."""
        player, tape = Player(), Tape()
        pump = Pump(player, tape, SystemClock(), make_inbox())

        assert tape.has_some.wait(SOON_S)
        pump.stop()
        assert player.position == tape.frames

    def test_writes_nothing_after_it_was_stopped(self):
        """Whoever stops it may close the file at once."""
        tape = Tape()
        pump = Pump(Player(), tape, SystemClock(), make_inbox())
        tape.has_some.wait(SOON_S)

        pump.stop()
        tape.is_closed = True

        assert not [one for one in threading.enumerate() if one.name == "pump" and one.is_alive()]

    def test_reports_a_speaker_that_broke(self):
        """A full disk is told to the session."""
        inbox = make_inbox()
        Pump(Player(), Tape(breaks_at=3), SystemClock(), inbox)

        failed = inbox.get(timeout=SOON_S)

        assert (failed.room, failed.reason) == ("speak", "the disk is full.")


class TestRunLive:
    @pytest.fixture
    def live(self, loaded, told, settled, tmp_path):
        """A session of somebody who knows the advice, from its beginning to its end."""
        player, inbox, clock = Player(), make_inbox(), ManualClock()
        mouth = ThreadMouth(ClipCache(SilentVoice(), None), player, inbox)
        path = settled(tmp_path, clock=clock)

        def whole(watch, sources):
            with closing(Journal(path)) as journal:  # belongs to the thread that opens it
                session = build.session(
                    loaded, player, mouth, lambda _: None, clock=clock, journal=journal, observers=(told,)
                )
                session.begin("full", "full")
                pump = Pump(player, Nowhere(), Hurried(), inbox)
                try:
                    run_live(session, inbox, player, watch, sources=sources)
                finally:
                    pump.stop()

        return SimpleNamespace(whole=whole, inbox=inbox, told=told)

    def run(self, live, watch=lambda: (), sources=1):
        done = threading.Thread(target=live.whole, args=(watch, sources), daemon=True)
        done.start()
        done.join(SOON_S)
        assert not done.is_alive(), "the loop did not end"

    def test_says_everything_before_it_ends_with_its_last_line(self, live):
        """The last typed line is answered completely, though no more will come."""
        live.inbox.put(Typed("help"))
        live.inbox.put(NoMore())

        self.run(live)

        said = [effect.utterance for _, effect, _ in live.told.effects if isinstance(effect, Say)]
        sounded = [text for _, text in live.told.sounded[-2:]]
        last = live.told.events[-1]
        assert sounded[0].startswith("If it hurts")
        assert sounded[1].startswith("You can say “start”")
        assert isinstance(last, VoiceEnded)
        assert (last.utterance, last.is_finished) == (said[-1], True)

    def test_ends_when_the_person_leaves(self, live):
        """Also when more could come; the last word has sounded."""
        live.inbox.put(Typed("end session"))

        self.run(live)

        assert live.told.sounded[-1][1] == "Goodbye."

    def test_goes_on_while_one_of_two_sources_is_left(self, live):
        """The ear broke, the keyboard still works."""
        live.inbox.put(NoMore())
        threading.Timer(0.5, lambda: live.inbox.put(Typed("end session"))).start()

        self.run(live, sources=2)

        assert live.told.sounded[-1][1] == "Goodbye."

    def test_the_last_source_that_is_lost_holds_the_count_and_is_told(self, live):
        """Nobody could stop it: it is silent, keeps the place, says so, and ends."""
        for line in ("start", "ready"):
            live.inbox.put(Typed(line))
        threading.Timer(0.5, lambda: live.inbox.put(NoMore("keyboard"))).start()

        self.run(live)

        assert [text for _, text in live.told.sounded[-2:]] == [
            "I can no longer hear or read you.",
            "I keep your place, and end here. Goodbye.",
        ]
        (failed,) = [event for event in live.told.events if isinstance(event, Failed)]
        assert (failed.room, failed.reason) == ("input", "it has ended")

    def test_a_lost_keyboard_holds_and_is_told_while_the_ear_hears(self, live):
        """One of two sources is left, and says the rest."""
        for line in ("start", "ready"):
            live.inbox.put(Typed(line))
        threading.Timer(0.5, lambda: live.inbox.put(NoMore("keyboard"))).start()
        threading.Timer(1.0, lambda: live.inbox.put(Typed("end session"))).start()

        self.run(live, sources=2)

        said = [text for _, text in live.told.sounded]
        assert "The keyboard is gone, and I have paused. If a microphone works, speak to me." in said
        assert said[-1] == "I keep your place. Goodbye."

    def test_what_is_lost_and_found_is_said(self, live):
        """A failure from the inbox and one from the watch reach the dialogue."""
        live.inbox.put(Failed(at_s=0.0, room="decode", reason="it broke"))
        found = [[Recovered(at_s=0.0, room="decode")]]
        live.inbox.put(NoMore())

        self.run(live, watch=lambda: found.pop() if found else ())

        rooms = [event.room for event in live.told.events if isinstance(event, (Failed, Recovered))]
        assert rooms == ["decode", "decode"]


class Hurried:
    """A clock that goes fifty times as fast."""

    def __init__(self) -> None:
        self._clock = SystemClock()

    def now_s(self) -> float:
        return 50 * self._clock.now_s()

    def wall(self):
        return self._clock.wall()
