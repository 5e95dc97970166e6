"""One YAML file becomes plain values with their lines, or problems. Only strings, whole numbers, true and false.

PyYAML gives the events; values are made here, because its own loaders follow aliases, keep the last of two equal keys,
recurse without end and turn `no`, `1:30` and `010` into something else (docs/faults.md, "YAML surprises").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, Union

import yaml

from assistant.errors import BadFiles, Problem

MOST_BYTES = 64 * 1024  # this and the next two: docs/faults.md, "YAML bomb"
MOST_DEPTH = 8
MOST_ITEMS = 500  # in one list or mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper limits on a file's content."""

    kilobytes: int = MOST_BYTES // 1024
    depth: int = MOST_DEPTH
    items: int = MOST_ITEMS
    """Items in one list or mapping."""


OURS = Limits()

Value: TypeAlias = Union[str, int, bool, "tuple[Value, ...]", "dict[str | int, Value]", None]
Loc: TypeAlias = "tuple[str | int, ...]"

# The C parser gives the same events fifteen times faster; PyYAML's wheels contain it on all our platforms.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
# PyYAML's own slips on damaged text, besides its YAMLError: docs/faults.md, "Damaged YAML".
_PARSER_ERRORS = (yaml.YAMLError, ValueError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The content of one file."""

    path: str
    """The path as the person would type it."""
    value: Value
    lines: Mapping[Loc, int] = field(repr=False)
    """The line of each key and item, by the keys and indices that lead there."""

    def line(self, loc: Loc) -> int:
        """Return the line of this place, or of the nearest place around it. Counted from 1."""
        for end in range(len(loc), 0, -1):
            if loc[:end] in self.lines:
                return self.lines[loc[:end]]
        return self.lines.get((), 1)

    def problem(self, loc: Loc, what: str, remedy: str) -> Problem:
        """Return a problem at this place."""
        return Problem(path=self.path, line=self.line(loc), what=what, remedy=remedy)


def shown(path: Path) -> str:
    """Return the path as a person would type it: relative if it is inside the present folder."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError):
        return str(path)


def read(path: Path, *, root: Path, limits: Limits = OURS) -> Document:
    """Read a file that lies inside `root`, links followed. Raises BadFiles with every problem that was found."""
    name = shown(path) if not path.is_symlink() else str(path)
    text = _text(path, root, name, limits.kilobytes)
    return parse(text, name, limits)


def parse(text: str, path: str, limits: Limits = OURS) -> Document:
    """Return the values of YAML text; `path` is for the problems. Raises BadFiles with every problem that was found."""
    builder = _Builder(path, limits)
    try:
        value = builder.document(iter(yaml.parse(text, Loader=_PARSER)))
    except _PARSER_ERRORS as error:
        builder.problems.append(_syntax(path, text, error))
        raise BadFiles(builder.problems) from error
    if builder.problems:
        raise BadFiles(builder.problems)
    return Document(path=path, value=value, lines=builder.lines)


def _text(path: Path, root: Path, name: str, kilobytes: int) -> str:
    """Return the file's text. Raises BadFiles unless it is an ordinary, small text file inside `root`."""

    def refuse(what: str, remedy: str, line: int = 0) -> BadFiles:
        return BadFiles([Problem(path=name, line=line, what=what, remedy=remedy)])

    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise refuse("the link leads out of its folder", "Copy the file into the folder instead of linking it")
        if not path.is_file():
            raise refuse("there is no such file, or it is not an ordinary one", "Check its name and its place")
        with path.open("rb") as file:
            data = file.read(kilobytes * 1024 + 1)
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a link to itself, before Python 3.13
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path is not usable"
        raise refuse(f"the file cannot be read: {reason}", "Check its name and its permissions") from error
    if len(data) > kilobytes * 1024:
        raise refuse(f"the file is larger than {kilobytes} KB", "Split it, or remove what does not belong")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse("this is not UTF-8 text", "Save the file as UTF-8", line) from error


def _syntax(path: str, text: str, error: Exception) -> Problem:
    """Describe PyYAML's error in words."""
    mark = getattr(error, "problem_mark", None)
    position = getattr(error, "position", None)
    line = 0
    if mark is not None:
        line = mark.line + 1
    elif isinstance(position, int):
        line = text[:position].count("\n") + 1
    lines = text.splitlines()
    if 0 < line <= len(lines) and "\t" in lines[line - 1]:
        return Problem(path=path, line=line, what="a tab stands here", remedy="Indent with spaces only")
    why = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "the text is damaged")
    remedy = "Check indentation, colons and quotes; put text with ': ' or a leading [ { < in quotes"
    return Problem(path=path, line=line, what=f"this is not YAML: {' '.join(why.split())}", remedy=remedy)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 0


