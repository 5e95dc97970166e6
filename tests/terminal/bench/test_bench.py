"""`tuina bench` as a person runs it, on a handful of clips through real ears."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner, Result

from assistant.terminal.app import app

ROOT = Path(__file__).parents[3]
SPEECH = ROOT / "tests" / "data" / "speech"
ROWS = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
KEYS = ["engine", "n", "right", "rejected", "wrong", "accuracy", "false_actions", "negative_hours", "false_per_hour"]
KEYS += ["cpu_per_s", "reaction_p50_s", "reaction_p95_s", "items"]
MEASURED = {"cpu_per_s", "cpu_per_clip_s", "cpu_s", "costs", "reaction_s", "reaction_p50_s", "reaction_p95_s"}


def few() -> list[dict[str, object]]:
    """Three commands, a word, a sentence that is none, and room noise."""
    texts = ("next one please", "repeat that please", "how many are left")
    commands = [next(row for row in ROWS if row["text"] == text) for text in texts]
    return commands + [next(row for row in ROWS if row["kind"] == kind) for kind in ("word", "talk", "background")]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speech")
    rows = [{**row, "file": str(SPEECH / str(row["file"]))} for row in few()]
    path = folder / "manifest.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def bench(*words: object) -> Result:
    return CliRunner().invoke(app, ["bench", *map(str, words)])


@pytest.fixture(scope="module")
def one(manifest: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, dict]:
    """One engine, one worker."""
    out = tmp_path_factory.mktemp("out") / "one.json"
    done = bench(manifest, "--json", out)
    return done, json.loads(out.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def two(manifest: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict], str]:
    """Two engines with two workers each, and the page."""
    folder = tmp_path_factory.mktemp("out")
    json_out, html_out = folder / "two.json", folder / "two.html"
    done = bench(
        manifest, "--engine", "phonetic", "--engine", "top1", "--jobs", 2, "--json", json_out, "--html", html_out
    )
    assert done.exit_code == 0, done.output
    return json.loads(json_out.read_text(encoding="utf-8")), html_out.read_text(encoding="utf-8")


def steady(value: object) -> object:
    """Without what a clock measured."""
    if isinstance(value, dict):
        return {name: steady(inner) for name, inner in value.items() if name not in MEASURED}
    return [steady(inner) for inner in value] if isinstance(value, list) else value


def test_the_json_has_the_promised_keys(one) -> None:
    """In their order, with one item for each clip, and more behind them."""
    _, found = one

    assert list(found)[: len(KEYS)] == KEYS
    assert list(found["items"][0])[:6] == ["file", "want", "got", "slots", "score", "accepted"]
    assert [item["file"] for item in found["items"]] == [str(SPEECH / str(row["file"])) for row in few()]
    assert [item["want"] for item in found["items"]] == [row["intent"] for row in few()]


def test_figures_follow_from_the_items(one) -> None:
    """Whoever counts the items gets the same sums."""
    _, found = one
    commands = [item for item in found["items"] if item["want"] is not None]
    others = [item for item in found["items"] if item["want"] is None]
    right = [item for item in commands if item["accepted"] and item["got"] == item["want"]]

    assert (found["n"], found["right"]) == (3, len(right))
    assert found["right"] + found["rejected"] + found["wrong"] == found["n"]
    assert found["accuracy"] == round(found["right"] / found["n"], 4)
    assert found["false_clips"] == sum(item["accepted"] for item in others)
    assert found["negative_hours"] == pytest.approx(sum(item["seconds"] for item in others) / 3600, abs=1e-5)


def test_clear_commands_are_right_and_costs_are_told(one) -> None:
    """A clear voice is heard; processor time, memory and reaction are figures above nothing."""
    done, found = one

    assert done.exit_code == 0
    assert found["right"] == 3
    assert 0 < found["cpu_per_s"] < found["cpu_per_clip_s"]
    assert 0 < found["reaction_p50_s"] <= found["reaction_p95_s"] < 5
    assert found["costs"]["peak_mb"] >= found["costs"]["bare_mb"] > 0


def test_the_table_says_the_same(one) -> None:
    """A person reads counts with their intervals."""
    done, _ = one

    assert "3/3 100.0 % [43.9–100.0]" in " ".join(done.output.split())


def test_more_workers_change_nothing(one, two) -> None:
    """The same figures in the same order, but for what a clock measured."""
    _, alone = one
    (together, _), _ = two

    assert steady(alone) == steady(together)


def test_the_plain_baseline_refuses_nothing(two) -> None:
    """It takes the best phrase for whatever is said, which is what the rules are for."""
    (_, plain), _ = two

    assert plain["engine"] == "top1"
    assert plain["rejected"] == 0
    assert plain["false_clips"] >= 2


def test_the_page_stands_alone(two) -> None:
    """It draws the curve and the scores, holds no script and fetches nothing."""
    _, html = two

    assert html.count("<svg") >= 3
    assert "<script" not in html
    assert "src=" not in html
    assert "@import" not in html
    assert html.count("<figure>") == html.count("</figure>")


def test_noise_multiplies_the_clips_and_is_named(manifest, tmp_path) -> None:
    """One item for each clip and condition; a clip in which nobody speaks is played as it is."""
    out = tmp_path / "out.json"

    done = bench(manifest, "--noise", "pink", "--snr", 20, "--with-clean", "--json", out, "--engine", "top1")

    assert done.exit_code == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [item["condition"] for item in found["items"]] == ["clean"] * 6 + ["pink20"] * 6
    assert set(found["by_condition"]) == {"clean", "pink20"}


def test_a_state_makes_other_commands_illegal(tmp_path) -> None:
    """A command that is not legal there is rejected; a state in the manifest takes precedence over the option."""
    row = next(row for row in ROWS if row["text"] == "next one please")
    path = SPEECH / row["file"]
    other = tmp_path / "other.flac"
    other.write_bytes(path.read_bytes())
    rows = [{"file": str(path), "intent": "next"}, {"file": str(other), "intent": "next", "state": "counting"}]
    manifest = tmp_path / "m.jsonl"
    manifest.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    out = tmp_path / "out.json"

    bench(manifest, "--state", "idle", "--json", out)

    items = json.loads(out.read_text(encoding="utf-8"))["items"]
    assert [(item["state"], item["verdict"]) for item in items] == [("idle", "rejected"), ("counting", "right")]
    assert (items[0]["got"], items[0]["not_now"]) == (None, "next")


def test_noise_from_a_file_reaches_the_ear(manifest, tmp_path) -> None:
    """Far louder than speech, it leaves nothing to recognise."""
    noise, out = tmp_path / "hiss.wav", tmp_path / "out.json"
    soundfile.write(noise, np.random.default_rng(0).standard_normal(48_000) * 0.1, 16_000)

    bench(manifest, "--noise", noise, "--snr", -30, "--json", out)

    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["right"], set(found["by_condition"])) == (0, {"hiss-30"})
