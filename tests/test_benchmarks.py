"""Benchmarks and rigs start from the repository's root: each module is imported, each command line shows its help."""

from __future__ import annotations

import importlib
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def modules(*folders: str) -> list[str]:
    paths = sorted(path for folder in folders for path in (ROOT / folder).glob("*.py") if path.stem != "__init__")
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]


def text_of(module: str) -> str:
    return (ROOT / module.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")


MODULES = modules("benchmarks", "tests/rigs")
WITH_HELP = [name for name in MODULES if "ArgumentParser(" in text_of(name) and "__main__" in text_of(name)]


@pytest.mark.parametrize("name", MODULES)
def test_every_module_of_a_benchmark_is_imported(name):
    """None names a module that was moved or deleted."""
    assert importlib.import_module(name).__doc__


@pytest.mark.parametrize("name", WITH_HELP)
def test_every_command_line_shows_its_help(name, monkeypatch, capsys):
    """`python -m NAME --help` ends with code 0."""
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    monkeypatch.delitem(sys.modules, name, raising=False)

    with pytest.raises(SystemExit) as ended:
        runpy.run_module(name, run_name="__main__")

    assert ended.value.code == 0
    assert "usage:" in capsys.readouterr().out
