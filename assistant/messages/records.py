"""Events and effects as plain records of a trace, and back. Values in, values out; wire/trace.py writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import Enum
from functools import cache
from typing import Any, TypeAlias, get_args

from pydantic import TypeAdapter, ValidationError

from assistant.errors import BadTrace
from assistant.messages.effects import Effect
from assistant.messages.events import Event, Past

Record: TypeAlias = dict[str, Any]
_EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


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
