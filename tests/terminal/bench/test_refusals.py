"""The refusals of `tuina bench`, its notes on skipped clips, and its early ends."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from assistant.errors import EngineError, TuinaError
from assistant.terminal.bench.ears import EarSpec
from assistant.terminal.bench.manifest import read_manifests
from assistant.terminal.bench.run import jobs_for, run
from tests.fakes.benched import CLEAR, ROOT, SPEECH, bench, written


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return written(tmp_path, *({**row, "file": str(SPEECH / row["file"])} for row in CLEAR[:4]))


def test_broken_clips_are_named_and_left_out(tmp_path) -> None:
    """The others are measured all the same; the exit code says that something was wrong."""
    good = SPEECH / CLEAR[0]["file"]
    cut, empty = tmp_path / "cut.wav", tmp_path / "empty.flac"
    soundfile.write(cut, *soundfile.read(good, dtype="int16"))
    cut.write_bytes(cut.read_bytes()[:-9_000])
    empty.write_bytes(b"")
    names = [str(good), "cut.wav", "empty.flac", "nowhere.wav"]
    manifest = written(tmp_path, *({"file": one, "intent": CLEAR[0]["intent"]} for one in names))
    out, page = tmp_path / "out.json", tmp_path / "out.html"

    done = bench(manifest, "--json", out, "--html", page)

    found = json.loads(out.read_text(encoding="utf-8"))
    assert done.exit_code == 1
    assert (found["n"], len(found["broken"])) == (1, 3)
    for name in names[1:]:
        assert name in done.output
        assert name in page.read_text(encoding="utf-8")


def test_only_broken_clips_are_an_error(tmp_path) -> None:
    """There is no figure of nothing."""
    manifest = written(tmp_path, {"file": "nowhere.wav", "intent": "next"})

    done = bench(manifest)

    assert isinstance(done.exception, TuinaError)
    assert "nowhere.wav" in str(done.exception)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--engine", "siri"], "no engine 'siri'"),
        (["--state", "nowhere"], "no state 'nowhere'"),
        (["--snr", "6"], "--snr"),
        (["--noise", "pink"], "--noise"),
        (["--noise", "nowhere.wav", "--snr", "6"], "nowhere.wav"),
        (["--json", "no/such/folder/out.json"], "no/such/folder"),
        (["--html", "."], "nothing can be written"),
        (["--grammar", "nowhere.yaml"], "nowhere.yaml"),
        (["--grammar", ROOT / "tests/data/ko/commands.yaml", "--state", "counting"], "--state"),
        (["--engine", "vosk", "--language", "xx"], "no Vosk model for 'xx'"),
    ],
)
def test_nonsense_is_refused_before_anything_is_heard(manifest, words, says) -> None:
    """In one of our own errors, which names it."""
    done = bench(manifest, *words)

    assert isinstance(done.exception, TuinaError)
    assert says in str(done.exception)


def test_a_label_that_the_grammar_lacks_is_told_before_the_run(tmp_path) -> None:
    """With the line of the manifest and the intents there are."""
    manifest = written(tmp_path, {"file": "a.wav", "intent": "orderCoffee"})

    done = bench(manifest)

    assert "m.jsonl:1: there is no intent 'orderCoffee'" in str(done.exception)
    assert "stop" in str(done.exception)


def test_a_dying_worker_is_an_error_that_names_the_clip(manifest) -> None:
    """No figure is made of half a run, and no process is left."""
    jobs = jobs_for(read_manifests([manifest]), [None], None)

    def kill() -> None:
        for process in multiprocessing.active_children():
            if process.pid and "top1" in process.name:
                os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(EngineError, match=r"SIGKILL.*flac"):
        run(EarSpec(engine="top1"), jobs, 1, kill)
    assert [one for one in multiprocessing.active_children() if "top1" in one.name] == []


def test_ctrl_c_ends_it_and_its_workers(tmp_path) -> None:
    """No traceback, the exit code that shells expect, and nothing left running."""
    words = [sys.executable, "-m", "assistant", "bench", str(SPEECH / "manifest.jsonl"), "--jobs", "2"]
    environment = {**os.environ, "TUINA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    started = subprocess.Popen(words, stdout=pipe, stderr=pipe, env=environment, cwd=tmp_path, text=True)
    wait_for(lambda: len(children(started.pid)) >= 2)
    left = children(started.pid)

    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=60)

    assert started.returncode == 130
    assert "Traceback" not in err
    wait_for(lambda: not any(is_running(pid) for pid in left))


def children(pid: int) -> list[int]:
    """Of a process."""
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


def is_running(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
