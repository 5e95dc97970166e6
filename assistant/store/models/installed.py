"""Recognition models: those in the manifest, and those installed on this machine. Changes nothing.

`download.py` downloads (and is the only file that may), `unpack.py` unpacks.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, UrlConstraints, model_validator

from assistant.errors import EngineError, UnknownName
from assistant.store.library.catalogue import home_folder
from assistant.store.library.schema import build
from assistant.store.library.yaml_file import read

RECORD = "tuina-files.json"  # written into each installed model: path → [bytes, sha256]
_CHUNK_BYTES = 1 << 20

HttpsUrl = Annotated[HttpUrl, UrlConstraints(allowed_schemes=["https"], host_required=True)]


class Model(BaseModel):
    """One entry of models/manifest.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
    """Name of the zip without `.zip`, and of the one folder inside it."""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    url: HttpsUrl
    mirrors: tuple[HttpsUrl, ...]
    """Addresses that are tried in order after `url`."""
    zip_bytes: int = Field(gt=0)
    """Size of the zip in bytes."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    licence: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    most_unpacked_bytes: int = Field(gt=0)
    most_files: int = Field(gt=0)


class Manifest(BaseModel):
    """The content of the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: tuple[Model, ...]

    @model_validator(mode="after")
    def _names_differ(self) -> Manifest:
        names = [model.name for model in self.models]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = f"{', '.join(twice)} stands there twice"
            raise ValueError(msg)
        return self


def manifest_path() -> Path:
    """Return the path of our own manifest."""
    return home_folder() / "models" / "manifest.yaml"


def load_manifest(path: Path) -> tuple[Model, ...]:
    """Return every model that can be downloaded, in the file's order. Raises BadFiles with all problems at once."""
    return build(read(path, root=path.parent), Manifest).models


def model_named(name: str, models: tuple[Model, ...]) -> Model:
    """Return the model with this name. Raises UnknownName, which lists the names."""
    for model in models:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in models)
    what = f"there is no model called {name!r}"
    raise UnknownName(what, where="tuina models get", remedy=f"choose one of: {known}")


def installed_model(language: str, folder: Path, models: tuple[Model, ...]) -> Path | None:
    """Return the folder of an installed model for a language (two letters), or None. Checks names only (`verify`)."""
    for model in models:
        path = folder / model.name
        if model.language == language and (path / RECORD).is_file():
            return path
    return None


def verify(path: Path) -> None:
    """Compare every file of an installed model with the record made at its installation (reads all, about 0.1 s).

    Raises EngineError that names the first file that is missing, cut short or changed.
    """
    remedy = f"fetch it again: tuina models get {path.name}"
    try:
        record = json.loads((path / RECORD).read_text(encoding="utf-8"))
        promised = {str(name): (int(size), str(sha256)) for name, (size, sha256) in record.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        what = f"the model's list of files cannot be read ({error})"
        raise EngineError(what, where=str(path / RECORD), remedy=remedy) from error
    for name, (size, sha256) in promised.items():
        file = path / name
        if not file.is_file():
            raise EngineError("a file of the model is missing", where=str(file), remedy=remedy)
        if file.stat().st_size != size:
            what = f"a file of the model has {file.stat().st_size} bytes instead of {size}"
            raise EngineError(what, where=str(file), remedy=remedy)
        if file_sha256(file) != sha256:
            raise EngineError("a file of the model is damaged", where=str(file), remedy=remedy)


def file_sha256(path: Path) -> str:
    """Return the file's SHA-256 in lower-case hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
