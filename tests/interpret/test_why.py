"""Reasons of a refusal: a sentence for people, fields for programs, and records of a trace that asks for them."""

from __future__ import annotations

import json
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import get_args

import pytest

from assistant.clock import ManualClock
from assistant.interpret import explain, refusal_values
from assistant.messages import Refusal, Rule, Shortfall
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.terminal.replay.compare import replay_file
from assistant.wire import build
from assistant.wire.lockstep import Nowhere, run_lines
from assistant.wire.mouth import DirectMouth
from assistant.wire.trace import TraceWriter, WhyTraceWriter

LINES = ["start", "go to step nien", "ready", "+3s", "resume", "i feel fine", "pause", "stp", "end session"]


@pytest.mark.parametrize("rule", get_args(Rule))
def test_every_rule_has_words(rule):
    """No refusal is told by the name of a rule, and none with a gap in it."""
    said = explain(Refusal(text="done", shortfalls=(Shortfall(rule=rule, needs=3.0, had=1.7, word="sore"),)))

    assert said.startswith("'done' was refused: ")
    assert len(said) > len("'done' was refused: ") + 10
    assert rule not in said or "_" not in rule
    assert not {"{", "}"} & set(said)


def test_every_rule_stands_in_the_documentation():
    """Whoever adds a rule also says in docs/trace.md what it means."""
    text = (Path(__file__).parents[2] / "docs" / "trace.md").read_text(encoding="utf-8")

    assert [rule for rule in get_args(Rule) if f"`{rule}`" not in text] == []


def test_a_sentence_tells_the_bar_the_nats_and_the_rival():
    """All that a person needs to say it better, or to see that the rule is wrong."""
    short = Shortfall(rule="over_loop", needs=3.0, had=1.7), Shortfall(rule="ahead", needs=1.0, had=0.99)

    said = explain(Refusal(text="done", shortfalls=short, rival="none"))

    assert said == (
        "'done' was refused: it fell 1.3 nats short of the bar over any other speech (needs 3.0, had 1.7); "
        "it fell less than 0.1 nats short of the lead that it needs over every other command (needs 1.0, had 1.0); "
        "the rival was 'none'"
    )


def test_values_are_rounded_and_leave_out_what_a_rule_has_not():
    """For `--json` and the trace."""
    short = Shortfall(rule="misfit", needs=12.0, had=14.333), Shortfall(rule="another_number", word="nine")

    assert refusal_values(Refusal(text="step nine", shortfalls=short)) == {
        "text": "step nine",
        "rival": "",
        "bars": [
            {"rule": "misfit", "needs": 12.0, "had": 14.33, "lacks": 2.33},
            {"rule": "another_number", "word": "nine"},
        ],
    }


@pytest.fixture
def trace(loaded, settled, tmp_path):
    """The lines of a session's trace, written by a writer of this kind."""

    def run(kind):
        out, clock = StringIO(), ManualClock()
        home = tmp_path / kind.__name__
        home.mkdir()
        with closing(Journal(settled(home, clock=clock))) as journal:
            player = Player()
            session = build.session(
                loaded,
                player,
                DirectMouth(ClipCache(SilentVoice(), None), player),
                lambda _: None,
                clock=clock,
                journal=journal,
                observers=(kind(out, loaded.library),),
            )
            session.begin("full", "full")
            run_lines(session, player, Nowhere(), LINES)
        return out.getvalue().splitlines()

    return run


def test_a_trace_says_why_only_where_it_is_asked_for(trace):
    """Without the records of refusals it is the same, byte for byte."""
    with_why = trace(WhyTraceWriter)

    assert [line for line in with_why if '"refused"' not in line] == trace(TraceWriter)


def test_every_refusal_stands_before_its_event(trace):
    """Words of the script that were not obeyed, each with its rule; the event that follows has the same time."""
    records = [json.loads(line) for line in trace(WhyTraceWriter)]
    places = [i for i, one in enumerate(records) if "refused" in one]

    assert [(records[i]["refused"], records[i]["bars"][0]["rule"]) for i in places] == [
        ("go to step nine", "another_number"),
        ("resume", "not_legal"),
        ("i feel faint", "strange_word"),
        ("stop", "single_word"),
    ]
    assert [records[i + 1]["event"] for i in places] == ["unsure", "not_now", "unsure", "unsure"]
    assert all(records[i + 1]["at_s"] == records[i]["at_s"] for i in places)
    assert all(records[i]["why"].startswith(f"'{records[i]['refused']}' was refused: ") for i in places)


def test_a_trace_with_reasons_is_replayed_like_any_other(trace, loaded, tmp_path):
    """As many events and effects as without them."""
    counts = []
    for kind in (WhyTraceWriter, TraceWriter):
        path = tmp_path / f"{kind.__name__}.jsonl"
        path.write_text("\n".join(trace(kind)) + "\n", encoding="utf-8")
        counts.append(replay_file(path, loaded))

    assert counts[0] == counts[1]
    assert counts[0][0] > 10
