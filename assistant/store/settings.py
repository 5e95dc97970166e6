"""What a person prefers, resolved once: defaults < settings.yaml < environment < command line.

Folders: everything of the person lives in one home (`TUINA_HOME`), or where the operating system keeps such things.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from assistant.errors import BadFiles, Problem
from assistant.store.library.yaml_file import read

EchoName: TypeAlias = Literal["auto", "on", "off"]
PREFIX = "TUINA_"
Names: TypeAlias = Mapping[str, Sequence[str]]
"""Setting to the values that it may have, for settings whose values only the composition root knows."""


class Settings(BaseModel):
    """One resolved set of preferences."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)  # `microphone: 2` is a number

    language: str = "en"
    engine: str = "auto"
    """A name in wire/engine_table.py, or `auto`."""
    voice: str = "auto"
    """A name in wire/voice_table.py, or `auto`."""
    microphone: str | None = None
    """Part of a device's name, or its number; None: the system's default."""
    speaker: str | None = None
    echo: EchoName = "auto"
    """Take the loudspeaker out of the microphone; `on`: do not start without, `auto`: where it can be done."""
    usual: str = "full"
    """The routine that "start" alone means, until a session was finished."""
    person: str | None = None
    """Whose pronunciations the ear takes beside everybody's; None: the only ones there are."""
    earcons: int = Field(default=100, ge=0, le=150)
    """Loudness of the signs in percent, apart from the voice; 0: none. The ticks of a count are no signs."""
    night: bool = False
    """No signs at all, so that nobody else wakes up."""
    rating: bool = True
    """Ask for the discomfort before and after a session, zero to ten."""

    @field_validator("engine", "voice")
    @classmethod
    def _is_known(cls, value: str, info: ValidationInfo) -> str:
        """Refuse a name that is not among those of the context, where one is given."""
        names = (info.context or {}).get(info.field_name)
        if names is not None and value not in names:
            expected = " or ".join(filter(None, (", ".join(map(repr, names[:-1])), repr(names[-1]))))
            raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": expected})
        return value

    @property
    def sign_percent(self) -> int:
        """How loud the signs are."""
        return 0 if self.night else self.earcons


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a person's files are. Nothing is made until something is written there."""

    config: Path
    """settings.yaml, routines/, techniques/: written by the person. pronunciations/: written by us."""
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
    where: Folders,
    given: Mapping[str, object],
    environment: Mapping[str, str] = os.environ,
    *,
    names: Names | None = None,
) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings, with `given` (the command line; None means not given) on top.

    A broken settings.yaml becomes problems and is left out: it must not keep anybody from starting. Raises BadFiles for
    a bad value in the environment, since that is the person's present command. Without `names` every engine and voice
    passes; doors call wire/preferences.py, which gives them.
    """
    path = where.config / "settings.yaml"
    from_file, problems = _read(path, names)
    from_environment = {
        name: environment[f"{PREFIX}{name.upper()}"]
        for name in Settings.model_fields
        if environment.get(f"{PREFIX}{name.upper()}")
    }
    on_top = {**from_environment, **{name: value for name, value in given.items() if value is not None}}
    try:
        return Settings.model_validate({**from_file, **on_top}, context=names), problems
    except ValidationError as error:
        raise BadFiles(
            [
                Problem(
                    path=f"{PREFIX}{'.'.join(map(str, one['loc'])).upper()}", line=0, what=one["msg"], remedy=REMEDY
                )
                for one in error.errors()
            ]
        ) from error


def _read(path: Path, names: Names | None) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    if not path.is_file():
        return {}, ()
    try:
        document = read(path, root=path.resolve().parent)  # whoever keeps it elsewhere may link to it
    except BadFiles as error:
        return {}, error.problems
    try:
        Settings.model_validate(document.value, context=names)
    except ValidationError as error:
        return {}, tuple(document.problem(one["loc"], _what(one), REMEDY) for one in error.errors())
    return cast("dict[str, Any]", document.value), ()


def _what(error: ErrorDetails) -> str:
    place = ".".join(map(str, error["loc"]))
    return f"{place}: {error['msg']}" if place else "settings.yaml holds one setting a line, as name: value"


REMEDY = f"Known settings: {', '.join(Settings.model_fields)}"
