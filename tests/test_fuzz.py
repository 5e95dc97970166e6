"""Every reader of files that somebody else may have written answers whatever stands in them, in words or with values.

The kept corpus and some changed copies; `python -m benchmarks.fuzz` tries more than 20,000.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.capture.wav_file import WavFile
from tests.rigs.fuzz_kinds import kinds
from tests.rigs.fuzzing import SEEDS, Kind, fuzz

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the rig forks, which Windows cannot")
CASES = 40  # of each kind beside the corpus, by their numbers always the same ones
SLOW = {"journal": 20, "log": 20, "trace": 20}  # 30 to 60 ms a case


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """Every kind of file with its reader."""
    return kinds(tmp_path_factory.mktemp("seeds"))


def test_no_changed_file_ends_in_a_traceback_or_a_hang(readers, tmp_path):
    """Of every kind: audio, YAML, trace, journal and log, manifest, zip, pronunciations, arrays, weights."""
    results = {}
    for name, kind in readers.items():
        folder = tmp_path / name
        folder.mkdir()
        results[name] = fuzz(kind, len(kind.seeds) + SLOW.get(name, CASES), folder)

    assert {name: one.tracebacks + one.hangs for name, one in results.items() if one.tracebacks or one.hangs} == {}
    assert max(one.grown_mb for one in results.values()) < 300
    assert {name for name, one in results.items() if not one.read} == set()
    assert {name for name, one in results.items() if not one.refused} == {"log"}  # of a log the sound part is read


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: path.read_bytes()[9], "IndexError"),
        (lambda _: os.write(2, b"Exception ignored"), "printed: Exception ignored"),
        (lambda _: os.kill(os.getpid(), 9), "the process died"),
    ],
    ids=["raises", "prints", "dies"],
)
def test_a_reader_that_fails_is_found(tmp_path, harm, told):
    """An exception that is not ours, an error that a library prints, and the end of the process."""
    (tmp_path / "seed").write_bytes(b"seed")
    kind = Kind(name="bad", seeds=[tmp_path / "seed"], read=harm, is_text=False, ending=".bin")

    result = fuzz(kind, 3, tmp_path)

    assert told in result.tracebacks[0]


def test_a_reader_that_hangs_is_found(tmp_path, monkeypatch):
    """It is stopped, and the next case is tried."""
    monkeypatch.setattr("tests.rigs.fuzzing.HANG_S", 0.2)
    (tmp_path / "seed").write_bytes(b"seed")

    def hang(_: Path) -> None:
        while True:
            pass

    result = fuzz(Kind(name="slow", seeds=[tmp_path / "seed"], read=hang, is_text=False, ending=".bin"), 2, tmp_path)

    assert result.hangs == ["slow 0", "slow 1"]
    assert result.cases == 2


@pytest.mark.filterwarnings("error")
def test_a_header_that_leads_before_the_beginning_prints_nothing():
    """A callback of soundfile cannot pass on an error, so Python would print it as a traceback."""
    blocks = list(WavFile(SEEDS / "audio" / "seek-before-the-beginning.wav").blocks())

    assert len(blocks) > 1


def test_the_corpus_is_small():
    """3 MB at most, in a repository that is cloned."""
    assert sum(path.stat().st_size for path in SEEDS.rglob("*") if path.is_file()) < 3_000_000