class _Builder:
    """Makes values of events, and keeps the problems and the line of each place."""

    def __init__(self, path: str, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self.problems: list[Problem] = []
        self.lines: dict[Loc, int] = {}

    def document(self, events: Iterator[yaml.Event]) -> Value:
        """Return the value of the file's only document."""
        value: Value = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._add(event, "a second document begins", "Keep one document a file: remove the line '---'")
                    return None
                value = self._value(next(events), events, ())
        if documents == 0:
            self.problems.append(Problem(path=self.path, line=0, what="the file is empty", remedy="Fill or remove it"))
        return value

    def _add(self, event: yaml.Event, what: str, remedy: str) -> None:
        self.problems.append(Problem(path=self.path, line=_line(event), what=what, remedy=remedy))

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], loc: Loc) -> Value:
        self.lines.setdefault(loc, _line(event))
        if isinstance(event, yaml.AliasEvent):
            self._add(event, f"an alias '*{event.anchor}' stands here", "Write the value out")
            return None
        self._refuse_extras(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, loc)
        if len(loc) >= self.limits.depth:
            self._add(event, f"this is nested more than {self.limits.depth} deep", "Make it flatter")
            self._skip(events)
            return None
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, events, loc)
        return self._mapping(event, events, loc)

    def _refuse_extras(self, event: yaml.Event) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            self._add(event, f"an anchor '&{anchor}' stands here", "Remove it and write values out")
        if tag is not None:
            self._add(event, f"a tag '{tag}' stands here", "Remove it: text, whole numbers, lists and keys are known")

    def _skip(self, events: Iterator[yaml.Event]) -> None:
        """Skip the rest of a list or mapping that has just begun."""
        depth = 1
        while depth:
            event = next(events)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1

    def _sequence(self, start: yaml.Event, events: Iterator[yaml.Event], loc: Loc) -> tuple[Value, ...]:
        items: list[Value] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._value(event, events, (*loc, len(items))))
        if len(items) > self.limits.items:
            self._add(start, f"a list has {len(items)} items, the most is {self.limits.items}", "Shorten it")
        return tuple(items)

    def _mapping(self, start: yaml.Event, events: Iterator[yaml.Event], loc: Loc) -> dict[str | int, Value]:
        entries: dict[str | int, Value] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._add(event, "a key must be a word", "Put text with { } [ ] in quotes")
                self._value(event, events, (*loc, "?"))
                self._value(next(events), events, (*loc, "?"))
                continue
            self._refuse_extras(event)
            key = self._scalar(event, loc)
            known = key if isinstance(key, str | int) and not isinstance(key, bool) else str(event.value)
            there = (*loc, known)
            if known in entries:
                first = self.lines[there]
                self._add(event, f"the key '{known}' stands here a second time, first in line {first}", "Remove one")
            self.lines.setdefault(there, _line(event))
            entries[known] = self._value(next(events), events, there)
        if len(entries) > self.limits.items:
            self._add(start, f"a mapping has {len(entries)} keys, the most is {self.limits.items}", "Shorten it")
        return entries

    def _scalar(self, event: yaml.ScalarEvent, loc: Loc) -> str | int | bool | None:
        self.lines.setdefault(loc, _line(event))
        text: str = event.value
        if event.style not in ("'", '"', "|", ">"):
            if text in _NOTHING:
                self._add(event, "the value is missing", "Write one, or remove the key")
                return None
            if _WHOLE.fullmatch(text):
                return int(text)
            if text in ("true", "false"):
                return text == "true"
        text = text.strip()
        odd = next((c for c in text if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029"), None)
        if odd is not None:
            name = unicodedata.name(odd, "a control character").lower()
            self._add(event, f"the text holds U+{ord(odd):04X} ({name})", "Write it in one line, of visible characters")
        return text
