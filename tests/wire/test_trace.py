"""A trace: every event and effect as a line of JSON, from which the events can be made again."""

from __future__ import annotations

import contextlib
import json
from io import StringIO
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BadTrace
from assistant.messages import (
    Beat,
    Began,
    Cue,
    Drowned,
    Due,
    Effect,
    Event,
    Failed,
    Forget,
    ForgetEverything,
    Hush,
    Intent,
    Keep,
    Leave,
    ListenFor,
    Note,
    NotNow,
    Past,
    Perhaps,
    Prefer,
    Recovered,
    Remember,
    Said,
    Say,
    Settle,
    Settled,
    Slept,
    Sound,
    SpeechRate,
    Unsure,
    VoiceBegan,
    VoiceEnded,
    Volume,
    WakeMe,
)
from assistant.messages.records import event_of, record_effect, record_event
from assistant.wire.trace import VERSION, TraceWriter, digest, opened

EVENTS = [
    Began(at_s=0.0, routine="full", usual="full", is_first_session=True),
    Began(
        at_s=0.0,
        usual="legs",
        checks={"checked_general": 60.25, "legs_closed": -7.0},
        saved={"version": 1, "n": 7, "period_s": 0.857142857},
        past=Past(sessions=3, days_ago=2, sessions_this_week=1, techniques=8, known={"cross-push": 2}),
        can_save=False,
        preferred={"speech_rate": 80},
        asks_rating=True,
    ),
    Said(at_s=1.5, intent=Intent.GO_TO, slots={"number": 3}, text="step three", score=17.25),
    Said(at_s=1.5, intent=Intent.GO_TO, slots={"technique": "leg pinch"}, text="go to leg pinch"),
    NotNow(at_s=2.0, intent=Intent.YES, text="yes"),
    Perhaps(at_s=2.0, intent=Intent.END_SESSION, text="quit"),
    Unsure(at_s=2.0, best="next one"),
    Drowned(at_s=2.5),
    Due(at_s=3.0, tag="beat"),
    VoiceBegan(at_s=4.0, utterance=7),
    VoiceEnded(at_s=4.0, utterance=7, is_finished=False),
    Failed(at_s=5.0, room="decode", reason="it broke"),
    Recovered(at_s=6.0, room="decode"),
    Settled(at_s=6.5, is_saved=True),
    Slept(at_s=7.0, seconds=5400.25),
]
EFFECTS = [
    (Say(utterance=1, reply="step", values={"n": 1}), {"effect": "say", "text": "spoken"}),
    (Beat(at_s=9.0, n=1, of=36, period_s=1.5, cue="right"), {"effect": "beat", "due_s": 9.0, "cue": "right"}),
    (Cue(at_s=9.0, word=3), {"effect": "cue", "due_s": 9.0, "word": 3}),
    (Hush(how="now"), {"effect": "hush", "how": "now"}),
    (WakeMe(at_s=9.0, tag="beat"), {"effect": "wake_me", "due_s": 9.0}),
    (Forget(tag="beat"), {"effect": "forget"}),
    (ListenFor(intents=frozenset({Intent.STOP, Intent.NO})), {"effect": "listen_for", "intents": ["no", "stop"]}),
    (Remember(fact="screening_passed"), {"effect": "remember", "fact": "screening_passed"}),
    (Prefer(what="tempo", percent=85), {"effect": "prefer", "what": "tempo", "percent": 85}),
    (Keep(saved={"at": 2, "side": ""}), {"effect": "keep", "saved": {"at": 2, "side": ""}}),
    (Keep(saved=None), {"effect": "keep", "saved": None}),
    (Note(what="pain", values={"step": 3}), {"effect": "note", "what": "pain", "values": {"step": 3}}),
    (ForgetEverything(), {"effect": "forget_everything"}),
    (Settle(), {"effect": "settle"}),
    (SpeechRate(percent=85), {"effect": "speech_rate", "percent": 85}),
    (Sound(earcon="finished"), {"effect": "sound", "earcon": "finished"}),
    (Volume(percent=120), {"effect": "volume", "percent": 120}),
    (Leave(reason="asked"), {"effect": "leave", "reason": "asked"}),
]


def name(value):
    return type(value).__name__


