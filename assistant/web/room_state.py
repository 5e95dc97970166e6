"""The states of all rooms in memory that their processes share. One process writes at a time, so there is no lock."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Sequence
from multiprocessing.sharedctypes import RawArray
from typing import Literal, TypeAlias

SILENT_S = 5.0  # a room says five times a second that it lives; longer than any stall of a busy machine; chosen

State: TypeAlias = Literal["free", "taken", "elsewhere", "away"]


class RoomState(ctypes.Structure):
    """One room. While its process lives only that writes here, and the house while there is none."""

    _fields_ = (
        ("pid", ctypes.c_int),
        ("starts", ctypes.c_uint),
        ("beat_s", ctypes.c_double),
        ("sessions", ctypes.c_uint),
        ("is_open", ctypes.c_bool),
        ("is_running", ctypes.c_bool),
        ("was_cut", ctypes.c_bool),
        ("stands_by", ctypes.c_bool),
    )
    pid: int
    """Its process; 0 while there is none."""
    starts: int
    """Starts of its process so far."""
    beat_s: float
    """Time of its last sign of life, in seconds of the monotonic clock, which all processes of a machine share."""
    sessions: int
    """Sessions that were begun there since the house was opened."""
    is_open: bool
    """A page is open there."""
    is_running: bool
    """A session runs there, also one that is held."""
    was_cut: bool
    """Its process died in the middle of a session, and none was begun there since."""
    stands_by: bool
    """Another machine leads the room; this one waits."""

    def started(self, pid: int) -> None:
        """Note its new process."""
        self.pid, self.starts, self.beat_s = pid, self.starts + 1, 0.0

    def died(self) -> None:
        """Note that its process has died."""
        self.was_cut |= self.is_running
        self.pid, self.is_open, self.is_running, self.stands_by = 0, False, False, False

    def silent_s(self, now_s: float) -> float:
        """Return the seconds since it said that it lives."""
        return max(0.0, now_s - self.beat_s)

    def state(self, now_s: float) -> State:
        """Return its state in a word."""
        if not self.pid or self.silent_s(now_s) > SILENT_S:
            return "away"
        if self.stands_by:
            return "elsewhere"
        return "taken" if self.is_open else "free"

    def pulse(self, *, is_open: bool, is_running: bool) -> None:
        """Note that the room lives, and whether a page is open and a session runs."""
        self.beat_s, self.is_open, self.is_running = time.monotonic(), is_open, is_running
        self.stands_by = False

    def stand_by(self) -> None:
        """Note that the process lives, and that another machine leads the room."""
        self.beat_s, self.stands_by = time.monotonic(), True


def make_states(names: Sequence[str]) -> dict[str, RoomState]:
    """Return the states of these rooms, in memory that every process which is forked afterwards shares."""
    return dict(zip(names, RawArray(RoomState, len(names)), strict=True))
