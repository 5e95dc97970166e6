"""The thread that renders: order, haste, and silence at once."""

from __future__ import annotations

import queue
import threading
from types import SimpleNamespace

import pytest

from assistant.errors import VoiceError
from assistant.messages import MOUTH_RATE_HZ, Clip, VoiceBegan
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.wire.mouth import ThreadMouth, voice_fault
from assistant.wire.runtime import make_inbox

SOON_S = 120.0  # longer than any machine needs; a test that waits so long has failed


class SlowVoice(SilentVoice):
    """Waits with every sentence until it is let go, and tells that it began."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.may_go_on = threading.Semaphore(0)

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        self.asked.put(text)
        assert self.may_go_on.acquire(timeout=SOON_S)
        if text == "unspeakable":
            raise VoiceError("it can not say that")
        return super().synthesise(text, speed=speed)


class RestingVoice(SilentVoice):
    """Counts how often it was told to rest."""

    def __init__(self) -> None:
        super().__init__()
        self.rested = threading.Semaphore(0)

    def rest(self) -> None:
        self.rested.release()


class TestThreadMouth:
    @pytest.fixture
    def stage(self):
        voice, player, inbox = SlowVoice(), Player(), make_inbox()
        return SimpleNamespace(
            voice=voice, player=player, inbox=inbox, mouth=ThreadMouth(ClipCache(voice, None), player, inbox)
        )

    def asked(self, stage, count):
        return [stage.voice.asked.get(timeout=SOON_S) for _ in range(count)]

    def settle(self, stage):
        stage.voice.may_go_on.release(100)
        pause = threading.Event()
        while not stage.mouth.is_idle:
            pause.wait(0.005)

    def began(self, stage):
        stage.player.render(MOUTH_RATE_HZ * 60)
        return [one.utterance for one in stage.player.take_reports() if isinstance(one, VoiceBegan)]

    def test_is_not_idle_before_the_player_has_it(self, stage):
        """A session that asks whether all is said must not miss what is being rendered."""
        stage.mouth.speak_sentence(1, "hello")
        was_idle = stage.mouth.is_idle
        self.settle(stage)

        assert (was_idle, stage.player.is_idle) == (False, False)

    def test_sentences_sound_in_order(self, stage):
        """As they were said."""
        for n in (1, 2, 3):
            stage.mouth.speak_sentence(n, f"sentence {n}")
        self.settle(stage)

        assert self.began(stage) == [1, 2, 3]

    def test_numbers_are_rendered_before_sentences(self, stage):
        """A beat that comes while a long sentence is being rendered is next, before sentences that wait."""
        stage.mouth.speak_sentence(1, "a long sentence")
        self.asked(stage, 1)
        stage.mouth.speak_sentence(2, "another one")
        stage.mouth.speak_number(5.0, "one", 1, 1.5)
        stage.mouth.speak_word(6.0, "left")
        stage.voice.may_go_on.release(100)

        assert self.asked(stage, 3) == ["one", "left", "another one"]

    def test_hush_drops_what_waits_and_what_is_being_rendered(self, stage):
        """Nothing that was said before a hush is heard after it."""
        for n in (1, 2, 3):
            stage.mouth.speak_sentence(n, f"sentence {n}")
        self.asked(stage, 1)
        stage.mouth.hush("now")
        stage.mouth.speak_sentence(4, "let go")
        self.settle(stage)

        assert self.began(stage) == [4]

    def test_ends_with_what_is_being_rendered_and_leaves_the_rest(self, stage):
        """On return nothing computes any longer, so that the program may end."""
        stage.mouth.warm(str(n) for n in range(100))
        stage.mouth.speak_sentence(1, "hello")
        self.asked(stage, 1)
        threading.Timer(0.2, stage.voice.may_go_on.release, [100]).start()

        stage.mouth.close()

        assert not stage.mouth._thread.is_alive()
        assert stage.voice.asked.qsize() <= 1

    def test_says_what_a_voice_could_not_say_and_goes_on(self, stage):
        """The failure is told, and a pause stands for the sentence: the dialogue waits for its end."""
        stage.mouth.speak_sentence(1, "unspeakable")
        stage.mouth.speak_sentence(2, "good morning")
        self.settle(stage)

        assert stage.inbox.get(timeout=SOON_S).reason == "it can not say that."
        assert self.began(stage) == [1, 2]

    def test_a_voice_that_has_nothing_to_do_rests_once(self):
        """It gives its memory back after a while, not again before it has spoken, and speaks again."""
        voice, player = RestingVoice(), Player()
        mouth = ThreadMouth(ClipCache(voice, None), player, make_inbox(), rest_s=0.01)
        mouth.speak_sentence(1, "good morning")

        assert voice.rested.acquire(timeout=SOON_S)
        assert not voice.rested.acquire(timeout=0.1)
        mouth.speak_sentence(2, "and on")
        assert voice.rested.acquire(timeout=SOON_S)
        assert self.began(SimpleNamespace(player=player)) == [1, 2]

    def test_a_number_that_is_ready_does_not_wait_for_a_voice_that_hangs(self, stage):
        """The count goes on while a sentence takes its time."""
        stage.voice.may_go_on.release()
        stage.mouth.warm(["one"])
        self.asked(stage, 1)
        stage.mouth.speak_sentence(1, "a sentence on which the voice hangs")
        self.asked(stage, 1)

        stage.mouth.speak_number(0.5, "one", 1, 1.5)
        stage.player.render(MOUTH_RATE_HZ)

        assert [placed.is_spoken for placed in stage.player.placed] == [True]
        self.settle(stage)

    def test_renders_ahead_when_nothing_else_is_to_do(self, stage):
        """Nobody waits for it, and nothing sounds."""
        stage.mouth.warm(["one", "two"])
        assert self.asked(stage, 1) == ["one"]
        stage.mouth.speak_sentence(1, "hello")
        stage.voice.may_go_on.release(100)

        assert self.asked(stage, 2) == ["hello", "two"]
        self.settle(stage)
        assert self.began(stage) == [1]


def test_a_voice_that_broke_is_heard_even_where_the_next_one_is_mute():
    """A sign sounds at once, and the session is told."""
    player, inbox = Player(), make_inbox()

    voice_fault(player, inbox)("it broke")

    assert player.render(MOUTH_RATE_HZ).any()
    assert inbox.get(timeout=SOON_S).reason == "it broke"
