"""Early results of a word that is still being spoken: the same in samples and in real time, and in the trace."""

from __future__ import annotations

import json
import threading
from contextlib import closing

import numpy as np
import pytest

from assistant.clock import ManualClock, SystemClock
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Hush, NotNow, Said, Unsure, VoiceBegan
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.terminal.replay.compare import replay_file
from assistant.wire import build
from assistant.wire.lockstep import Lockstep, Nowhere, run_source
from assistant.wire.mouth import DirectMouth, ThreadMouth
from assistant.wire.runtime import EarThread, Pump, make_inbox, play_recording, run_live
from assistant.wire.session import Sounding
from assistant.wire.trace import TraceWriter

SOON_S = 120.0  # longer than any machine needs; a test that waits so long has failed
SPOKEN = (  # when it is heard, when it began, what, whether it is over
    (1.0, 0.8, "start", True),
    (2.3, 2.0, "stop", False),
    (2.7, 2.0, "stop", True),
    (3.5, 3.2, "resume", True),
    (5.2, 5.0, "wait", False),
    (6.0, 5.0, "wait two minutes", True),
    (7.2, 7.0, "stop", False),
    (7.6, 7.0, "stop that noise", True),
    (9.2, 9.0, "stop", False),
    (9.6, 9.0, "how many left", True),
    (11.0, 10.8, "how many left", False),
    (11.3, 10.8, "how many left", True),
)
MEANT = [
    ("ready", False),
    ("stop", False),
    ("resume", False),
    ("pause", False),
    ("wait_for", False),
    ("stop", False),
    ("stop", False),
    ("how_many_left", False),
    ("how_many_left", False),
]


class ScriptedEngine:
    """Hears what was written down, at its time in the recording."""

    def __init__(self) -> None:
        self.waiting = list(SPOKEN)

    def learn(self, phrases):
        pass

    def expect(self, intents):
        pass

    def feed(self, block):
        found = []
        while self.waiting and self.waiting[0][0] <= block.at_s + BLOCK_S:
            end_s, at_s, text, is_final = self.waiting.pop(0)
            heard = Heard(text=text, is_final=is_final, is_sure=True, score=9.0, at_s=at_s, end_s=end_s)
            found.append(heard)
        return tuple(found)

    def finish(self):
        return ()

    def reset(self):
        pass

    def unknown_words(self, phrases):
        return ()


class Recording:
    """Twelve seconds of silence: what was said stands in the script."""

    def blocks(self):
        for n in range(round(12.0 / BLOCK_S)):
            yield AudioBlock(pcm=np.zeros(320, np.int16), rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S)


@pytest.fixture
def in_samples(loaded, told, settled, tmp_path):
    """Run the script in samples; the path of the trace."""

    def run(name):
        player = Player()
        engine, path = ScriptedEngine(), tmp_path / name
        with closing(Journal(settled(tmp_path / "home", clock=ManualClock()))) as journal, path.open("w") as out:
            session = build.session(
                loaded,
                player,
                DirectMouth(ClipCache(SilentVoice(), None), player),
                engine.expect,
                clock=ManualClock(),
                journal=journal,
                observers=(told, TraceWriter(out, loaded.library)),
            )
            session.begin("full", "full")
            run_source(session, player, Nowhere(), Recording(), engine)
        return path

    return run


@pytest.fixture
def in_real_time(loaded, told, settled, tmp_path):
    """Run the script through the threads of a live session."""

    def whole(clock):
        player, inbox = Player(), make_inbox()
        mouth = ThreadMouth(ClipCache(SilentVoice(), None), player, inbox)
        ear = EarThread(ScriptedEngine, inbox, player)
        with closing(Journal(settled(tmp_path / "home", clock=ManualClock()))) as journal:
            session = build.session(loaded, player, mouth, ear.expect, clock=clock, journal=journal, observers=(told,))
            session.begin("full", "full")
            ear.listen()
            pump = Pump(player, Nowhere(), clock, inbox)
            play_recording(Recording().blocks(), ear, clock)
            try:
                run_live(session, inbox, player, lambda: (), sources=1)
            finally:
                pump.stop()
                mouth.close()

    def run(clock):
        done = threading.Thread(target=whole, args=(clock,), daemon=True)
        done.start()
        done.join(SOON_S)
        assert not done.is_alive(), "the loop did not end"

    return run


def meant(told):
    return [(event.intent.value, event.corrects) for event in told.events if isinstance(event, Said)]


def test_the_same_recording_means_the_same_in_samples_and_in_real_time(in_samples, in_real_time, told):
    """Each early hearing acts once, and what follows of its utterance as it should; nothing is "not understood"."""
    in_samples("trace.jsonl")
    first, told.events = told.events, []
    in_real_time(SystemClock())
    second, told.events = told.events, first

    assert meant(told) == MEANT
    told.events = second
    assert meant(told) == MEANT
    assert not [event for event in first + second if isinstance(event, (Unsure, NotNow))]


def test_the_same_recording_gives_the_same_trace_which_can_be_replayed(in_samples, loaded):
    """Byte for byte, with what was heard early in it."""
    one, other = in_samples("one.jsonl"), in_samples("other.jsonl")

    events, effects = replay_file(one, loaded)

    records = [json.loads(line) for line in one.read_text("utf-8").splitlines()]
    assert one.read_bytes() == other.read_bytes()
    assert min(events, effects) > 20
    assert next(one["at_s"] for one in records if one.get("intent") == "stop") == pytest.approx(2.3, abs=2 * BLOCK_S)


@pytest.fixture
def talking(loaded, told):
    """A session that hears its own loudspeaker, in the middle of a sentence."""
    player = Player()
    session = build.session(
        loaded,
        player,
        DirectMouth(ClipCache(SilentVoice(), None), player),
        lambda _: None,
        clock=ManualClock(),
        journal=None,
        observers=(told,),
        has_echo=True,
    )
    steps = Lockstep(session, player, Nowhere())
    session.begin("full", "full")
    for text in ("start", "pause"):
        steps.wait_until_quiet()
        steps.step((so_far(text, at_s=player.now_s, is_final=True),))
    steps.step_while(lambda: not any(isinstance(one, VoiceBegan) for one in told.events[-2:]), 5.0)
    return session


def so_far(text, *, at_s=1.0, is_final=False):
    return Heard(text=text, is_final=is_final, is_sure=True, score=9.0, at_s=at_s, end_s=at_s + 0.3)


@pytest.mark.parametrize(("text", "acts"), [("stop", True), ("wait", True), ("how many left", False)])
def test_the_first_half_of_an_utterance_silences_at_once(talking, told, text, acts):
    """Before its end, and only what may."""
    before = len(told.effects)

    talking.hear(so_far(text))

    assert (Hush(how="now") in [effect for _, effect, _ in told.effects[before:]]) is acts


def test_our_own_voice_does_not_pause_us_before_its_end_either(talking, told, loaded):
    """A pause that stands in the sentence that is sounding is an echo; a "stop" passes, whoever said it."""
    talking._sounding = Sounding("Hold on to the chair, and stop.")
    before = len(told.events)

    talking.hear(so_far("hold on"))
    is_ignored = len(told.events) == before
    talking.hear(so_far("stop"))

    assert is_ignored
    assert [event.text for event in told.events[before:] if isinstance(event, Said)] == ["stop"]
