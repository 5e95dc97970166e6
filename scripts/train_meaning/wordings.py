"""Reads a language's wordings: one text a line, a section begins with "# "; and what the grammar itself says.

A section "# topic NAME" holds questions of writers about this topic.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from assistant.interpret import expand
from assistant.interpret.meaning.taught import NONE
from assistant.store.library import load

FOLDS = 5
PEOPLE, WRITERS, GRAMMAR = "people", "writers", "grammar"
NEGATIONS = "negations"
TOPIC = "# topic "


@dataclass(frozen=True, slots=True)
class Wording:
    """One text with its meaning."""

    text: str
    label: str
    """The value of an intent, or `NONE`."""
    source: str
    """PEOPLE: written from imagination as people of many kinds, for measuring too; WRITERS: for learning only."""
    topic: str = ""
    """The subject of a question, by its section."""

    @property
    def fold(self) -> int:
        """The fold in which it is measured, 0 to 4; the grammar's phrases are always learned."""
        return -1 if self.source == GRAMMAR else crc32(self.text.encode("utf-8")) % FOLDS


def read(folder: Path) -> list[Wording]:
    """Every wording of a language pack's folder `wordings`, and the phrases of the grammar, in a fixed order."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        if path.stem == NEGATIONS:
            continue
        source, topic = WRITERS, ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                source = PEOPLE if line.startswith(f"# {PEOPLE}") else WRITERS
                topic = line.removeprefix(TOPIC) if line.startswith(TOPIC) else ""
            elif line:
                found.append(Wording(line, path.stem, source, topic))
    phrases = expand(load(folder.parent.name).pack)
    said = {(one.text, one.label) for one in found}
    return found + [
        Wording(one.text, one.intent.value, GRAMMAR) for one in phrases if (one.text, one.intent.value) not in said
    ]


def negations(folder: Path) -> list[str]:
    """The words that turn a sentence into its opposite."""
    return (folder / f"{NEGATIONS}.txt").read_text(encoding="utf-8").split()


def digest(folder: Path) -> str:
    """The SHA-256 of all files of the folder, by which a test finds arrays that were learned from other texts."""
    whole = sha256()
    for path in sorted(folder.glob("*.txt")):
        whole.update(f"{path.name}\n".encode())
        whole.update(path.read_text(encoding="utf-8").encode("utf-8"))
    return whole.hexdigest()


__all__ = ["FOLDS", "GRAMMAR", "NONE", "PEOPLE", "WRITERS", "Wording", "digest", "negations", "read"]
