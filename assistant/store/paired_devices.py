"""The devices that may show and lead sessions over the network: names, dates, and hashes of their tokens.

<config>/lan/devices/<SHA-256 of the token>.json, each readable by its owner only. A token is kept by its device alone.
"""

from __future__ import annotations

import hashlib
import secrets
import stat
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationError

from assistant.errors import JournalError, TuinaError, UnknownName
from assistant.language import Frozen
from assistant.store.private_file import delete_all, write_privately

MOST_DEVICES = 16  # of a household or a practice; chosen
TOKEN_BYTES = 32  # nobody guesses 256 bits
REMEDY = "Forget all of them, and pair again: tuina serve --forget-devices"


class PairedDevice(Frozen):
    """One device."""

    version: Literal[1] = 1
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    """The kind of browser and system, for instance "Chrome on Android"."""
    at: datetime
    """The time of its pairing."""

    @property
    def label(self) -> str:
        """Return the line by which lists show it: its name, and when it was paired, in local time."""
        return f"{self.name}, since {self.at.astimezone():%Y-%m-%d %H:%M:%S}"


class PairedDevices:
    """The files of all devices. Nothing is held in memory: another process may forget a device at any time."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is created before a device is paired."""
        self.folder = folder / "devices"

    def all(self) -> tuple[PairedDevice, ...]:
        """Return every device, in the order of pairing. Raises TuinaError for a damaged file."""
        return tuple(self._found().values())

    def _found(self) -> dict[Path, PairedDevice]:
        """Return the device of each file, in the order of pairing. Raises TuinaError for a damaged file."""
        found = {path: _read(path) for path in self.folder.glob("*.json")}
        known = {path: one for path, one in found.items() if one is not None}
        return dict(sorted(known.items(), key=lambda one: one[1].at))

    def add(self, name: str, at: datetime) -> str:
        """Store one more device and return its token. Raises TuinaError where there is no room or no disk."""
        if len(list(self.folder.glob("*.json"))) >= MOST_DEVICES:
            raise TuinaError(f"{MOST_DEVICES} devices are paired already", where=str(self.folder), remedy=REMEDY)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        try:
            write_privately(self._path(token), PairedDevice(name=name, at=at).model_dump_json().encode() + b"\n")
        except OSError as error:
            raise TuinaError(
                f"the paired device cannot be written: {error.strerror or error}",
                where=str(self.folder),
                remedy="Check the permissions of that folder, and that the disk is not full",
            ) from error
        return token

    def knows(self, token: str) -> bool:
        """True if this is the token of a paired device. Raises OSError where the disk does not tell.

        Its hash is looked up, so no time tells how much of it is right.
        """
        try:
            return stat.S_ISREG(self._path(token).stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def forget(self, wanted: str) -> PairedDevice:
        """Delete one device, by its name or its label; capitals do not matter. Returns it.

        Raises UnknownName where none or more than one is meant, TuinaError for a damaged file, JournalError where it
        stays.
        """
        found = self._found()
        plain = " ".join(wanted.split()).casefold()
        meant = {path: one for path, one in found.items() if plain in {one.name.casefold(), one.label.casefold()}}
        if len(meant) != 1:
            what = f"{len(meant)} devices are '{wanted}'" if meant else f"no paired device is '{wanted}'"
            raise UnknownName(what, remedy=_remedy(meant or found))
        [(path, device)] = meant.items()
        _delete([path], self.folder)
        return device

    def forget_all(self) -> None:
        """Delete every file, and what a crash left of one. Raises JournalError if one stays, after it tried all."""
        _delete((*self.folder.glob("*.json"), *self.folder.glob("*.part")), self.folder)

    def _path(self, token: str) -> Path:
        return self.folder / f"{hashlib.sha256(token.encode(errors='surrogatepass')).hexdigest()}.json"


def _remedy(known: Mapping[Path, PairedDevice]) -> str:
    """Say what to give instead; two devices that were paired in the same second cannot be told apart."""
    labels = [one.label for one in known.values()]
    if not labels:
        return "None is paired"
    if len(set(labels)) < len(labels):
        return f"They cannot be told apart. {REMEDY}"
    return f"Give one of: {'; '.join(labels)}"


def _delete(paths: Iterable[Path], folder: Path) -> None:
    """Delete files. Raises JournalError if one stays, after it tried all."""
    try:
        delete_all(paths)
    except OSError as error:
        raise JournalError(
            f"the paired devices cannot be deleted: {error.strerror or error}",
            where=str(folder),
            remedy="Delete that folder",
        ) from error


def _read(path: Path) -> PairedDevice | None:
    """Return the device; None where it was forgotten just now. Raises TuinaError for a damaged file."""
    try:
        return PairedDevice.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise TuinaError("a paired device cannot be read", where=str(path), remedy=REMEDY) from error
