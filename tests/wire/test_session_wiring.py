"""Effects reach their parts: places and facts the disk, the rate the mouth, everything the trace; no words any file."""

from __future__ import annotations

import json
from threading import Event

import pytest
from typer.testing import CliRunner

from assistant.errors import BadTrace
from assistant.messages import Began, Keep, Past, SpeechRate
from assistant.messages.records import event_of, record_event
from assistant.speak.clips import ClipCache
from assistant.speak.silent_voice import SilentVoice
from assistant.terminal.app import app
from assistant.terminal.replay.compare import replay_file
from assistant.wire.mouth import DirectMouth, ThreadMouth
from assistant.wire.runtime import make_inbox
from assistant.wire.trace import TraceWriter

PLACE = {"version": 1, "period_s": 0.8571428571428571, "done": [3, 0], "steps": [0]}


def count_on(rehearsal, *, seconds: float) -> None:
    for word in ("start", "ready"):
        rehearsal.lockstep.wait_until_quiet()
        rehearsal.say(word)
    rehearsal.lockstep.wait(seconds)


def test_a_place_is_on_disk_when_the_next_sentence_is_ordered(rehearse):
    """Each Keep is performed before what follows it."""
    rehearsal = rehearse("expert_advice_heard", "screening_passed")
    rehearsal.told = Witness(rehearsal.journal)
    rehearsal.begin("full")
    count_on(rehearsal, seconds=30.0)

    assert len(rehearsal.told.kept) > 3
    assert all(rehearsal.told.kept)


class Witness:
    """An observer that looks at the disk whenever something follows a Keep."""

    def __init__(self, journal) -> None:
        self.journal = journal
        self.wanted = None
        self.kept = []

    def on_event(self, event):
        pass

    def on_effect(self, at_s, effect, text):
        if self.wanted is not None:
            self.kept.append(self.journal.saved() == json.loads(json.dumps(self.wanted.saved)))
        self.wanted = effect if isinstance(effect, Keep) else None


@pytest.fixture
def clips() -> ClipCache:
    return ClipCache(SilentVoice(), None)


class Sentence:
    """A player that only measures: how long sentences and numbers are."""

    now_s = 0.0

    def __init__(self) -> None:
        self.said: list[float] = []
        self.beats: list[float] = []
        self.came = Event()

    def queue_sentence(self, utterance, clip, **_):
        self.said.append(clip.seconds)
        self.came.set()

    def place_number(self, at_s, clip, n, period_s, **_):
        self.beats.append(clip.seconds)
        self.came.set()


@pytest.mark.parametrize("make", [DirectMouth, lambda clips, player: ThreadMouth(clips, player, make_inbox())])
def test_the_rate_of_speech_changes_sentences_and_numbers(clips, make):
    """At 50 percent a sentence takes twice as long, and so does a number that still fits into its period."""
    player = Sentence()
    mouth = make(clips, player)
    for percent in (100, 50):
        mouth.rate(percent)
        for order in (
            lambda: mouth.speak_sentence(1, "Let go."),
            lambda: mouth.speak_number(1.0, "twenty-four", 24, 4.0),
        ):
            player.came.clear()
            order()
            assert player.came.wait(120)

    assert player.said[1] == pytest.approx(2 * player.said[0], rel=0.01)
    assert player.beats[1] == pytest.approx(2 * player.beats[0], rel=0.01)


def test_the_effect_reaches_the_mouth(rehearse):
    """Said as a command: sentences after it sound at another rate."""
    rehearsal = rehearse("expert_advice_heard", "screening_passed")
    rehearsal.begin("full")
    rehearsal.lockstep.wait_until_quiet()
    rehearsal.say("speak slower")

    (percent,) = [effect.percent for _, effect, _ in rehearsal.told.effects if isinstance(effect, SpeechRate)]
    assert rehearsal.session._parts.mouth._speed == percent / 100 < 1


def test_what_the_past_and_the_place_hold_comes_back_from_the_trace():
    """Exactly, since a count goes on from it."""
    past = Past(sessions=2, days_ago=1, known={"cross-push": 2, "leg-pinch": 40})
    checks = {"checked_general": 60.0, "legs_closed": 60.0}
    began = Began(at_s=0.0, saved=PLACE, past=past, checks=checks, can_save=False)

    assert event_of(json.loads(json.dumps(record_event(began)))) == began


WHOLE = '"sessions": 1, "days_ago": 0, "sessions_this_week": 0, "techniques": 0'


@pytest.mark.parametrize(
    "past",
    [
        "{}",
        '{"known": 3}',
        "7",
        '{"sessions": 1, "mood": 2, "known": {}}',
        f'{{{WHOLE}, "known": 3}}',
        f'{{{WHOLE}, "known": {{}}, "mood": 2}}',
    ],
)
def test_a_past_that_is_none_is_a_bad_trace(past):
    """Edited by hand, or of another version."""
    record = {**record_event(Began(at_s=0.0)), "past": json.loads(past)}

    with pytest.raises(BadTrace):
        event_of(record)


def test_a_session_that_was_resumed_replays_to_the_byte(rehearse, loaded, tmp_path):
    """The trace holds the place, so that the dialogue gives the same numbers at the same times."""
    rehearsal = rehearse("expert_advice_heard", "screening_passed")
    rehearsal.begin("full")
    count_on(rehearsal, seconds=20.0)
    path = tmp_path / "trace.jsonl"
    with path.open("w", encoding="utf-8") as out:
        rehearsal.told = TraceWriter(out, loaded.library)
        rehearsal.begin(None)
        for word in ("resume", "no", "resume"):
            rehearsal.lockstep.wait_until_quiet()
            rehearsal.say(word)
        rehearsal.lockstep.wait(15.0)

    events, effects = replay_file(path, loaded)

    kinds = [json.loads(line).get("effect") for line in path.read_text(encoding="utf-8").splitlines()]
    assert events > 10
    assert effects == len([kind for kind in kinds if kind])
    assert {"beat", "keep", "note"} <= set(kinds)


CANARY = "purple elephants how many left"
SCRIPT = f"start\n{CANARY}\nno\nno\nno\nno\nno\nno\nno\n+5s\nready\n+9s\nhow many left\n{CANARY}\n+5s\nstop\n"


@pytest.mark.parametrize("is_traced", [False, True])
def test_no_word_that_was_said_is_in_any_file(tmp_path, monkeypatch, is_traced):
    """Neither what was understood nor what was not, unless a trace was asked for; then only there."""
    monkeypatch.setenv("TUINA_HOME", str(tmp_path / "home"))
    words = ["start", "--typed", "--pace", "max", "--speaker", "none", "--voice", "silent"]
    trace = ["--trace", str(tmp_path / "home" / "trace.jsonl")] if is_traced else []

    result = CliRunner().invoke(app, [*words, *trace], input=SCRIPT)

    files = {path: path.read_bytes().lower() for path in (tmp_path / "home").rglob("*") if path.is_file()}
    found = {path.name for path, held in files.items() for word in (b"how many left", b"elephants") if word in held}
    assert result.exit_code == 0, result.exception
    assert "how many left" in result.output
    assert "Stopped at" in result.output  # it was in the middle of a count
    assert "journal.db" in {path.name for path in files}
    assert found == ({"trace.jsonl"} if is_traced else set())
