"""Time counted in samples: one block in, one block out, as fast as the machine can. The same sound gives the same trace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from assistant.capture.source import Source
from assistant.decode.recogniser import Recogniser
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, Heard, Pcm
from assistant.respond.states import Advising, Counting, Instructing, Leading
from assistant.speak.player import Player
from assistant.wire.session import Session

OUT_FRAMES = round(BLOCK_S * MOUTH_RATE_HZ)
LONGEST_WAIT_S = 600.0  # a typed line waits for the end of an instruction, never longer than any count lasts
TAIL_S = 30.0  # after the recording ends, what is being said may be said to its end
_WAIT = re.compile(r"^\+\s*([0-9]+(?:\.[0-9]+)?)\s*s?$")


class Sink(Protocol):
    """Takes what the speaker plays."""

    def write(self, pcm: Pcm) -> None:
        """One block, int16 mono at `MOUTH_RATE_HZ`."""


class Nowhere:
    """A speaker that nobody hears."""

    def write(self, pcm: Pcm) -> None:
        """Drop the block."""


class Lockstep:
    """Moves a session forward by blocks of 20 ms."""

    def __init__(self, session: Session, player: Player, sink: Sink) -> None:
        """Nothing moves before the first call."""
        self._session = session
        self._player = player
        self._sink = sink

    def step(self, heard: Iterable[Heard] = ()) -> None:
        """Take what was heard, play one block, and pass on what came due."""
        for one in heard:
            if one.is_final:
                self._session.hear(one)
        self._sink.write(self._player.render(OUT_FRAMES))
        self._session.tick()

    def wait(self, seconds: float) -> None:
        """Let time pass in silence, unless the session is over before."""
        for _ in range(round(seconds / BLOCK_S)):
            if self._session.is_over:
                return
            self.step()

    def wait_until_quiet(self) -> None:
        """Let it finish what it is saying; a count is not waited for."""
        for _ in range(round(LONGEST_WAIT_S / BLOCK_S)):
            is_talking = isinstance(self._session.state, (Advising, Instructing, Leading))
            if self._session.is_over or not (is_talking or not self._player.is_idle):
                return
            if isinstance(self._session.state, Counting):
                return
            self.step()


def run_source(session: Session, player: Player, sink: Sink, source: Source, ear: Recogniser) -> None:
    """Drive a session with a recording, then let it finish its sentence. Raises BadAudio, EngineError, VoiceError."""
    lockstep = Lockstep(session, player, sink)
    for block in source.blocks():
        lockstep.step(ear.feed(block))
        if session.is_over:
            return
    lockstep.step(ear.finish())
    for _ in range(round(TAIL_S / BLOCK_S)):
        if session.is_over or player.is_idle:
            return
        lockstep.step()


def run_lines(session: Session, player: Player, sink: Sink, lines: Iterable[str]) -> None:
    """Drive a session with typed lines: each is said when it is quiet; `+3s` lets three seconds pass first."""
    lockstep = Lockstep(session, player, sink)
    for text in _said(lines):
        if session.is_over:
            return
        waited = _WAIT.match(text)
        if waited:
            lockstep.wait(float(waited.group(1)))
        else:
            lockstep.wait_until_quiet()
            lockstep.step((heard_from_line(text, player.now_s),))
    lockstep.wait_until_quiet()


def _said(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        text = line.strip()
        if text and not text.startswith("#"):
            yield text


