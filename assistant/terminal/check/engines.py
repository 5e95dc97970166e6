"""The ears of this machine for `tuina check`: each engine that a session in this language could use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, runtime_checkable

from assistant.decode.recogniser import Recogniser
from assistant.errors import EngineError, Problem
from assistant.messages import Phrase
from assistant.terminal.check.words import EarAnswers
from assistant.wire.engine_table import ENGINES, Engine, Wanted


@runtime_checkable
class HasHardWords(Protocol):
    """An engine that can name its confusable words."""

    def hard_words(self, phrases: Sequence[Phrase]) -> tuple[tuple[str, str], ...]:
        """Return each such word with the reason."""


@contextmanager
def ears(language: str, models: Path) -> Iterator[tuple[tuple[EarAnswers, ...], tuple[Problem, ...]]]:
    """Yield the loaded ears for this language, and the problems of missing ones; child processes end afterwards."""
    found: list[EarAnswers] = []
    problems: list[Problem] = []
    closing: list[Recogniser] = []
    wanted = Wanted(language=language, models=models)
    for engine in ENGINES.values():
        if engine.hears(wanted):
            try:
                found.append(_ear(engine, wanted, closing))
            except EngineError as error:
                place = str(wanted.found_model()) if engine.needs_model else engine.title
                problems.append(_problem(error, place))
    try:
        yield tuple(found), tuple(problems)
    finally:
        for one in closing:
            close = getattr(one, "close", None)
            if close is not None:
                close()


def _ear(engine: Engine, wanted: Wanted, closing: list[Recogniser]) -> EarAnswers:
    """One engine, asked once so that it is loaded. Raises EngineError."""
    engine.check(wanted)
    made = engine.make(wanted)
    closing.append(made)
    made.unknown_words(())
    model = wanted.found_model() if engine.needs_model else None
    return EarAnswers(
        name=f"{engine.title} ({model.name})" if model else engine.title,
        unknown=made.unknown_words,
        hard=made.hard_words if isinstance(made, HasHardWords) else None,
        is_strict=engine.refuses_unknown_words,
    )


def _problem(error: EngineError, place: str) -> Problem:
    return Problem(path=error.where or place, line=0, what=error.what, remedy=error.remedy or "Check its words later")
