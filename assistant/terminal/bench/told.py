"""The action of a session on something heard: done, asked back, not legal now, or nothing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from assistant.interpret import Interpreter, Meant
from assistant.messages import Heard, Intent, NotNow, Perhaps, Said
from assistant.terminal.bench.manifest import Meaning

NO_UTTERANCE_S = -1.0  # a time at which nobody speaks, so that no utterance in progress is touched


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The result of one utterance, or of a part of it."""

    did: tuple[Meaning, ...] = ()
    """The actions, in order."""
    asked: Meaning | None = None
    """The action that is asked back ("did you mean …?")."""
    not_now: Meaning | None = None
    """The action that is not legal in this state."""


Understanding: TypeAlias = Callable[[Heard, frozenset[Intent]], Told]
Meanings: TypeAlias = Callable[[str], Meaning | None]


def understanding(interpreter: Interpreter) -> Understanding:
    """Return what the interpreter of a session makes of something heard while so much is legal."""

    def understand(heard: Heard, legal: frozenset[Intent]) -> Told:
        return told_by(interpreter.understand(heard, legal, heard.end_s))

    return understand


def told_by(events: Iterable[Meant]) -> Told:
    """Return what these events of one utterance come to."""
    kept = tuple(events)
    asked = [(one.intent.value, dict(one.slots)) for one in kept if isinstance(one, Perhaps)]
    refused: list[Meaning] = [(one.intent.value, {}) for one in kept if isinstance(one, NotNow)]
    return Told(
        did=tuple((one.intent.value, dict(one.slots)) for one in kept if isinstance(one, Said)),
        asked=next(iter(asked), None),
        not_now=next(iter(refused), None),
    )


def meanings(understand: Understanding) -> Meanings:
    """Return what words would mean if the ear were sure of them, for the curve of recall against false accepts."""

    def meaning(text: str) -> Meaning | None:
        heard = Heard(text=text, is_final=True, is_sure=True, score=0.0, at_s=NO_UTTERANCE_S, end_s=NO_UTTERANCE_S)
        return next(iter(understand(heard, frozenset(Intent)).did), None)

    return meaning


def believing(meaning: Meanings) -> Understanding:
    """Return the understanding of a foreign grammar: what the ear is sure of is done."""

    def understand(heard: Heard, _legal: frozenset[Intent]) -> Told:
        found = meaning(heard.text) if heard.is_sure and heard.text else None
        return Told(did=(found,) if found is not None else ())

    return understand
