"""Turns a zip into an installed model, completely or not at all.

It unpacks only after checking the hash, into a temporary folder beside the target that is renamed at the end. The
limits hold for a zip with the right hash too, since the manifest may be wrong. Never opens the network.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from assistant.errors import EngineError, NetworkError
from assistant.store.models.installed import RECORD, Model, file_sha256

_CHUNK_BYTES = 1 << 20
_DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError),
    *(NotImplementedError, RuntimeError),  # another way of packing; a password
)
"""The errors of zipfile at damaged bytes, one or the other by their place (found by benchmarks/fuzz.py)."""


def install(archive: Path, model: Model, folder: Path) -> Path:
    """Check a zip against the manifest, unpack it as `folder/<name>`, and return that path.

    An installed model of this name is replaced at the end. Raises NetworkError when the zip is not the one that was
    promised or breaks a limit; then nothing is changed. Raises EngineError when the disk refuses.
    """
    size = archive.stat().st_size
    if size != model.zip_bytes or file_sha256(archive) != model.sha256:
        what = f"this is not the {model.name} that was promised ({size} bytes, or another hash)"
        raise NetworkError(what, where=str(archive), remedy="fetch it again, or from another mirror")
    try:
        return _unpack(archive, model, folder)
    except _DAMAGED as error:
        what = f"the zip cannot be read ({error})"
        raise NetworkError(what, where=str(archive), remedy="use another mirror") from error
    except OSError as error:
        what = f"the model could not be written ({error.strerror or error})"
        raise EngineError(what, where=str(folder), remedy="free some space there, and try again") from error


def _unpack(archive: Path, model: Model, folder: Path) -> Path:
    target = folder / model.name
    with zipfile.ZipFile(archive) as packed, tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
        files = _checked(packed, model)
        left = model.most_unpacked_bytes
        record = {}
        for name, info in files.items():
            path = Path(scratch, "model", *PurePosixPath(name).parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            size, sha256 = _write(packed, info, path, left)
            left -= size
            record[name] = (size, sha256)
        Path(scratch, "model", RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
        if target.exists():
            target.rename(Path(scratch, "old"))
        Path(scratch, "model").rename(target)
    return target


def _checked(packed: zipfile.ZipFile, model: Model) -> dict[str, zipfile.ZipInfo]:
    """Return the zip's files by their path in its one folder. Raises NetworkError for entries that no model needs."""
    infos = packed.infolist()
    if len(infos) > model.most_files:
        raise _refused(model, f"it holds {len(infos)} files; the most is {model.most_files}")
    declared = sum(info.file_size for info in infos)
    if declared > model.most_unpacked_bytes:
        raise _refused(model, f"unpacked it has {declared} bytes; the most is {model.most_unpacked_bytes}")
    files: dict[str, zipfile.ZipInfo] = {}
    seen = set()
    for info in infos:
        path = PurePosixPath(info.filename)
        is_inside = path.parts[:1] == (model.name,) and ".." not in path.parts
        if not is_inside or set(info.orig_filename) & set("\\:\0"):
            raise _refused(model, f"{info.filename!r} is outside its folder")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise _refused(model, f"{info.filename!r} is a link or a device, not a file")
        same = unicodedata.normalize("NFC", str(path)).casefold()
        if same in seen:
            raise _refused(model, f"{info.filename!r} is there twice")
        seen.add(same)
        if not info.is_dir():
            files[str(path.relative_to(model.name))] = info
    if not files:
        raise _refused(model, "it holds no files")
    return files


def _write(packed: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, left: int) -> tuple[int, str]:
    """Unpack one file; return its size and SHA-256. Stops at `left` bytes, whatever the zip's directory declares."""
    digest = hashlib.sha256()
    size = 0
    with packed.open(info) as source, path.open("xb") as file:
        while chunk := source.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > min(left, info.file_size):
                what = f"{info.filename!r} unpacks to more than it declares"
                raise NetworkError(what, where=str(packed.filename), remedy="use another mirror")
            digest.update(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


def _refused(model: Model, why: str) -> NetworkError:
    what = f"the zip is not safe to unpack: {why}"
    return NetworkError(what, where=model.name, remedy="report it, and use another mirror")
