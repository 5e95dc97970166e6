"""The bench's manifest: what is accepted, and the line of everything that is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import BadFiles
from assistant.terminal.bench.manifest import limited, read_manifests, unknown_intents

SPEECH = Path(__file__).parents[2] / "data" / "speech" / "manifest.jsonl"


def written(folder: Path, *rows: object, name: str = "m.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_file_text_and_intent_are_enough(tmp_path):
    """Everything else has a plain default, unknown fields are left alone, and paths count from the manifest."""
    path = written(tmp_path, {"file": "a/b.flac", "text": "go back", "intent": "previous", "mood": "calm"}, "")

    (clip,) = read_manifests([path])

    assert clip.path == tmp_path / "a" / "b.flac"
    assert (clip.row.slots, clip.row.condition, clip.row.human, clip.line) == (None, "clean", None, 1)


def test_the_shipped_recordings_are_a_manifest():
    """The recordings in tests/data can be measured unchanged."""
    clips = read_manifests([SPEECH])

    assert len(clips) > 100
    assert all(clip.path.is_file() for clip in clips)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "no JSON object"),
        ('{"file": "a"}', "intent: Field required"),
        ('{"intent": null}', "neither a file nor a text"),
        ('{"text": " ", "intent": "next"}', "neither a file nor a text"),
        ('{"text": "a", "intent": "next", "intents": ["next"]}', "there is an intent already"),
        ('{"text": "a", "intents": ["next"], "slots": {"number": 1}}', "a list of them"),
        ('{"text": "a", "intent": "go_to", "slots": [{"number": 1}]}', "a list of them"),
        ('{"text": "a", "intent": "next", "also": "done"}', "also: "),
        ('{"file": "", "intent": null}', "file: "),
        ('{"file": 3, "intent": null}', "file: "),
        ('{"file": "a", "intent": ""}', "intent: "),
        ('{"file": "a", "intent": "go_to", "slots": {"number": 1.5}}', "slots.number"),
        ('{"file": "a", "intent": "go_to", "slots": [1]}', "slots"),
        ('{"file": "a", "intent": null, "slots": {"number": 1}}', "without an intent"),
        ('{"file": "a", "intent": null, "human": "yes"}', "human: "),
        ('{"file": "a", "intent": null, "seconds": -1}', "seconds: "),
        ("[" * 100_000, "not JSON"),
        ('{"file": "a\\u0000b", "intent": null}', "file: "),
        ('{"file": "a", "voice": "\\u001b[31m", "intent": null}', "voice: "),
        ('{"file": "a", "text": "\\ud800", "intent": null}', "text: "),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, says):
    """File, line and what is wrong; the good lines beside it do not hide it."""
    path = written(tmp_path, {"file": "ok.flac", "intent": None}, line)

    with pytest.raises(BadFiles) as caught:
        read_manifests([path])

    (problem, *_) = caught.value.problems
    assert problem.line == 2
    assert problem.path.endswith("m.jsonl")
    assert says in problem.what


def test_every_bad_line_is_told_at_once(tmp_path):
    """Of all manifests, also of those that do not exist."""
    first = written(tmp_path, "{", {"file": "a"}, name="one.jsonl")

    with pytest.raises(BadFiles) as caught:
        read_manifests([first, tmp_path / "nowhere.jsonl"])

    assert [(Path(one.path).name, one.line) for one in caught.value.problems] == [
        ("nowhere.jsonl", 0),
        ("one.jsonl", 1),
        ("one.jsonl", 2),
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_an_empty_or_strange_file_is_no_manifest(tmp_path, content):
    """There is nothing to measure, and that is said."""
    path = tmp_path / "m.jsonl"
    path.write_bytes(content)

    with pytest.raises(BadFiles, match="m.jsonl"):
        read_manifests([path])


def test_a_recording_named_twice_would_count_twice(tmp_path):
    """It is refused, unless it is in another condition."""
    row = {"file": "a.flac", "intent": None}

    with pytest.raises(BadFiles, match="already"):
        read_manifests([written(tmp_path, row, row)])
    assert len(read_manifests([written(tmp_path, row, {**row, "condition": "far"})])) == 2


def test_an_intent_that_no_grammar_has_is_named(tmp_path):
    """It could never be right, so the label is wrong."""
    clips = read_manifests([written(tmp_path, {"file": "a", "intent": "nxt"}, {"file": "b", "intent": "next"})])

    (problem,) = unknown_intents(clips, ["next", "stop"])

    assert (problem.line, "nxt" in problem.what, "next, stop" in problem.remedy) == (1, True, True)


def test_a_limit_takes_the_same_clips_each_time():
    """Chosen by their names: a smaller limit takes some of a larger one's, in the manifest's order."""
    clips = read_manifests([SPEECH])

    ten, thirty = limited(clips, 10), limited(tuple(reversed(clips)), 30)

    assert len(ten) == 10
    assert {clip.row.file for clip in ten} < {clip.row.file for clip in thirty}
    assert [clip.line for clip in ten] == sorted(clip.line for clip in ten)
    assert limited(clips, None) == clips


def test_a_file_of_another_kind_is_not_told_line_by_line(tmp_path):
    """Twenty problems, and how many there are."""
    path = written(tmp_path, *("a;b;c" for _ in range(500)))

    with pytest.raises(BadFiles) as caught:
        read_manifests([path])

    assert len(caught.value.problems) == 21
    assert "500 problems, of which the first 20 are told" in str(caught.value)


def test_a_row_without_a_file_is_typed(tmp_path):
    """It may stand twice, said by two people; without an intent nothing must be done."""
    line = {"text": "skip it", "intent": "next", "slots": {}, "also": ["done"], "state": "counting"}
    path = written(tmp_path, line, line, {"text": "put that down", "kind": "child"})

    first, second, third = read_manifests([path])

    assert (first.path, first.row.wishes, first.row.also) == (None, (("next", {}),), ("done",))
    assert second.row == first.row
    assert (third.row.wishes, third.row.wanted) == ((), "")


def test_several_wishes_have_their_own_slots(tmp_path):
    """In the order in which they are to be done."""
    path = written(tmp_path, {"text": "the left, and softer", "intents": ["a", "b"], "slots": [{"side": "left"}, {}]})

    (clip,) = read_manifests([path])

    assert clip.row.wishes == (("a", {"side": "left"}), ("b", {}))


def test_unknown_intents_are_found_among_all_that_are_right(tmp_path):
    """A name that no grammar has could never be done, wherever it stands."""
    path = written(
        tmp_path, {"text": "x", "intents": ["next", "fly"]}, {"text": "y", "intent": "next", "also": ["swim"]}
    )

    problems = unknown_intents(read_manifests([path]), ("next",))

    assert [(one.line, one.what) for one in problems] == [
        (1, "there is no intent 'fly'"),
        (2, "there is no intent 'swim'"),
    ]
