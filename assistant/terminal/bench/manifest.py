"""The list of labelled recordings: one JSON object a line, checked before the run. Reads; never listens."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, StringConstraints, ValidationError

from assistant import messages
from assistant.errors import BadFiles, Problem
from assistant.store.library.yaml_file import shown

SHAPE = 'One JSON object a line: {"file": "clip.flac", "text": "go back", "intent": "previous"}'
INTENT = 'Write the intent that is wanted, or "intent": null where nothing must be done'
PLAIN = r"^[^\x00-\x1f\x7f]*$"  # no line ends, and nothing that a terminal would interpret
Label = Annotated[str, StringConstraints(strict=True, pattern=PLAIN, max_length=200)]
MOST_PROBLEMS = 20  # listed one by one; a file of another kind has one in every line
SlotValue = StrictBool | StrictInt | StrictStr
Meaning: TypeAlias = tuple[str, dict[str, messages.SlotValue]]
"""An intent and its slots."""


class ManifestRow(BaseModel):
    """One recording and its expected result. Fields that are not named here are allowed and ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: Annotated[str, StringConstraints(strict=True, pattern=PLAIN, min_length=1, max_length=1_000)]
    """WAV or FLAC, relative to the manifest."""
    intent: Annotated[str, StringConstraints(strict=True, pattern=PLAIN, min_length=1, max_length=200)] | None
    """The expected intent; None: nothing must be done."""
    text: Annotated[str, StringConstraints(strict=True, pattern=PLAIN, max_length=20_000)] | None = None
    """The words said; empty where nobody speaks: such a clip has no speech level, so it gets no noise."""
    slots: dict[str, SlotValue] | None = None
    kind: Label = ""
    """`command`, or the reason why nothing must be done: talk, word, digit, background, …"""
    voice: Label = ""
    human: StrictBool | None = None
    """True: a person; False: a machine."""
    condition: Label = "clean"
    """The recording's earlier treatment: far, pink12, …"""
    state: Label | None = None
    """The state of the session in which it is said; without one `--state` decides."""
    language: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{2}$")] | None = None
    clean_file: Label = ""
    """The same clip without noise, at the same position, for the end of the word."""
    seconds: Annotated[float, Field(ge=0)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledClip:
    """One row, with its place."""

    row: ManifestRow
    path: Path
    manifest: Path
    line: int

    @property
    def where(self) -> str:
        """Return `manifest:line`, as errors name it."""
        return f"{shown(self.manifest)}:{self.line}"

    def problem(self, what: str, remedy: str) -> Problem:
        """Return a problem with this row."""
        return _problem(self.manifest, self.line, what, remedy)


def read_manifests(paths: Sequence[Path]) -> tuple[LabelledClip, ...]:
    """Return every row of every manifest, in order. Raises BadFiles with every problem, by file and line."""
    problems: list[Problem] = []
    clips: list[LabelledClip] = []
    for path in paths:
        clips += _read(path, problems)
    seen: dict[tuple[Path, str], LabelledClip] = {}
    for clip in clips:
        first = seen.setdefault((clip.path, clip.row.condition), clip)
        if first is not clip:
            problems.append(
                _problem(clip.manifest, clip.line, f"{clip.row.file} stands at {first.where} already", ONCE)
            )
    if problems:
        raise BadFiles(first_of(problems))
    return tuple(clips)


def first_of(problems: Sequence[Problem]) -> list[Problem]:
    """Return as many problems as a person reads, and the number of the others."""
    left = len(problems) - MOST_PROBLEMS
    if left <= 0:
        return list(problems)
    more = Problem(path=problems[-1].path, line=0, what=f"and {left} more problems", remedy="Fix these first")
    return [more, *problems[:MOST_PROBLEMS]]


ONCE = "Name each recording once, or it counts twice"


def unknown_intents(clips: Iterable[LabelledClip], known: Sequence[str]) -> list[Problem]:
    """Return a problem for each intent that the grammar lacks, at its first row: it could never be right."""
    listed = ", ".join(known[:80])
    first: dict[str, LabelledClip] = {}
    for clip in clips:
        if clip.row.intent is not None and clip.row.intent not in known:
            first.setdefault(clip.row.intent, clip)
    return [clip.problem(f"there is no intent '{name}'", f"Known intents: {listed}") for name, clip in first.items()]


def limited(clips: Sequence[LabelledClip], most: int | None) -> tuple[LabelledClip, ...]:
    """Return at most `most` clips, chosen by a hash of their names as augment.py does; in the manifest's order."""
    if most is None or most >= len(clips):
        return tuple(clips)
    chosen = sorted(range(len(clips)), key=lambda n: (zlib.crc32(clips[n].row.file.encode()), n))[:most]
    return tuple(clips[n] for n in sorted(chosen))


def _read(path: Path, problems: list[Problem]) -> list[LabelledClip]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        what = error.strerror or "cannot be read"
        problems.append(_problem(path, 0, what, "Name a manifest: a file with one JSON object a line"))
        return []
    except UnicodeDecodeError:
        problems.append(_problem(path, 0, "this is not text in UTF-8", SHAPE))
        return []
    clips = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _row(path, number, line, problems)
        if row is not None:
            clips.append(LabelledClip(row=row, path=path.parent / row.file, manifest=path, line=number))
    if not clips and not problems:
        problems.append(_problem(path, 0, "there is no recording in it", SHAPE))
    return clips


def _row(path: Path, number: int, line: str, problems: list[Problem]) -> ManifestRow | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "cannot be read"
        problems.append(_problem(path, number, f"this is not JSON ({what})", SHAPE))
        return None
    if not isinstance(value, Mapping):
        problems.append(_problem(path, number, "this is no JSON object", SHAPE))
        return None
    try:
        row = ManifestRow.model_validate(value)
    except ValidationError as error:
        problems += [_problem(path, number, _what(one), _remedy(one)) for one in error.errors()]
        return None
    if row.intent is None and row.slots:
        problems.append(_problem(path, number, "slots: without an intent there are none", INTENT))
        return None
    return row


def _what(error: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}"


def _remedy(error: Mapping[str, Any]) -> str:
    return INTENT if error["loc"][:1] == ("intent",) else SHAPE


def _problem(path: Path, line: int, what: str, remedy: str) -> Problem:
    return Problem(path=shown(path), line=line, what=what, remedy=remedy)
