"""`tuina bench` on typed lines: no ear, the words and their meaning alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import UnknownName
from assistant.messages import Intent, NotNow, Perhaps, Said, Unsure
from assistant.respond.transitions import STATE_NAMES, legal_in
from assistant.terminal.bench.moments import ALL, MOMENTS, ROW, legal_of, state_of
from assistant.terminal.bench.told import Told, told_by
from tests.fakes.benched import CLEAR, SPEECH, bench, written

STOP = {"text": "stop", "intent": "stop", "slots": {}, "state": "counting"}
TALK = {"text": "the bus was late", "intent": None}
READY = {"text": "i am ready", "intent": "ready", "state": "counting"}
TWO = {"text": "slow down and talk louder", "intents": ["slower", "louder"], "slots": [{}, {}]}


def found_in(folder: Path, *words: object, rows: tuple[dict, ...]) -> dict:
    out = folder / "out.json"
    done = bench(written(folder, *rows), *words, "--json", out)
    assert done.exit_code == 0, done.output
    return json.loads(out.read_text(encoding="utf-8"))


def test_typed_lines_need_no_ear(tmp_path) -> None:
    """They are measured as one run, with what was done and what was asked."""
    found = found_in(tmp_path, "--state", "all", rows=(STOP, TALK, READY, TWO))

    assert (found["engine"], found["n"], found["negative_clips"]) == ("typed", 3, 1)
    assert [item["got"] for item in found["items"]][:3] == ["stop", None, "ready"]
    assert isinstance(found["items"][3]["got"], list)
    assert [item["asked"] for item in found["items"]] == [None] * 4
    assert found["costs"]["idle_cpu_per_s"] is None


def test_all_makes_everything_legal_whatever_the_rows_say(tmp_path) -> None:
    """By itself "ready" while it counts is refused, with `all` it is done."""
    (own,) = found_in(tmp_path, "--state", "row", rows=(READY,))["items"]
    (every,) = found_in(tmp_path, "--state", "all", rows=(READY,))["items"]

    assert (own["got"], own["not_now"], own["state"]) == (None, "ready", "counting")
    assert (every["got"], every["verdict"], every["state"]) == ("ready", "right", "all")


def test_the_figures_of_words_are_told(tmp_path) -> None:
    """With counts, so that they can be added up, and intervals."""
    found = found_in(tmp_path, rows=(STOP, TALK))
    words = {one["figure"]: one for one in found["words"]}

    assert (words["commands: done right"]["part"], words["commands: done right"]["whole"]) == (1, 1)
    assert words["nothing wanted: done"]["share_95"][0] == 0.0
    assert list(found["words_by_state"]) == ["any state", "counting"]


def test_lines_and_recordings_stand_beside_each_other(tmp_path) -> None:
    """One run, in the order of the rows; noise reaches the recordings alone."""
    clip = {**CLEAR[0], "file": str(SPEECH / CLEAR[0]["file"]), "word_end_s": 0.0}

    found = found_in(tmp_path, "--noise", "pink", "--snr", 30, "--with-clean", rows=(STOP, clip))

    assert [item["condition"] for item in found["items"]] == ["typed", "clean", "pink30"]
    assert found["items"][0]["file"] is None
    assert found["engine"] == "phonetic"
    assert found["items"][1]["reaction_s"] >= found["items"][1]["heard"][0]["acted_s"] > 0  # from the row's own end


@pytest.mark.parametrize(
    ("own", "asked", "state"),
    [
        ("paused", "counting", "paused"),
        (None, "counting", "counting"),
        (None, None, None),
        ("paused", ALL, ALL),
        ("paused", ROW, "paused"),
        (None, ROW, None),
    ],
)
def test_the_state_of_a_row_and_of_the_option(own, asked, state) -> None:
    """A row's own state wins, except over `all`."""
    assert state_of(own, asked) == state


def test_a_moment_is_made_of_states_of_the_dialogue() -> None:
    """An intent that is legal in one of them is legal; all is more than the default by the bare numbers."""
    for moment, states in MOMENTS.items():
        assert set(states) <= set(STATE_NAMES)
        assert legal_of(moment) == frozenset().union(*(legal_in(state) for state in states))
    assert legal_of(ALL) - legal_of(None) == {Intent.RATE_PAIN}
    with pytest.raises(UnknownName, match="nowhere"):
        legal_of("nowhere")


def test_events_become_what_was_done_and_asked() -> None:
    """In one place, whatever the interpreter gives."""
    said = [Said(at_s=0.0, intent=Intent.PAUSE), Said(at_s=0.0, intent=Intent.SLOWER, slots={"number": 2})]

    assert told_by(said) == Told(did=(("pause", {}), ("slower", {"number": 2})))
    assert told_by([Perhaps(at_s=0.0, intent=Intent.STOP)]) == Told(asked=("stop", {}))
    assert told_by([NotNow(at_s=0.0, intent=Intent.NEXT)]) == Told(not_now=("next", {}))
    assert told_by([Unsure(at_s=0.0)]) == Told()
