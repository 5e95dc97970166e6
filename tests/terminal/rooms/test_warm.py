"""What rooms share is as good as new in each session."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import numpy as np
import pytest
import soundfile

from assistant.messages import AudioBlock, Intent
from assistant.store.settings import Settings, folders_in
from assistant.terminal.rooms.warm import KeptVoice, Warm, WarmSession
from assistant.wire import build
from assistant.wire.session_run import begin_with
from tests.web.desk import ROOT

SPOKEN = ROOT / "tests" / "data" / "spoken"
BLOCK = 320


class NoEar:
    """An ear that notes what it is asked."""

    def __init__(self):
        self.asked = []

    def reset(self):
        self.asked.append("reset")

    def expect(self, intents):
        self.asked.append(intents)


class Resting:
    """A voice that may free its memory."""

    name, version = "hibari", "1"

    def rest(self):
        raise AssertionError


def heard(ear, name):
    """All that an ear gives for a recording with quiet around it."""
    pcm, _ = soundfile.read(SPOKEN / name, dtype="int16")
    quiet = np.zeros(16_000, np.int16)
    sound = np.concatenate([quiet, pcm, quiet])
    blocks = (sound[at : at + BLOCK] for at in range(0, len(sound) - BLOCK, BLOCK))
    return [one for at, pcm in enumerate(blocks) for one in ear.feed(AudioBlock(pcm=pcm, rate_hz=16_000, at_s=at / 50))]


@pytest.fixture
def session(loaded, tmp_path):
    """A session that has the given ear, not yet begun."""
    with ExitStack() as closing:
        settings, where = Settings(voice="silent"), folders_in(tmp_path)
        begin = begin_with(loaded, settings, None, print)
        made = WarmSession(
            loaded, settings, where, begin=begin, journal=None, observers=(), note=print, closing=closing
        )
        made.warm = Warm(found=loaded, ear=NoEar(), voice=None)
        yield made


def test_a_used_ear_hears_as_a_new_one_does(loaded, tmp_path):
    """Of an earlier session, in which half a word was open and little was legal: it gives the same to the number."""
    new, used = (build.ear("phonetic", Settings(), folders_in(tmp_path), loaded.phrases) for _ in range(2))
    used.expect(frozenset({Intent.YES}))
    heard(used, "flite-rms/slower.flac")
    pcm, _ = soundfile.read(SPOKEN / "hibari-heart" / "start.flac", dtype="int16")
    used.feed(AudioBlock(pcm=pcm[4000 : 4000 + BLOCK], rate_hz=16_000, at_s=9.0))
    used.reset()
    used.expect(frozenset(Intent))

    assert heard(used, "hibari-heart/i_am_ready.flac") == heard(new, "hibari-heart/i_am_ready.flac")


def test_a_session_takes_the_loaded_ear_as_new(session):
    """It forgets what was open, and everything is legal until the session says what is."""
    assert session._make_ear() is session.warm.ear
    assert session.warm.ear.asked == ["reset", frozenset(Intent)]


def test_an_ear_that_another_thread_still_holds_is_left_to_it(session, monkeypatch):
    """Two threads never have one ear: where an earlier session's hangs, a new one is made."""
    monkeypatch.setattr(build, "ear", lambda *_, **__: "another")
    done = threading.Event()
    stuck = threading.Thread(target=done.wait, name="ear", daemon=True)
    stuck.start()
    made = []
    mine = threading.Thread(target=lambda: made.append(session._make_ear()), name="ear")
    mine.start()
    mine.join()
    done.set()

    assert made == ["another"]
    assert session.warm.ear.asked == []


def test_a_shared_voice_frees_nothing_when_it_rests():
    """Its memory belongs to all rooms; loading it again would take 60 MB in this one."""
    voice = KeptVoice(Resting())

    assert not hasattr(voice, "rest")
    assert (voice.name, voice.version) == ("hibari", "1")
