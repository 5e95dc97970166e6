"""Every event and effect as one JSON line each; the same events give the same effects, so a trace can be replayed.

Format (docs/trace.md): `{"at_s", "event", …}` and `{"at_s", "effect", …}`; the first line is the event `opened`.
Only where it is asked for: `{"at_s", "refused", …}`, why something that was heard is not obeyed; a replay skips it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import Enum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, TypeAlias, get_args

from pydantic import TypeAdapter, ValidationError

from assistant.errors import BadTrace, TuinaError
from assistant.interpret import explain, refusal_values
from assistant.messages import Effect, Event, Past, Refusal
from assistant.routine import Library

VERSION = 1
Record: TypeAlias = dict[str, Any]
_EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


def opened(library: Library) -> Record:
    """Return the header: format version, language, and a digest of the techniques and routines that were used."""
    head: Record = {"at_s": 0.0, "event": "opened", "version": VERSION}
    return {**head, "language": library.language, "library": digest(library)}


def digest(library: Library) -> str:
    """Return 16 hex digits of the library's SHA-256: with other files a replay would differ without a fault."""
    return sha256(library.model_dump_json().encode()).hexdigest()[:16]


def record_event(event: Event) -> Record:
    """Return an event as a record; `at_s` first."""
    plain = _plain_fields(event)
    return {"at_s": plain.pop("at_s"), "event": _snake(type(event).__name__), **plain}


def record_effect(at_s: float, effect: Effect, text: str = "") -> Record:
    """Return an effect as a record: `at_s` is its request's time, `due_s` its own, `text` the sentence spoken."""
    plain = _plain_fields(effect)
    if "at_s" in plain:
        plain["due_s"] = plain.pop("at_s")
    if text:
        plain["text"] = text
    return {"at_s": at_s, "effect": _snake(type(effect).__name__), **plain}


def event_of(record: Mapping[str, Any]) -> Event:
    """Return the event of a record. Raises BadTrace for an unknown name, and missing, unknown or wrong fields."""
    values = {key: value for key, value in record.items() if key != "event"}
    name = str(record.get("event"))
    kind = _EVENTS.get("".join(part.title() for part in name.split("_")))
    if kind is None:
        raise _no_event(f"{name}: unknown")
    if unknown := values.keys() - _names(kind):
        raise _no_event(f"{', '.join(sorted(unknown))}: unknown")
    past = values.get("past")
    if isinstance(past, Mapping) and (odd := past.keys() ^ _names(Past)):  # pydantic ignores and fills in
        raise _no_event(f"past: {', '.join(sorted(odd))}: unknown or missing")
    try:
        return _reader(kind.__name__).validate_python(values)
    except ValidationError as error:
        problem = error.errors()[0]
        raise _no_event(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}") from error


def _no_event(what: str) -> BadTrace:
    return BadTrace(f"not an event of this version: {what}", remedy="Replay it with the version that wrote it")


def _names(kind: type[Event | Past]) -> set[str]:
    return {one.name for one in fields(kind)}


@cache
def _reader(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(_EVENTS[name])


def record_refusal(at_s: float, refusal: Refusal) -> Record:
    """A refusal as a record of its own: `why` is for people, the other fields are for programs."""
    return {"at_s": at_s, "refused": refusal.text, "why": explain(refusal), **_but_text(refusal_values(refusal))}


def _but_text(values: Mapping[str, object]) -> Record:
    return {key: value for key, value in values.items() if key != "text"}


class TraceWriter:
    """Writes records as they come, one line each, flushed: a crash loses no decision."""

    def __init__(self, out: IO[str], library: Library) -> None:
        """Write the header."""
        self._out = out
        self.problem = ""
        """Reason why the trace ends before the session: a full disk must not stop a massage."""
        self._write(opened(library))

    def on_event(self, event: Event) -> None:
        """Write an event."""
        self._write(record_event(event))

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        """Write an effect."""
        self._write(record_effect(at_s, effect, text))

    def close(self) -> None:
        """Close the file."""
        try:
            self._out.close()
        except OSError as error:  # data that could not be flushed is lost; the file is closed
            self.problem = self.problem or f"the trace ends early: {error.strerror}"

    def _write(self, record: Record) -> None:
        if self.problem:
            return
        try:
            self._out.write(json.dumps(record, ensure_ascii=False) + "\n")
            self._out.flush()
        except OSError as error:
            self.problem = f"the trace ends early: {error.strerror}"


class WhyTraceWriter(TraceWriter):
    """The same, with a record of its own for everything that is refused."""

    def on_refusal(self, at_s: float, refusal: Refusal) -> None:
        """Write why, before the event."""
        self._write(record_refusal(at_s, refusal))


def open_trace(path: Path, library: Library, *, says_why: bool = False) -> TraceWriter:
    """A new trace file, with its folder; `says_why` adds refusals. Raises TuinaError where it cannot be written."""
    writer = WhyTraceWriter if says_why else TraceWriter
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return writer(path.open("w", encoding="utf-8"), library)
    except OSError as error:
        what = f"the trace cannot be written ({error.strerror})"
        raise TuinaError(what, where=str(path), remedy="Choose another file") from error


def _plain_fields(message: Event | Effect) -> Record:
    return {one.name: _plain(getattr(message, one.name)) for one in fields(message)}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(one) for one in value)  # type: ignore[type-var]  # sets here hold names only
    if isinstance(value, Past):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)  # its numbers stay exact: a count that resumes from them must be the same to the sample
    return value


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
