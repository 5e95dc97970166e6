"""A person's settings, resolved once: defaults < settings.yaml < environment < command line.

Folders: everything of the person lives in one home (`TUINA_HOME`), or in the operating system's usual folders.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from assistant.errors import BadFiles, Problem
from assistant.store.library.yaml_file import MOST_BYTES, read

EchoName: TypeAlias = Literal["auto", "on", "off"]
PREFIX = "TUINA_"
POSTGRES = "postgresql://"
KnownValues: TypeAlias = Mapping[str, Sequence[str]]
"""Setting to the values that it may have, for settings whose values only the composition root knows."""


class Settings(BaseModel):
    """One resolved set of settings."""

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
    """Cancel the loudspeaker's echo; `on`: do not start without it, `auto`: where it is possible."""
    usual: str = "full"
    """The routine that "start" alone means, until a session was finished."""
    person: str | None = None
    """The person whose pronunciations the ear adds to everybody's; None: the only ones there are."""
    earcons: int = Field(default=100, ge=0, le=150)
    """Volume of the earcons in percent, apart from the voice; 0: none. The ticks of a count are no earcons."""
    speech_rate: int = Field(default=100, ge=70, le=150)
    """Rate of speech in percent, until the person chose one by voice; 100: about 150 words a minute."""
    night: bool = False
    """True for no earcons at all, so that nobody else wakes up."""
    emergency_number: str | None = Field(default=None, pattern=r"^[0-9]{2,8}$")
    """The number that is read out in an emergency; None: that of the country in the system's locale."""
    rating: bool = True
    """True to ask at the end how much it hurt before, and how much it hurts now, zero to ten."""
    journal: SecretStr | None = None
    """With `tuina serve --rooms`: the PostgreSQL of all rooms' journals; None: a file for each. It is never shown."""

    @field_validator("engine", "voice", mode="before")
    @classmethod
    def _is_known(cls, value: object, info: ValidationInfo) -> object:
        """Refuse a name that is not among those of the context, where one is given."""
        names = (info.context or {}).get(info.field_name)
        if names is not None and value not in names:
            expected = " or ".join(filter(None, (", ".join(map(repr, names[:-1])), repr(names[-1]))))
            raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": expected})
        return value

    @field_validator("journal")
    @classmethod
    def _is_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        """Refuse another kind of database, without repeating what may hold a password."""
        if value is not None and not value.get_secret_value().startswith(POSTGRES):
            raise PydanticCustomError("database", "Input should begin with {expected}", {"expected": POSTGRES})
        return value

    @property
    def sign_percent(self) -> int:
        """Return the volume of the earcons in percent."""
        return 0 if self.night else self.earcons


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a person's files. Nothing is created until something is written there."""

    config: Path
    """settings.yaml, routines/, techniques/: written by the person. pronunciations/, lan/: written by us."""
    data: Path
    """journal.db, models/: written by us, worth keeping."""
    cache: Path
    """clips/: written by us, rendered again when lost."""
    house: Path | None = None
    """The data folder of the house, whose models a room uses; None: these are no room's folders."""

    @property
    def journal(self) -> Path:
        """Return the path of the SQLite file."""
        return self.data / "journal.db"

    @property
    def lock(self) -> Path:
        """Return the path of the file that a running session locks."""
        return self.data / "tuina.lock"

    @property
    def lan(self) -> Path:
        """Return the folder of the certificate and of the paired devices."""
        return self.config / "lan"

    @property
    def models(self) -> Path:
        """Return the folder of downloaded models."""
        return (self.house or self.data) / "models"

    @property
    def clips(self) -> Path:
        """Return the folder of rendered sentences."""
        return self.cache / "clips"

    def room(self, name: str) -> Folders:
        """Return the folders of a room of this house: a journal and devices of its own; models and clips are shared."""
        folder = Path("rooms", name)
        return Folders(config=self.config / folder, data=self.data / folder, cache=self.cache, house=self.data)


def folders(environment: Mapping[str, str] = os.environ) -> Folders:
    """Return the folders in `TUINA_HOME` if it is set, else the operating system's."""
    home = environment.get(f"{PREFIX}HOME")
    if home:
        return folders_in(Path(home).expanduser())
    return Folders(
        config=user_config_path("tuina", appauthor=False),
        data=user_data_path("tuina", appauthor=False),
        cache=user_cache_path("tuina", appauthor=False),
    )


def folders_in(home: Path) -> Folders:
    """Everything of a person in one folder."""
    return Folders(config=home, data=home, cache=home / "cache")


def resolve(
    where: Folders,
    given: Mapping[str, object],
    environment: Mapping[str, str] = os.environ,
    *,
    names: KnownValues | None = None,
) -> tuple[Settings, tuple[Problem, ...]]:
    """Return the settings, with `given` (the command line; None means not given) on top.

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


def _read(path: Path, names: KnownValues | None) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    if not path.is_file() or says_nothing(path):
        return {}, ()
    try:
        document = read(path, root=path.resolve().parent)  # the person may keep it elsewhere, behind a link
    except BadFiles as error:
        return {}, error.problems
    try:
        Settings.model_validate(document.value, context=names)
    except ValidationError as error:
        return {}, tuple(document.problem(one["loc"], what_is_wrong(one), REMEDY) for one in error.errors())
    return cast("dict[str, Any]", document.value), ()


def says_nothing(path: Path) -> bool:
    """True for a file of notes and nothing else; false also where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig") if path.stat().st_size <= MOST_BYTES else ""
    except (OSError, ValueError):
        return False
    return text.strip() != "" and is_empty(text)


def is_empty(text: str) -> bool:
    """True for empty lines and notes."""
    return all(line.strip() == "" or line.lstrip().startswith("#") for line in text.splitlines())


def what_is_wrong(error: ErrorDetails) -> str:
    """Return what a file's error is, with the setting's name."""
    place = ".".join(map(str, error["loc"]))
    return f"{place}: {error['msg']}" if place else "settings.yaml holds one setting a line, as name: value"


REMEDY = f"Known settings: {', '.join(Settings.model_fields)}"
