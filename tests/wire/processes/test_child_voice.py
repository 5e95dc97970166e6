"""A voice in a process of its own: a death costs one more try, a hang its deadline, and the next sentence is spoken."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import VoiceError
from assistant.messages import Clip
from assistant.wire.processes.proxies import ChildVoice

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


class Singer:
    """A voice that hangs, dies or gives rubbish when told to."""

    name = "singer"
    version = "7"

    def __init__(self, memory):
        self.memory = Path(memory)

    def synthesise(self, text, *, speed=1.0):
        if text == "refuse":
            raise VoiceError("not that")
        if text == "rubbish":
            return 7
        if text == "die" or (text == "die once" and not self.memory.exists()):
            self.memory.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if text == "hang":
            time.sleep(60)
        return Clip(pcm=np.full(int(100 / speed), 5, np.int16), rate_hz=24_000)


@pytest.fixture
def voice(tmp_path):
    voice = ChildVoice(Singer, str(tmp_path / "memory"))
    yield voice
    voice.close()


def test_a_voice_in_a_child_gives_clips(voice):
    """Text and speed go there, sound comes back."""
    assert len(voice.synthesise("hello", speed=2.0).pcm) == 50
    assert (voice.name, voice.version) == ("singer", "7")


@posix
def test_a_voice_that_dies_once_is_tried_again(voice):
    """The sentence is spoken by the next child; the failure is kept."""
    assert len(voice.synthesise("die once").pcm) == 100
    assert len(voice.failures) == 1


@posix
def test_a_voice_that_dies_twice_is_told_and_the_next_sentence_works(voice):
    """Two deaths of one sentence are a VoiceError."""
    with pytest.raises(VoiceError, match="the voice: .*SIGKILL"):
        voice.synthesise("die")

    assert len(voice.synthesise("hello").pcm) == 100


def test_a_voice_that_hangs_is_given_up(voice):
    """At the deadline of 2 s + 0.015 s a character, once; a new child says the next sentence."""
    with pytest.raises(VoiceError, match=r"no answer to 'synthesise' in 2\.06 s"):
        voice.synthesise("hang")

    assert len(voice.failures) == 1
    assert len(voice.synthesise("hello").pcm) == 100


@pytest.mark.parametrize(("text", "said"), [("refuse", "not that"), ("rubbish", "gave no sound")])
def test_a_voice_that_refuses_is_not_asked_twice(voice, text, said):
    """Its own refusal comes through, and it lives on."""
    with pytest.raises(VoiceError, match=said):
        voice.synthesise(text)

    assert voice.failures == []