def test_every_kind_is_tried_here():
    """A new event or effect needs a row."""
    assert {type(event) for event in EVENTS} == set(get_args(Event))
    assert {type(effect) for effect, _ in EFFECTS} == set(get_args(Effect))


@pytest.mark.parametrize("event", EVENTS, ids=name)
def test_an_event_comes_back_from_its_line(event):
    """Written as JSON and read again it is the same."""
    line = json.dumps(record_event(event))

    assert event_of(json.loads(line)) == event
    assert list(json.loads(line))[:2] == ["at_s", "event"]


def test_times_are_written_to_a_millionth_of_a_second():
    """No tail of binary fractions: traces are read by people, too."""
    assert record_event(Due(at_s=0.1 + 0.2, tag="beat"))["at_s"] == 0.3
    assert record_effect(0.0, WakeMe(at_s=0.1 + 0.2, tag="beat"))["due_s"] == 0.3


@pytest.mark.parametrize(("effect", "fields"), EFFECTS, ids=name)
def test_an_effect_is_written_with_stable_names(effect, fields):
    """`at_s` is when it was asked for, `due_s` when it shall happen."""
    record = json.loads(json.dumps(record_effect(8.0, effect, "spoken" if isinstance(effect, Say) else "")))

    assert record["at_s"] == 8.0
    assert {key: record.get(key) for key in fields} == fields


@given(
    st.floats(0, 1e5), st.text(max_size=20), st.dictionaries(st.text(max_size=5), st.integers() | st.text(), max_size=3)
)
def test_any_words_and_slots_survive(at_s, text, slots):
    """Odd characters and numbers too; times are kept to a millionth of a second."""
    said = Said(at_s=round(at_s, 6), intent=Intent.REPEAT, slots=slots, text=text)

    assert event_of(json.loads(json.dumps(record_event(said)))) == said


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"event": "due", "tag": "beat"},
        {"at_s": 1.0, "event": "due"},
        {"at_s": "soon", "event": "due", "tag": "beat"},
        {"at_s": 1.0, "event": "due", "tag": 7},
        {"at_s": 1.0, "event": "due", "tag": "beat", "colour": "red"},
        {"at_s": 1.0, "event": "exploded"},
        {"at_s": 1.0, "event": "opened", "version": 1},
        {"at_s": 1.0, "event": ["due"], "tag": "beat"},
        {"at_s": 1.0, "event": "said", "intent": "sing"},
        {"at_s": 1.0, "event": "said", "intent": "stop", "slots": [1]},
        {"at_s": 1.0, "event": "voice_began", "utterance": None},
    ],
)
def test_what_is_no_event_is_refused(record):
    """With what is wrong, and what to do."""
    with pytest.raises(BadTrace, match="not an event of this version.*Replay it"):
        event_of(record)


@given(
    st.dictionaries(st.sampled_from(["at_s", "event", "tag", "intent", "slots"]), st.none() | st.integers() | st.text())
)
def test_garbage_is_refused_or_read_and_never_anything_else(record):
    """A line of a damaged file raises nothing but BadTrace."""
    with contextlib.suppress(BadTrace):
        assert event_of(record)


def test_the_first_line_says_what_it_was_recorded_with(loaded):
    """Version, language, and a digest that changes with the files."""
    out = StringIO()
    other = loaded.library.model_copy(update={"routines": {}})

    TraceWriter(out, loaded.library)

    assert json.loads(out.getvalue()) == opened(loaded.library)
    assert opened(loaded.library)["version"] == VERSION
    assert digest(other) != digest(loaded.library)


class FullDisk(StringIO):
    """Takes two lines, then nothing more, and cannot be closed either."""

    def write(self, text):
        if self.getvalue().count("\n") == 2:
            raise OSError(28, "No space left on device")
        return super().write(text)

    def close(self):
        raise OSError(28, "No space left on device")


def test_a_full_disk_ends_the_trace_and_says_so(loaded):
    """The trace written so far stays valid; the session is not disturbed."""
    out = FullDisk()
    writer = TraceWriter(out, loaded.library)

    for _ in range(5):
        writer.on_event(Due(at_s=1.0, tag="beat"))
    writer.on_effect(1.0, Hush(how="now"), "")
    writer.close()

    assert len([json.loads(line) for line in out.getvalue().splitlines()]) == 2
    assert writer.problem == "the trace ends early: No space left on device"
