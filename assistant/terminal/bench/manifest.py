"""The list of labelled recordings and typed lines: one JSON object a line, checked before the run. Never listens."""

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

SHAPE = 'One JSON object a line: {"file": "clip.flac", "text": "go back", "intent": "previous"}; no "file": it is typed'
INTENT = 'Write the intent that is wanted, or "intent": null where nothing must be done'
PLAIN = r"^[^\x00-\x1f\x7f]*$"  # no line ends, and nothing that a terminal would interpret
Label = Annotated[str, StringConstraints(strict=True, pattern=PLAIN, max_length=200)]
Name = Annotated[str, StringConstraints(strict=True, pattern=PLAIN, min_length=1, max_length=200)]
MOST_PROBLEMS = 20  # listed one by one; a file of another kind has one in every line
SlotValue = StrictBool | StrictInt | StrictStr
Meaning: TypeAlias = tuple[str, dict[str, messages.SlotValue]]
"""An intent and its slots."""


class ManifestRow(BaseModel):
    """One recording or typed line and its expected result. Fields that are not named here are allowed and ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: Annotated[str, StringConstraints(strict=True, pattern=PLAIN, min_length=1, max_length=1_000)] | None = None
    """WAV or FLAC, relative to the manifest; None: the text is typed."""
    intent: Name | None = None
    """The expected intent; None: nothing must be done, or there are `intents`. Recordings name one or the other."""
    intents: tuple[Name, ...] = ()
    """Several wishes in one breath, to be done in this order."""
    also: tuple[Name, ...] = ()
    """Intents that are as right as the expected one."""
    text: Annotated[str, StringConstraints(strict=True, pattern=PLAIN, max_length=20_000)] | None = None
    """The words said; empty where nobody speaks: such a clip has no speech level, so it gets no noise."""
    slots: dict[str, SlotValue] | tuple[dict[str, SlotValue], ...] | None = None
    """Of the intent; for `intents` a list."""
    safe_misfire: StrictBool = False
    """True where a hold is forgiven though nothing must be done: "stop" said to somebody else."""
    kind: Label = ""
    """`command`, or the reason why nothing must be done: talk, word, digit, background, …"""
    voice: Label = ""
    human: StrictBool | None = None
    """True: a person; False: a machine."""
    condition: Label = "clean"
    """The recording's earlier treatment: far, pink12, …"""
    state: Label | None = None
    """The state of the session in which it is said, or a moment of bench/moments.py; without one `--state` decides."""
    language: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{2}$")] | None = None
    clean_file: Label = ""
    """The same clip without noise, at the same position, for the end of the word."""
    seconds: Annotated[float, Field(ge=0)] | None = None
    word_end_s: Annotated[float, Field(ge=0)] | None = None
    """The end of the word that must be obeyed, in seconds, where more is said after it; None: the last one's."""

    @property
    def wanted(self) -> str:
        """Return the wanted intents as one name: "next", "slower, louder"; empty where nothing must be done."""
        return ", ".join(name for name, _ in self.wishes)

    @property
    def wishes(self) -> tuple[Meaning, ...]:
        """The intents that are wanted, in order, with their slots; none where nothing must be done."""
        names = self.intents or ((self.intent,) if self.intent is not None else ())
        given = (self.slots,) if isinstance(self.slots, dict) else self.slots or ()
        slots = [*given, *({} for _ in names)]
        return tuple((name, dict(some)) for name, some in zip(names, slots, strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledClip:
    """One row, with its place."""

    row: ManifestRow
    path: Path | None
    """The recording; None: the text is typed."""
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
        if clip.path is None:
            continue
        first = seen.setdefault((clip.path, clip.row.condition), clip)
        if first is not clip:
            problems.append(
                _problem(clip.manifest, clip.line, f"{clip.row.file} stands at {first.where} already", ONCE)
            )
    if problems:
        raise BadFiles(first_of(problems))
    return tuple(clips)


def first_of(problems: Sequence[Problem]) -> list[Problem]:
    """Return as many problems as a person reads, and before them the number of all."""
    if len(problems) <= MOST_PROBLEMS:
        return list(problems)
    what = f"{len(problems)} problems, of which the first {MOST_PROBLEMS} are told"
    return [Problem(path=problems[0].path, line=0, what=what, remedy="Fix these first"), *problems[:MOST_PROBLEMS]]


ONCE = "Name each recording once, or it counts twice"


def unknown_intents(clips: Iterable[LabelledClip], known: Sequence[str]) -> list[Problem]:
    """Return a problem for each intent that the grammar lacks, at its first row: it could never be right."""
    listed = ", ".join(known[:80])
    first: dict[str, LabelledClip] = {}
    for clip in clips:
        for name in (*(name for name, _ in clip.row.wishes), *clip.row.also):
            if name not in known:
                first.setdefault(name, clip)
    return [clip.problem(f"there is no intent '{name}'", f"Known intents: {listed}") for name, clip in first.items()]


def limited(clips: Sequence[LabelledClip], most: int | None) -> tuple[LabelledClip, ...]:
    """Return at most `most` clips, chosen by a hash of their names as augment.py does; in the manifest's order."""
    if most is None or most >= len(clips):
        return tuple(clips)
    names = [clip.row.file or clip.row.text or "" for clip in clips]
    chosen = sorted(range(len(clips)), key=lambda n: (zlib.crc32(names[n].encode()), n))[:most]
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
            found = path.parent / row.file if row.file is not None else None
            clips.append(LabelledClip(row=row, path=found, manifest=path, line=number))
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
    what, remedy = _contradiction(row)
    if what:
        problems.append(_problem(path, number, what, remedy))
        return None
    return row


def _contradiction(row: ManifestRow) -> tuple[str, str]:
    """The contradictions between the fields of a row, with the remedy; empty texts where they agree."""
    if row.file is None and not (row.text or "").strip():
        return "there is neither a file nor a text", SHAPE
    if row.file is not None and not {"intent", "intents"} & row.model_fields_set:
        return "intent: Field required", INTENT
    if row.intent is not None and row.intents:
        return "intents: there is an intent already", INTENT
    if row.slots and not row.wishes:
        return "slots: without an intent there are none", INTENT
    if row.slots and isinstance(row.slots, dict) == bool(row.intents):
        return "slots: one object for an intent, a list of them for intents", SHAPE
    return "", ""


def _what(error: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"] if "[" not in str(part))  # not the type that did not fit
    return f"{place}: {error['msg']}"


def _remedy(error: Mapping[str, Any]) -> str:
    return INTENT if error["loc"][:1] == ("intent",) else SHAPE


def _problem(path: Path, line: int, what: str, remedy: str) -> Problem:
    return Problem(path=shown(path), line=line, what=what, remedy=remedy)
