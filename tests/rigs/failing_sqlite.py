"""SQLite's layer between pages and files, with our counter in it: its n-th write, sync, cut, open or delete can fail.

The layer that this system has is copied, its `xOpen` gives files whose methods are copied too, and five of them count
first (sqlite.org/c3ref/vfs.html, sqlite.org/c3ref/io_methods.html; the order of the fields is theirs). Before the
first connection of the process. What is written between two syncs is told to the disk, which takes it back at a power
cut.
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_void_p, cast, string_at
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.rigs.failing_disk import FailingDisk

FULL, CANNOT_OPEN = 13, 14  # sqlite.org/rescode.html, as the next
IO_WRITE, IO_SYNC, IO_CUT, IO_DELETE = 778, 1034, 1546, 2570
_ERRNO_FULL = 28  # ENOSPC on Linux
_kept: list[Any] = []  # C holds them, so Python must

WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
CUT = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
CLOSE = CFUNCTYPE(c_int, c_void_p)
READ = WRITE
OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)  # the name as it lies there: SQLite keeps it
DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)


class Methods(Structure):
    """`sqlite3_io_methods`, of the third version."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", READ),
        ("write", WRITE),
        ("cut", CUT),
        ("sync", SYNC),
        *((f"other_{n}", c_void_p) for n in range(13)),
    )


class File(Structure):
    """`sqlite3_file`: what follows its methods is the layer's own."""

    _fields_ = (("methods", POINTER(Methods)),)


class Layer(Structure):
    """`sqlite3_vfs`, of the third version."""

    _fields_ = (
        ("version", c_int),
        ("size", c_int),
        ("longest", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", OPEN),
        ("delete", DELETE),
        *((f"other_{n}", c_void_p) for n in range(14)),
    )


def watch_sqlite(disk: FailingDisk) -> None:
    """Make our layer the one that every later connection of this process uses."""
    import _sqlite3

    library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))  # its own symbols, and those of the library below it
    library.sqlite3_vfs_find.restype = POINTER(Layer)
    theirs = library.sqlite3_vfs_find(None).contents
    ours = Layer.from_buffer_copy(theirs)
    ours.name = b"failing"
    names: dict[int, str] = {}
    ours.open = OPEN(_opening(disk, theirs, names))
    ours.delete = DELETE(_deleting(disk, theirs))
    _kept.extend((theirs, ours, names))
    if library.sqlite3_vfs_register(byref(ours), 1):
        msg = "SQLite does not take our layer"
        raise sqlite3.Error(msg)


def _code(disk: FailingDisk, call: str, path: str, otherwise: int, torn: Callable[[], None] = lambda: None) -> int:
    """The code of SQLite for the disk's refusal; 0: none."""
    try:
        disk.call(f"sql {call}", path, torn)
    except OSError as error:
        return FULL if error.errno == _ERRNO_FULL and call == "write" else otherwise
    return 0


def _deleting(disk: FailingDisk, theirs: Layer) -> Callable[..., int]:
    def delete(layer: int, name: bytes, sync: int) -> int:
        return _code(disk, "delete", os.fsdecode(name), IO_DELETE) or theirs.delete(layer, name, sync)

    return delete


def _opening(disk: FailingDisk, theirs: Layer, names: dict[int, str]) -> Callable[..., int]:
    changed: dict[int, Methods] = {}

    def open_file(layer: int, name: int | None, file: int, flags: int, out: int) -> int:
        path = os.fsdecode(string_at(name)) if name else ""
        code = _code(disk, "open", path, CANNOT_OPEN) or theirs.open(layer, name, file, flags, out)
        held = cast(file, POINTER(File)).contents
        if code == 0 and held.methods:
            names[file] = path
            there = ctypes.addressof(held.methods.contents)
            if there not in changed:
                changed[there] = _methods(disk, held.methods.contents, names)
                _kept.append(changed[there])
            held.methods = ctypes.pointer(changed[there])
        return int(code)

    return open_file


def _methods(disk: FailingDisk, theirs: Methods, names: dict[int, str]) -> Methods:
    def write(file: int, data: int, size: int, at: int) -> int:
        path = names[file]

        def torn() -> None:
            theirs.write(file, data, size // 2, at)

        code = _code(disk, "write", path, IO_WRITE, torn)
        if code:
            return code
        disk.wrote(path, at, _there(theirs, file, size, at))
        return int(theirs.write(file, data, size, at))

    def cut(file: int, size: int) -> int:
        return _code(disk, "cut", names[file], IO_CUT) or int(theirs.cut(file, size))

    def sync(file: int, flags: int) -> int:
        code = _code(disk, "sync", names[file], IO_SYNC) or int(theirs.sync(file, flags))
        if code == 0:
            disk.synced(names[file])
        return code

    ours = Methods.from_buffer_copy(theirs)
    ours.write, ours.cut, ours.sync = WRITE(write), CUT(cut), SYNC(sync)
    return ours


def _there(theirs: Methods, file: int, size: int, at: int) -> bytes | None:
    """The bytes that a write replaces; None where it makes the file longer."""
    before = ctypes.create_string_buffer(size)
    return before.raw if theirs.read(file, ctypes.addressof(before), size, at) == 0 else None
