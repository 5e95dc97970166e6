"""What a person prefers, resolved once: defaults < settings.yaml < environment < command line.

Folders: everything of the person lives in one home (`TUINA_HOME`), or where the operating system keeps such things.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml
from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import BadFiles, Problem

EngineName: TypeAlias = Literal["auto", "phonetic", "vosk"]
VoiceName: TypeAlias = Literal["auto", "hibari", "pyttsx3", "silent"]
PREFIX = "TUINA_"


class Settings(BaseModel):
    """One resolved set of preferences."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = "en"
    engine: EngineName = "auto"
    voice: VoiceName = "auto"
    microphone: str | None = None
    """Part of a device's name, or its number; None: the system's default."""
    speaker: str | None = None
    usual: str = "full"
    """The routine that "start" alone means, until a session was finished."""
    rating: bool = True
    """Ask for the discomfort before and after a session, zero to ten."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a person's files are. Nothing is made until something is written there."""

    config: Path
    """settings.yaml, routines/, techniques/: written by the person."""
    data: Path
    """journal.db, models/: written by us, worth keeping."""
    cache: Path
    """clips/: written by us, made again when it is gone."""

    @property
    def journal(self) -> Path:
        """The SQLite file."""
        return self.data / "journal.db"

    @property
    def lock(self) -> Path:
        """Held while a session runs."""
        return self.data / "tuina.lock"

    @property
    def models(self) -> Path:
        """Fetched models."""
        return self.data / "models"

    @property
    def clips(self) -> Path:
        """Rendered sentences."""
        return self.cache / "clips"


def folders(environment: Mapping[str, str] = os.environ) -> Folders:
    """The home of `TUINA_HOME` if it is set, else the operating system's folders."""
    home = environment.get(f"{PREFIX}HOME")
    if home:
        base = Path(home).expanduser()
        return Folders(config=base, data=base, cache=base / "cache")
    return Folders(
        config=user_config_path("tuina", appauthor=False),
        data=user_data_path("tuina", appauthor=False),
        cache=user_cache_path("tuina", appauthor=False),
    )


def resolve(
    where: Folders, given: Mapping[str, object], environment: Mapping[str, str] = os.environ
) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings, with `given` (the command line; None means not given) on top.

    A broken settings.yaml becomes problems and is left out: it must not keep anybody from starting. Raises BadFiles for
    a bad value in the environment, since that is the person's present command.
    """
    path = where.config / "settings.yaml"
    from_file, problems = _read(path)
    from_environment = {
        name: environment[f"{PREFIX}{name.upper()}"]
        for name in Settings.model_fields
        if environment.get(f"{PREFIX}{name.upper()}")
    }
    on_top = {**from_environment, **{name: value for name, value in given.items() if value is not None}}
    try:
        return Settings.model_validate({**from_file, **on_top}), problems
    except ValidationError as error:
        wrong = [_problem(f"{PREFIX}{'.'.join(map(str, one['loc'])).upper()}", 0, one["msg"]) for one in error.errors()]
        raise BadFiles(wrong) from error


def _read(path: Path) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    if not path.is_file():
        return {}, ()
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        Settings.model_validate(found)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return {}, (_problem(str(path), line, str(error.problem)),)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        return {}, (_problem(str(path), 0, str(error)),)
    except ValidationError as error:
        return {}, tuple(
            _problem(str(path), 0, f"{'.'.join(map(str, one['loc']))}: {one['msg']}") for one in error.errors()
        )
    return found, ()


def _problem(place: str, line: int, what: str) -> Problem:
    known = ", ".join(Settings.model_fields)
    return Problem(path=place, line=line, what=what, remedy=f"Known settings: {known}")
