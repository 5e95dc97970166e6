"""Validates a file's values against a model: every mismatch becomes a problem with its line, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from textwrap import shorten
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assistant.errors import BadFiles, Problem
from assistant.store.library.yaml_file import Document, Loc

Model = TypeVar("Model", bound=BaseModel)

# "dose.most is 80, ...": a rule of routine.py names its place so.
_PLACE = re.compile(r"([a-z_]+(?:\.[a-z0-9_-]+)+) ")

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
}


def build(document: Document, model: type[Model]) -> Model:
    """Return the file's values as the model. Raises BadFiles with a problem for every mismatch."""
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        found = [problem for details in error.errors() for problem in _problems(document, model, details)]
        raise BadFiles(tuple(dict.fromkeys(found))) from error


def problem_at(document: Document, message: str, remedy: str) -> Problem:
    """Return a problem whose message may begin with its place: "steps.2.technique 'x' is not known"."""
    place = _PLACE.match(message)
    loc: Loc = tuple(int(part) if part.isdecimal() else part for part in place[1].split(".")) if place else ()
    return document.problem(loc, message, remedy)


def _problems(document: Document, model: type[BaseModel], details: ErrorDetails) -> Iterator[Problem]:
    kind, loc = details["type"], details["loc"]
    context: dict[str, Any] = details.get("ctx", {})
    name = ".".join(str(part) for part in loc) or "the file"
    if kind == "too_short" and len(details["input"]) >= context["min_length"]:
        return  # long enough as it is written; its items are wrong, and each of them has its own problem
    if kind == "extra_forbidden":
        known = _keys(model, loc[:-1])
        near = get_close_matches(str(loc[-1]), known, n=1, cutoff=0.6)
        remedy = f"Perhaps '{near[0]}' is meant" if near else f"Known keys: {', '.join(known)}"
        yield document.problem(loc, f"the key '{loc[-1]}' is not known", remedy)
    elif kind == "missing":
        around = f" in '{'.'.join(map(str, loc[:-1]))}'" if loc[:-1] else ""
        yield document.problem(loc[:-1], f"'{loc[-1]}' is missing{around}", f"Add a line '{loc[-1]}: ...'")
    elif kind == "value_error":
        for message in str(context["error"]).split("; "):
            if _PLACE.match(message):
                yield problem_at(document, message, "Change it")
            else:
                what, _, remedy = message.partition(": ")
                yield document.problem(loc, f"'{name}': {what}", remedy.capitalize() or "Change it")
    elif kind in _KINDS:
        yield document.problem(loc, f"'{name}' must be {_KINDS[kind]}, not {_short(details['input'])}", "Change it")
    elif kind in ("literal_error", "enum"):
        yield document.problem(loc, f"'{name}' is {_short(details['input'])}", f"It may be: {context['expected']}")
    elif kind == "string_pattern_mismatch":
        remedy = "Use lower-case letters a to z and numbers, joined by hyphens"
        yield document.problem(loc, f"'{name}' is {_short(details['input'])}, which is not a name here", remedy)
    else:
        what = details["msg"].replace("Input should", "it should").replace("Tuple should", "it should")
        what = what.replace("String should", "it should").replace("Dictionary should", "it should")
        yield document.problem(loc, f"'{name}' is {_short(details['input'])}: {what[0].lower()}{what[1:]}", "Change it")


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, tuple):
        return "an empty list" if not value else f"a list of {len(value)}"
    return shorten(repr(value), 40, placeholder="...")


def _keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys that are known at this place."""
    there: object = model
    for part in loc:
        there = _inner(there, part)
    found = _model_in(there)
    return list(found.model_fields) if found else []


def _inner(annotation: object, part: str | int) -> object:
    """Return the type one level deeper: a model's field, or the element of a list or mapping."""
    found = _model_in(annotation)
    if found is not None and part in found.model_fields:
        return found.model_fields[str(part)].annotation
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return arguments[-1] if arguments and get_origin(annotation) in (tuple, dict, list) else annotation


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, UnionType):
        return next((found for one in get_args(annotation) if (found := _model_in(one))), None)
    return None
