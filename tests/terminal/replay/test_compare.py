"""The same events give the same effects; a trace that says otherwise is told with its line."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from assistant.clock import ManualClock
from assistant.errors import BadTrace
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.terminal.replay.compare import replay_file
from assistant.wire import build
from assistant.wire.lockstep import Nowhere, run_lines
from assistant.wire.mouth import DirectMouth
from assistant.wire.trace import TraceWriter


@pytest.fixture(scope="module")
def lines(loaded, settled, tmp_path_factory):
    """The trace of a session with a question, a pause, pain, and an end."""
    home = tmp_path_factory.mktemp("trace")
    clock = ManualClock()
    path = home / "trace.jsonl"
    with path.open("w", encoding="utf-8") as out, closing(Journal(settled(home, clock=clock))) as journal:
        record(loaded, TraceWriter(out, loaded.library), journal, clock)
    return path.read_text(encoding="utf-8").splitlines()


def record(loaded, writer, journal, clock):
    player = Player()
    mouth = DirectMouth(ClipCache(SilentVoice(), None), player)
    session = build.session(loaded, player, mouth, lambda _: None, clock=clock, journal=journal, observers=(writer,))
    session.begin("full", "full")
    counting = ["start", "ready", "+5s", "how many left", "+2s", "pause", "resume", "+4s"]
    run_lines(session, player, Nowhere(), [*counting, "that hurts", "gibberish words", "end session"])


@pytest.fixture
def replay(loaded, tmp_path):
    """Replay these lines."""

    def run(lines):
        path = tmp_path / "trace.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return replay_file(path, loaded)

    return run


def place(lines, **wanted):
    """The index of the first record with these values."""
    for i, line in enumerate(lines):
        if wanted.items() <= json.loads(line).items():
            return i
    raise AssertionError(wanted)


def test_a_trace_is_reproduced(replay, lines):
    """Every effect, in order; how many is told."""
    records = [json.loads(line) for line in lines]

    events, effects = replay(lines)

    assert events == sum("event" in one for one in records) - 1
    assert effects == sum("effect" in one for one in records) > 50


def test_another_effect_is_told_with_its_line(replay, lines):
    """And what the dialogue gives now."""
    at = place(lines, effect="say", reply="paused_at")
    changed = [*lines[:at], lines[at].replace("Paused", "Stopped"), *lines[at + 1 :]]

    with pytest.raises(BadTrace, match=rf"trace.jsonl:{at + 1}: the dialogue now gives.*Paused"):
        replay(changed)


def test_a_missing_effect_is_told(replay, lines):
    """At the line where it should stand."""
    at = place(lines, effect="say", reply="paused_at")

    with pytest.raises(BadTrace, match=rf":{at + 1}: the dialogue now gives"):
        replay([*lines[:at], *lines[at + 1 :]])


def test_an_effect_too_many_is_told(replay, lines):
    """The dialogue gives no such effect."""
    at = place(lines, event="said", intent="pause")

    with pytest.raises(BadTrace, match=rf":{at + 1}: the dialogue now gives no such effect"):
        replay([*lines[:at], json.dumps({"at_s": 1.0, "effect": "hush", "how": "now"}), *lines[at:]])


def test_a_missing_event_is_told(replay, lines):
    """The events after a missing one do not fit any more."""
    at = place(lines, event="said", intent="pause")

    with pytest.raises(BadTrace, match="the dialogue now gives no such effect"):
        replay([*lines[:at], *lines[at + 1 :]])


def test_a_trace_that_ends_within_an_answer_is_told(replay, lines):
    """A crash between two effects of one event."""
    at = place(lines, effect="say", reply="paused_at")

    with pytest.raises(BadTrace, match=rf":{at + 1}: the dialogue now gives"):
        replay(lines[:at])


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "not a line of JSON"),
        ("[]", "neither an event nor an effect"),
        ('{"at_s": 1.0}', "neither an event nor an effect"),
        ('{"at_s": 1.0, "event": "exploded"}', "not an event of this version"),
        (
            '{"at_s": 1.0, "event": "began", "routine": "nonsense", "usual": "full"}',
            "the dialogue has no answer to this event",
        ),
    ],
)
def test_a_damaged_line_is_told_with_its_number(replay, lines, line, what):
    """And with what to do."""
    with pytest.raises(BadTrace, match=rf"trace.jsonl:2: {what}.*(Record|Replay)"):
        replay([lines[0], line, *lines[1:]])


@pytest.mark.parametrize("head", ["", '{"event": "began"}', '{"event": "opened", "version": 99}'])
def test_a_file_that_is_no_trace_is_refused(replay, lines, head):
    """An empty one too."""
    with pytest.raises(BadTrace, match=r"(not a trace of version 1|not a line of JSON)"):
        replay([head, *lines[1:]] if head else [])


def test_a_trace_of_other_files_is_refused(replay, lines):
    """It would differ for no fault of the dialogue."""
    head = json.loads(lines[0]) | {"library": "0" * 16}

    with pytest.raises(BadTrace, match="other technique or routine files"):
        replay([json.dumps(head), *lines[1:]])


def test_a_file_that_is_not_there_is_told(loaded, tmp_path):
    """By its name; a file of bytes is no JSON."""
    (tmp_path / "noise.jsonl").write_bytes(bytes(range(256)))

    with pytest.raises(BadTrace, match="nowhere.jsonl: cannot be read"):
        replay_file(tmp_path / "nowhere.jsonl", loaded)
    with pytest.raises(BadTrace, match="noise.jsonl: not UTF-8 text"):
        replay_file(tmp_path / "noise.jsonl", loaded)
