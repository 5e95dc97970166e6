"""Allows one running copy: two would speak with two voices and count into one journal.

The lock is the operating system's, on an open file: it ends with the process, however that ends. Where a file
system has no locks, the file names the process by its id and start time, and that process is looked for.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypedDict

from assistant.errors import TuinaError

_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}  # the lock is held by another; any other error: no locks here
_FAR = 1 << 20  # Windows: a locked byte cannot be read, so it lies behind the content


class AnotherRuns(TuinaError):
    """Another copy is running with the same folders."""


class Owner(TypedDict):
    """The content of the file: the owner of the lock."""

    pid: int
    started: str
    """Start time of that process, in the system's own format; empty where unknown."""


class CannotLock(TuinaError):
    """There can be neither a lock nor a name here, so that a second copy would not be noticed."""


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock until the block ends. Raises AnotherRuns, CannotLock.

    A full disk takes no name, and a broken one keeps it: neither ends what runs in the block.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)
    except OSError as error:
        raise _cannot(path, error) from error
    with file:
        _hold(file, path)
        try:
            yield
        finally:
            with suppress(OSError):  # the name of a process that has ended holds nobody up
                file.truncate(0)


def _hold(file: IO[bytes], path: Path) -> None:
    """Lock the file and write our name into it; one of the two is enough."""
    owner = _owner_in(file)
    try:
        _lock_file(file)
        is_locked = True
    except OSError as error:
        if error.errno in _HELD or not _is_over(owner):
            number = f"process {owner['pid']}" if owner else str(path)
            remedy = "Go on with that one, or end it first"
            raise AnotherRuns("tuina is already running", where=number, remedy=remedy) from error
        is_locked = False
    try:
        path.chmod(0o600)
        file.truncate(0)
        file.write(json.dumps(Owner(pid=os.getpid(), started=started(os.getpid()))).encode())
    except OSError as error:
        if not is_locked:
            raise _cannot(path, error) from error


def _cannot(path: Path, error: OSError) -> CannotLock:
    return CannotLock(
        f"its lock cannot be written ({error.strerror or error})",
        where=str(path),
        remedy="Check the disk and the folder's permissions",
    )


def is_alive(owner: Owner) -> bool:
    """True if the process runs, and is the one that wrote the file: process ids are reused."""
    if sys.platform == "win32":
        return True  # called only where locking failed; os.kill(pid, 0) would be Ctrl-C there
    try:
        os.kill(owner["pid"], 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return not owner["started"] or owner["started"] == started(owner["pid"])


def started(pid: int) -> str:
    """Return the start time of the process, on Linux in clock ticks since boot; empty where unknown."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]  # proc(5): field 22; the name before it may contain anything


def _owner_in(file: IO[bytes]) -> Owner | None:
    try:
        file.seek(0)
        found = json.loads(file.read(1000))
        return Owner(pid=int(found["pid"]), started=str(found["started"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None  # no owner, half a name after a crash, or a disk that cannot be read: the lock decides


def _is_over(owner: Owner | None) -> bool:
    """True if nobody holds a file that cannot be locked."""
    return owner is None or owner["pid"] == os.getpid() or not is_alive(owner)


if sys.platform == "win32":
    import msvcrt

    def _lock_file(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock_file(file: IO[bytes]) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not flock: a child process that outlives us must not hold it
