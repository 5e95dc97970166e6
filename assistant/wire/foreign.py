"""A grammar that is not ours: somebody else's intents and slots, in hassil's syntax, from a file or a folder.

For measuring only: a session never meets a foreign intent. Files are read here; the ear is made here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from assistant.errors import EngineError
from assistant.messages import SlotValue

if TYPE_CHECKING:
    from assistant.decode.recogniser import Recogniser

Meaning: TypeAlias = tuple[str, dict[str, SlotValue]]


class Foreign(Protocol):
    """One grammar: what it hears with, and what its sentences mean."""

    language: str
    """The code in the file, `en`."""
    intents: tuple[str, ...]
    """Their names, in the order of the files."""

    def make_ear(self, engine: str) -> Recogniser:
        """An ear that listens for this grammar ("phonetic", "vosk"), taught already: `learn` and `expect` do nothing.

        Its `Heard.text` is always a sentence of the grammar or empty; what it does not believe has `is_sure=False`.
        Raises EngineError where the engine cannot hear this grammar, with what to do.
        """

    def meaning(self, text: str) -> Meaning | None:
        """The intent and slots of one sentence, None where the grammar does not hold it."""

    def sentences(self, most: int) -> tuple[str, ...] | None:
        """Every sentence, None where there are more than `most`."""


def load_grammar(path: Path) -> Foreign:
    """Read a YAML file, or a folder of them merged; also the folder of a language of ours (`grammars/en`).

    Raises BadFiles with file and line for everything that is wrong in them.
    """
    raise EngineError("grammars from files are not read yet", where=str(path))
