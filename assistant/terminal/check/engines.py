"""The ears of this machine for `tuina check`: each engine that a session in this language could use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, runtime_checkable

from assistant.errors import EngineError, Problem
from assistant.messages import Phrase
from assistant.store.models.installed import installed_model, load_manifest, manifest_path
from assistant.terminal.check.words import Ear
from assistant.wire import build


@runtime_checkable
class HasHardWords(Protocol):
    """An engine that can name its confusable words."""

    def hard_words(self, phrases: Sequence[Phrase]) -> tuple[tuple[str, str], ...]:
        """Return each such word with the reason."""


@contextmanager
def ears(language: str, models: Path) -> Iterator[tuple[tuple[Ear, ...], tuple[Problem, ...]]]:
    """Yield the loaded ears for this language, and the problems of missing ones; child processes end afterwards."""
    found: list[Ear] = []
    problems: list[Problem] = []
    closing = []
    if language in build.PHONETIC_LANGUAGES:
        try:
            found.append(_phonetic(language, models))
        except EngineError as error:
            problems.append(_problem(error, "phonetic engine"))
    installed = installed_model(language, models, load_manifest(manifest_path()))
    if installed is not None:
        vosk = build.vosk(installed, language)
        closing.append(vosk)
        try:
            vosk.unknown_words(())
            found.append(Ear(name=f"Vosk ({installed.name})", unknown=vosk.unknown_words))
        except EngineError as error:
            problems.append(_problem(error, str(installed)))
    try:
        yield tuple(found), tuple(problems)
    finally:
        for one in closing:
            close = getattr(one, "close", None)
            if close is not None:
                close()


def _phonetic(language: str, models: Path) -> Ear:
    engine = build.engine_maker("phonetic", language, models)()
    hard = engine.hard_words if isinstance(engine, HasHardWords) else None
    return Ear(name="the phonetic engine", unknown=engine.unknown_words, hard=hard, is_strict=True)


def _problem(error: EngineError, place: str) -> Problem:
    return Problem(path=error.where or place, line=0, what=error.what, remedy=error.remedy or "Check its words later")
