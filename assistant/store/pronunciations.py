"""Each person's pronunciations of some words: phones in one small file a person, in the config folder. Never a sound.

<config>/pronunciations/<person>.json, readable by its owner only; written atomically. The ear of that person's
sessions uses them in addition to everybody's pronunciations; no other ear does, and Vosk has no phones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, ValidationError

from assistant.errors import BadFiles, JournalError, Problem, UnknownName
from assistant.language import Frozen
from assistant.store.private_file import write_privately

Own: TypeAlias = dict[str, tuple[str, ...]]
"""Words with their pronunciations: phones joined by spaces."""

MOST_BYTES = 64 * 1024  # as for the other files that a person may touch (docs/faults.md, "YAML bomb")
MOST_REHEARSALS = 10  # chosen: the eleventh replaces the oldest, since a voice of years ago is no guide
NOBODY = "me"  # the name of somebody who rehearses without giving one
NAME = re.compile(r"\w(?:[\w -]{0,30}\w)?")
REMEDY = "Rehearse again, or forget it with: tuina rehearse --forget"

_Word: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^\s]{1,40}$")]
_Phones: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^\s]{1,4}( [^\s]{1,4}){0,39}$")]


class Rehearsal(Frozen):
    """The result of one rehearsal."""

    at: datetime
    words: dict[_Word, Annotated[tuple[_Phones, ...], Field(max_length=20)]] = Field(max_length=200)


class Rehearsals(Frozen):
    """The content of one person's file."""

    version: Literal[1] = 1
    rehearsals: tuple[Rehearsal, ...] = Field(default=(), max_length=MOST_REHEARSALS)

    @property
    def own(self) -> Own:
        """Return all pronunciations together."""
        words = sorted({word for one in self.rehearsals for word in one.words})
        return {
            word: tuple(dict.fromkeys(said for one in self.rehearsals for said in one.words.get(word, ())))
            for word in words
        }


class Pronunciations:
    """The files of all persons."""

    def __init__(self, config: Path) -> None:
        """Take the config folder; nothing is created before something is stored."""
        self.folder = config / "pronunciations"

    def people(self) -> tuple[str, ...]:
        """Return the names of those who rehearsed, sorted."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.json")))

    def person(self, asked: str | None) -> str | None:
        """Return the person whose pronunciations apply: the one named, else the only one there is, else None.

        Raises UnknownName for an invalid name.
        """
        if asked is not None:
            return _plain(asked)
        people = self.people()
        return people[0] if len(people) == 1 else None

    def path(self, person: str) -> Path:
        """Return the path of the person's file, existing or not."""
        return self.folder / f"{person}.json"

    def read(self, person: str, phones: Collection[str]) -> Rehearsals:
        """Return the person's rehearsals, with phones out of `phones`; none if there is no file. Raises BadFiles."""
        path = self.path(person)
        if not path.exists():
            return Rehearsals()
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise _bad(path, f"it cannot be read: {error.strerror or error}") from error
        if len(data) > MOST_BYTES:
            raise _bad(path, f"it is larger than {MOST_BYTES // 1024} KB")
        try:
            found = Rehearsals.model_validate_json(data)
        except ValidationError as error:
            raise _bad(path, *(_what(one["loc"], one["msg"]) for one in error.errors()[:5])) from error
        strange = {phone for said in found.own.values() for one in said for phone in one.split()} - set(phones)
        if strange:
            raise _bad(path, f"the ear knows no such phones: {' '.join(sorted(strange))}")
        return found

    def add(self, person: str, words: Mapping[str, Collection[str]], at: datetime, known: Rehearsals) -> Rehearsals:
        """Store a rehearsal's result after what is `known`. Raises JournalError if it cannot be written."""
        new = Rehearsal(at=at, words={word: tuple(said) for word, said in words.items()})
        kept = Rehearsals(rehearsals=(*known.rehearsals, new)[-MOST_REHEARSALS:])
        self._write(person, kept)
        return kept

    def undo(self, person: str, known: Rehearsals) -> Rehearsals:
        """Undo the last rehearsal; deletes the file with the last one."""
        left = Rehearsals(rehearsals=known.rehearsals[:-1])
        if left.rehearsals:
            self._write(person, left)
        else:
            self.forget(person)
        return left

    def forget(self, person: str) -> bool:
        """Delete the person's file, also a damaged one; true if there was one. Raises JournalError if it stays."""
        path = self.path(person)
        return _changed(path, path.unlink)

    def forget_everybody(self) -> None:
        """Delete all files, and what a crash left of them. Raises JournalError if one stays, after it tried all."""
        failed: JournalError | None = None
        for path in (*map(self.path, self.people()), *self.folder.glob("*.part")):
            try:
                _changed(path, path.unlink)
            except JournalError as error:
                failed = failed or error
        if failed is not None:
            raise failed

    def _write(self, person: str, what: Rehearsals) -> None:
        path = self.path(person)
        data = what.model_dump_json(indent=1).encode() + b"\n"
        _changed(path, lambda: write_privately(path, data))


def _changed(path: Path, change: Callable[[], None]) -> bool:
    """Perform the change; false if there is no such file. Raises JournalError in words where the disk refuses."""
    try:
        change()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise JournalError(
            f"the pronunciations cannot be changed: {error.strerror or error}",
            where=str(path),
            remedy="Check the permissions of that folder, and that the disk is not full",
        ) from error
    return True


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFC", name.strip().casefold())
    if not NAME.fullmatch(plain):
        raise UnknownName(f"'{name}' cannot be a person's name here", remedy="Use letters, digits, spaces and hyphens")
    return plain.replace(" ", "-")


def _bad(path: Path, *whats: str) -> BadFiles:
    return BadFiles([Problem(path=str(path), line=0, what=what, remedy=REMEDY) for what in whats])


def _what(loc: tuple[int | str, ...], msg: str) -> str:
    place = ".".join(map(str, loc))
    return f"{place}: {msg}" if place else f"this is no list of pronunciations: {msg}"
