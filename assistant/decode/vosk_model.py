"""Checks that a Vosk model on disk is complete, and loads it. Never downloads.

`Model(path)` only (docs/faults.md, "Model asked for by name").
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any, TypeAlias

from assistant.errors import EngineError

Vosk: TypeAlias = Any  # the vosk module and its objects have no types

NEEDED = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/Gr.fst",  # with HCLr.fst instead of one HCLG.fst: else Vosk takes no grammar
    "graph/HCLr.fst",
    "graph/disambig_tid.int",
    "graph/phones/word_boundary.int",
)
NEEDED_BY_IVECTOR = ("final.dubm", "final.ie", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")
MEMORY_PER_DISK = 2.5  # the Korean model, 265 MB of files, took 520 MB and more while it loaded (measured, x86-64)
MEMINFO = Path("/proc/meminfo")


def load_model(path: Path) -> tuple[Vosk, Vosk]:
    """Return the vosk module and the model in this folder (2 s for a small one).

    Raises EngineError that names the missing or empty file, or says that Vosk or memory is lacking, or that kaldifst
    was loaded before. A model damaged inside a file may abort the process instead: load it in a child.
    """
    check_files(path)
    check_memory(path)
    check_order(sys.modules)
    try:
        import vosk
    except (ImportError, OSError) as error:
        raise EngineError(
            f"Vosk cannot be loaded ({error})", where="vosk", remedy="install it: pip install vosk==0.3.45"
        ) from error
    vosk.SetLogLevel(-1)
    try:
        return vosk, vosk.Model(str(path))
    except Exception as error:  # Vosk raises nothing more precise
        raise EngineError("the model is damaged", where=str(path), remedy=_fetch(path)) from error


def check_order(loaded: Collection[str]) -> None:
    """Raise EngineError if kaldifst was loaded before Vosk: both hold OpenFst, and Vosk then hangs.

    Measured with vosk 0.3.45, kaldifst 1.8.3 and kaldi-decoder 0.3.2; in the other order both work.
    """
    if "vosk" not in loaded and not {"kaldifst", "kaldi_decoder"}.isdisjoint(loaded):
        raise EngineError(
            "Vosk cannot be loaded after kaldifst", where="vosk", remedy="load Vosk first, or in a process of its own"
        )


def check_files(path: Path) -> None:
    """Raise EngineError for a model that lacks a file, or has an empty one."""
    if not path.is_dir():
        raise EngineError("no such model", where=str(path), remedy=_fetch(path))
    needed = [path / name for name in NEEDED]
    if (path / "ivector").exists():
        needed += [path / "ivector" / name for name in NEEDED_BY_IVECTOR]
    for file in needed:
        if not file.is_file():
            what = "a file of the model is missing"
            if file.name in ("Gr.fst", "HCLr.fst") and (path / "graph" / "HCLG.fst").exists():
                what = "this model takes no list of phrases (it has a fixed graph, HCLG.fst)"
            raise EngineError(what, where=str(file), remedy=_fetch(path))
        if not file.stat().st_size:
            raise EngineError("a file of the model is empty", where=str(file), remedy=_fetch(path))


def check_memory(path: Path, meminfo: Path = MEMINFO) -> None:
    """Raise EngineError where Linux reports too little memory for the model; other systems are not checked."""
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return
    needs = MEMORY_PER_DISK * sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    if needs > free:
        raise EngineError(
            f"the model needs about {needs / 1e6:.0f} MB of memory and {free / 1e6:.0f} MB are free",
            where=str(path),
            remedy="close other programs, or use the small engine: --engine phonetic",
        )


def _fetch(path: Path) -> str:
    return f"fetch it again: tuina models get {path.name}"
