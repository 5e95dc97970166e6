"""The frames of a page that is the microphone and the loudspeaker, and what is refused of them. Pure: values only.

Up, 50 a second: twelve bytes (three unsigned numbers of 32 bits, little end first: the frame's number on this socket,
the samples played, the samples that the loudspeaker lacked), then 20 ms of int16 mono from the microphone, or nothing.
Down: four bytes (the position of the first sample), then int16 mono at `MOUTH_RATE_HZ`. As text go `FromSound` up and
`{"at": …}` and `{"hush": …}` down.
"""

from __future__ import annotations

import struct
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, Pcm

_UP = struct.Struct("<III")
_DOWN = struct.Struct("<I")
HEAD_BYTES = _UP.size
LAST = 2**32 - 1  # of a position: 49 hours
LOWEST_HZ, HIGHEST_HZ = 8_000, 96_000  # of a page's microphone: at more, 20 ms do not fit into a message (4,096 bytes)
AT_ONCE, A_SECOND = 200.0, 110.0  # frames: 50 to 100 are sent, and a second of them may wait in a network; chosen
MAY_LEAD_S = 2.0  # by which a page may be ahead: what waited in its network, and buffers that fill at first; chosen
FASTER = 1.01  # than ours may a page's clock run; quartzes differ by a hundredth of that

Problem: TypeAlias = Literal["", "denied", "insecure", "none", "stopped", "unplugged"]


class PageMic(BaseModel):
    """A page's microphone, as the page declares it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, Field(max_length=100)]
    rate_hz: Annotated[int, Field(ge=LOWEST_HZ, le=HIGHEST_HZ)]
    cancels_echo: bool
    """The browser takes the loudspeaker's sound out, or changes the level or the noise, by itself."""

    @property
    def block(self) -> int:
        """Samples of a frame: 20 ms, rounded; a half goes up, as in page/sound-ear.js."""
        return int(self.rate_hz * BLOCK_S + 0.5)


class FromSound(BaseModel):
    """The state of a page's sound: its first message, and again at each change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    stream: Annotated[str, Field(min_length=1, max_length=40)]
    """Names the loudspeaker of one page; it is the same when the page connects again."""
    played: Annotated[int, Field(ge=0, le=LAST)]
    takes: bool
    """A person asked for it: the sound moves here from another page."""
    microphone: PageMic | None
    problem: Problem
    """The cause where there is no microphone, or no sound."""
    is_hidden: bool


class Up(NamedTuple):
    """A frame of a page."""

    played: int
    lacked: int
    """Samples that the loudspeaker lacked since the frame before."""
    pcm: bytes
    """Of the microphone; empty where there is none, or nothing new."""


def read_state(text: str) -> FromSound | None:
    """Return a page's message; None for what no page of ours sends."""
    try:
        return FromSound.model_validate_json(text)
    except ValidationError:
        return None


def down(at: int, pcm: Pcm) -> bytes:
    """Return a frame for a page: samples from position `at` on."""
    return _DOWN.pack(at) + pcm.astype("<i2").tobytes()


class Frames:
    """Reads the frames of one socket, in order. Times are seconds of any steady clock."""

    def __init__(self, played: int, now_s: float) -> None:
        """Take the position at which this socket's player goes on."""
        self._next = self._all_lacked = 0
        self._lacked: int | None = None
        self._first = self._played = played
        self._began_s = self._counted_s = now_s
        self._allowed = AT_ONCE

    def read(self, data: bytes, block: int, sent: int, now_s: float) -> Up | None:
        """Return the frame; None for what no page of ours sends: then the socket is to be closed.

        `block`: samples of a frame of its microphone, 0 without one. `sent`: the position up to which sound was sent.
        """
        size = len(data) - HEAD_BYTES
        if size not in {0, 2 * block}:
            return None
        number, played, lacked = _UP.unpack_from(data)
        new = 0 if self._lacked is None else lacked - self._lacked
        passed = played - self._first + self._all_lacked + new
        if number != self._next or not self._played <= played <= sent or new < 0:
            return None
        if passed > ((now_s - self._began_s) * FASTER + MAY_LEAD_S) * MOUTH_RATE_HZ:
            return None
        self._next += 1
        self._played, self._lacked, self._all_lacked = played, lacked, self._all_lacked + new
        return Up(played, new, data[HEAD_BYTES:])

    def may_send(self, now_s: float) -> bool:
        """Count one message of the socket; false if it sends more than a page does."""
        self._allowed = min(AT_ONCE, self._allowed + (now_s - self._counted_s) * A_SECOND) - 1
        self._counted_s = now_s
        return self._allowed >= 0
