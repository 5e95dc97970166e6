"""Changes settings in settings.yaml; every other line of the file, a person's comments too, stays letter by letter."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias, cast

from pydantic import ValidationError

from assistant.errors import BadFiles, Problem, TuinaError
from assistant.store.library.yaml_file import Value, parse, read
from assistant.store.private_file import write_privately
from assistant.store.settings import REMEDY, KnownValues, Settings, is_empty, says_nothing, what_is_wrong

Changes: TypeAlias = Mapping[str, "str | int | None"]
"""Settings by their names; None takes one out of the file, so that its default holds."""


def change_settings(path: Path, changes: Changes, names: KnownValues | None = None) -> None:
    """Write the changes, all or none. A file that is not there is begun.

    Raises BadFiles for a bad value and for a file that is not valid as it is, and TuinaError where the file cannot be
    written, or a line of it cannot be replaced without touching more. `names` is as in `settings.resolve`.
    """
    _refuse_bad(changes, names)
    before, text = _read(path, names)
    after = _given({**before, **changes})
    if after == before:
        return
    changed = _changed(text, changes)
    if not _holds(changed, path, after):
        lines = "; ".join(f"{name}: {'' if value is None else value}".rstrip() for name, value in changes.items())
        remedy = f"Change it there by hand: {lines}"
        raise TuinaError("this line of the settings cannot be replaced safely", where=str(path), remedy=remedy)
    try:
        if changed.strip():
            write_privately(path.resolve(), changed.encode())  # the person may keep it elsewhere, behind a link
        else:
            path.resolve().unlink()  # an empty file is a mistake (settings.py)
    except OSError as error:
        raise TuinaError(
            f"the settings cannot be written: {error.strerror or error}",
            where=str(path),
            remedy="Check the permissions of that folder, and that the disk is not full",
        ) from error


def _refuse_bad(changes: Changes, names: KnownValues | None) -> None:
    try:
        Settings.model_validate(_given(changes), context=names)
    except ValidationError as error:
        found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        raise BadFiles([Problem(path=name, line=0, what=what, remedy=REMEDY) for name, what in found]) from error


def _read(path: Path, names: KnownValues | None) -> tuple[dict[str, Value], str]:
    """Return the settings of a file, and its text; of a file that is not there none. Raises BadFiles."""
    if not path.is_file():
        return {}, ""
    if says_nothing(path) or path.stat().st_size == 0:
        return {}, path.read_bytes().decode("utf-8-sig")
    document = read(path, root=path.resolve().parent)
    try:
        Settings.model_validate(document.value, context=names)
    except ValidationError as error:
        found = [document.problem(one["loc"], what_is_wrong(one), REMEDY) for one in error.errors()]
        raise BadFiles(found) from error
    return cast("dict[str, Value]", document.value), path.read_bytes().decode("utf-8-sig")


def _changed(text: str, changes: Changes) -> str:
    """Return the text with one line for each change: in the place of the old one, else at the end."""
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    for name, value in changes.items():
        old = next((n for n, line in enumerate(lines) if re.match(rf"{re.escape(name)}\s*:", line)), None)
        new = [] if value is None else [f"{name}: {json.dumps(value, ensure_ascii=False)}"]
        if old is not None:
            comment = re.search(r"\s+#.*$", lines[old].rstrip("\r\n"))
            kept = comment[0] if comment else ""
            lines[old : old + 1] = [f"{one}{kept}{ending}" for one in new]
        elif new:
            if lines and not lines[-1].endswith(("\n", "\r")):
                lines[-1] += ending
            lines.append(new[0] + ending)
    return "".join(lines)


def _holds(text: str, path: Path, wanted: Mapping[str, Value]) -> bool:
    """True if the text says these settings and nothing else: a value may stand on more lines than one."""
    if not wanted:
        return is_empty(text)
    try:
        found = parse(text, str(path)).value
    except BadFiles:
        return False
    return isinstance(found, dict) and _given(found) == wanted


def _given(settings: Mapping[Any, Value]) -> dict[str, Value]:
    return {name: value for name, value in settings.items() if value is not None}
