"""Recognition models: what the manifest promises, and what is installed on this machine. Changes nothing.

`fetch.py` downloads (and is the only file that may), `model_zip.py` unpacks.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, UrlConstraints, ValidationError

from assistant.errors import BadFiles, EngineError, Problem, UnknownName

RECORD = "tuina-files.json"  # written into each installed model: path → [bytes, sha256]
_CHUNK_BYTES = 1 << 20
_MANIFEST_BYTES = 65_536  # the limit for all our YAML (faults.md, row 49)
_ANCHORS = (yaml.AliasToken, yaml.AnchorToken)

HttpsUrl = Annotated[HttpUrl, UrlConstraints(allowed_schemes=["https"], host_required=True)]


class Model(BaseModel):
    """One entry of models/manifest.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
    """Name of the zip without `.zip`, and of the one folder inside it."""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    url: HttpsUrl
    mirrors: tuple[HttpsUrl, ...]
    """Tried in order after `url`."""
    zip_bytes: int = Field(gt=0, le=4_000_000_000)
    """Size of the zip."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    licence: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    most_unpacked_bytes: int = Field(gt=0)
    most_files: int = Field(gt=0)


def manifest_path() -> Path:
    """Where the manifest is: inside an installed package, or at the top of a working copy."""
    package = Path(__file__).parents[1]
    shipped = package / "shipped" / "models" / "manifest.yaml"
    return shipped if shipped.is_file() else package.parent / "models" / "manifest.yaml"


def load_manifest(path: Path) -> tuple[Model, ...]:
    """Every model that can be fetched, in the file's order. Raises BadFiles with all problems at once."""
    try:
        text = path.read_bytes()[: _MANIFEST_BYTES + 1].decode()
        if len(text) > _MANIFEST_BYTES:
            raise BadFiles([Problem(path=str(path), line=0, what="larger than 64 KB", remedy="split or shorten it")])
        if any(isinstance(token, _ANCHORS) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise BadFiles([Problem(path=str(path), line=0, what="has an anchor or alias", remedy="write it out")])
        entries = yaml.safe_load(text)
    except OSError as error:
        remedy = "install Tuina again"
        raise BadFiles([Problem(path=str(path), line=0, what=f"cannot be read: {error}", remedy=remedy)]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        what = f"not valid YAML: {getattr(error, 'problem', None) or error}"
        raise BadFiles([Problem(path=str(path), line=line, what=what, remedy="mend that line")]) from error
    return _entries(path, entries)


def _entries(path: Path, entries: object) -> tuple[Model, ...]:
    if not isinstance(entries, list):
        raise BadFiles([Problem(path=str(path), line=0, what="not a list of models", remedy="see models/README.md")])
    models: list[Model] = []
    problems = []
    for number, entry in enumerate(entries, start=1):
        try:
            models.append(Model.model_validate(entry))
        except ValidationError as error:
            for found in error.errors():
                field = ".".join(str(part) for part in found["loc"])
                what = f"entry {number}: {field}: {found['msg']}"
                problems.append(Problem(path=str(path), line=0, what=what, remedy="see models/README.md"))
    names = [model.name for model in models]
    problems += [
        Problem(path=str(path), line=0, what=f"{name} stands twice", remedy="remove one")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise BadFiles(problems)
    return tuple(models)


def model_named(name: str, models: tuple[Model, ...]) -> Model:
    """The model with this name. Raises UnknownName, which lists what there is."""
    for model in models:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in models)
    what = f"there is no model called {name!r}"
    raise UnknownName(what, where="tuina models get", remedy=f"choose one of: {known}")


def installed_model(language: str, folder: Path, models: tuple[Model, ...]) -> Path | None:
    """The folder of an installed model for a language (two letters), or None. Looks at names only: see `verify`."""
    for model in models:
        path = folder / model.name
        if model.language == language and (path / RECORD).is_file():
            return path
    return None


def verify(path: Path) -> None:
    """Compare every file of an installed model with the record made when it was installed (reads it all, about 0.1 s).

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
    """The file's SHA-256 in lower-case hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
