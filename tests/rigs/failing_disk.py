"""A disk that refuses its n-th call, in this process: Python's own calls, and those of SQLite below them.

Counted is what writes under one folder: files that are opened for writing, made, written, cut, synchronised, renamed,
deleted, and their modes. Python announces most of them to its audit hooks, where an OSError ends the call; the bytes
go through a class of our own; SQLite has a layer for it (sqlite.org/vfs.html), of which we change a copy.
tests/rigs/failing_sqlite.py has that layer. Linux only; for a forked child, since nothing is taken back.
"""

from __future__ import annotations

import _io
import builtins
import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

How: TypeAlias = Literal[
    "full once", "broken once", "full from then on", "broken from then on", "killed", "torn", "power cut"
]
"""ENOSPC or EIO, for one call or for all that follow; kill -9 before the call, or in the middle of what it writes; a
power cut: what was not synchronised is gone."""
FAILING: tuple[How, ...] = ("full once", "broken once", "full from then on", "broken from then on")
DYING: tuple[How, ...] = ("killed", "torn", "power cut")
_OF = {"os.rename": "rename", "os.remove": "delete", "os.mkdir": "make", "os.chmod": "mode", "os.utime": "date"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Point(NamedTuple):
    """One counted call."""

    call: str
    """`open`, `write`, `cut`, `sync`, or one of `_OF`; those of SQLite begin with `sql `."""
    file: str
    """The file's name, without its folder and without what tempfile or a hash made up."""


class FailingDisk:
    """Counts from 1 the calls that write under a folder, and lets the one numbered `at` fail; 0: none."""

    def __init__(self, folder: Path, at: int = 0, how: How = "broken once") -> None:
        """Nothing is counted before `begin`."""
        self._folder = str(folder.resolve()) + os.sep
        self._at, self._how = at, how
        self._is_on = False
        self._unsynced: dict[str, list[tuple[int, bytes | None]]] = {}
        self.points: list[Point] = []

    def begin(self) -> None:
        """Count from now on. Once in a process."""
        from tests.rigs.failing_sqlite import watch_sqlite

        sys.addaudithook(self._hear)
        watched = _opener(self)
        builtins.open = io.open = _io.open = watched  # type: ignore[assignment]
        sync = os.fsync

        def fsync(file: int | IO[Any]) -> None:
            path = path_of(file if isinstance(file, int) else file.fileno())
            self.call("sync", path)
            sync(file)
            self.synced(path)

        os.fsync = fsync  # type: ignore[assignment]
        watch_sqlite(self)
        self._is_on = True

    @contextmanager
    def out_of_the_way(self) -> Iterator[None]:
        """Neither count nor fail in the block: it looks at what is there."""
        before, self._is_on = self._is_on, False
        try:
            yield
        finally:
            self._is_on = before

    def call(self, call: str, path: str, torn: Callable[[], None] = lambda: None) -> None:
        """Count a call, and let it fail if it is its turn; `torn` writes half of it. Raises OSError."""
        if not self._is_on or not path.startswith(self._folder):
            return
        self.points.append(Point(call, _plain(path)))
        n = len(self.points)
        if n == self._at and self._how in DYING:
            self._die(torn)
        if n == self._at or (0 < self._at < n and self._how.endswith("from then on")):
            number = errno.ENOSPC if self._how.startswith("full") else errno.EIO
            raise OSError(number, os.strerror(number), path)

    def wrote(self, path: str, at: int, before: bytes | None) -> None:
        """Remember what stood there before a write, until it is synchronised; None: whatever came after `at`."""
        if self._how == "power cut" and self._is_on:
            self._unsynced.setdefault(path, []).append((at, before))

    def synced(self, path: str) -> None:
        """Take all that was written to the file for safe from a power cut."""
        self._unsynced.pop(path, None)

    def _die(self, torn: Callable[[], None]) -> None:
        self._is_on = False
        if self._how == "torn":
            torn()
        for path, writes in self._unsynced.items():
            _take_back(path, writes)
        os.kill(os.getpid(), signal.SIGKILL)

    def _hear(self, event: str, said: tuple[Any, ...]) -> None:
        if not self._is_on:
            return
        if event == "open" and (said[2] or 0) & _WRITES:
            path = _path(said[0])
            if not Path(path).is_dir():  # tempfile opens its folder, and within that the file: one call
                self.call("open", path)
        elif event in _OF:
            self.call(_OF[event], _path(said[0]))


class _Written(io.FileIO):
    """A file whose bytes are counted."""

    def __init__(self, disk: FailingDisk, *how: Any, **named: Any) -> None:
        super().__init__(*how, **named)
        self._disk, self._path = disk, path_of(self.fileno())

    def write(self, data: Any) -> int:
        half = bytes(memoryview(data).cast("B"))[: memoryview(data).nbytes // 2]
        self._disk.call("write", self._path, lambda: (super(_Written, self).write(half), None)[1])
        self._disk.wrote(self._path, self.tell(), None)
        return super().write(data)

    def truncate(self, size: int | None = None) -> int:
        self._disk.call("cut", self._path)
        return super().truncate(size)


def _opener(disk: FailingDisk) -> Callable[..., IO[Any]]:
    """The built-in `open`, which gives files of ours where something is written."""
    plain = builtins.open

    def watched(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Callable[[str, int], int] | None = None,
    ) -> IO[Any]:
        if not set(mode) & set("wax+"):
            return plain(file, mode, buffering, encoding, errors, newline, closefd, opener)
        raw = _Written(disk, file, mode.replace("b", "").replace("t", ""), closefd=closefd, opener=opener)
        if buffering == 0:
            return raw
        held = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return held if "b" in mode else io.TextIOWrapper(held, encoding, errors, newline)

    return watched


def path_of(handle: int) -> str:
    """The path of an open file; empty if it has none."""
    try:
        return str(Path(f"/proc/self/fd/{handle}").readlink())
    except OSError:
        return ""


def _path(said: Any) -> str:
    return path_of(said) if isinstance(said, int) else str(Path(os.fsdecode(said)).absolute())


def _plain(path: str) -> str:
    """The kind of file, so that two runs of the same session name the same points."""
    name = Path(path).name
    ending = Path(path).suffix
    return f"*{ending}" if ending in {".clip", ".part"} else name


def _take_back(path: str, writes: list[tuple[int, bytes | None]]) -> None:
    """Undo what was written to a file, the last first. Where it was deleted there is nothing to undo."""
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    for at, before in reversed(writes):
        if before is None:
            os.ftruncate(handle, at)
        else:
            os.pwrite(handle, before, at)
    os.close(handle)
