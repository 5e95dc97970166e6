"""Runs a session by samples: a block in, a block out, as fast as possible. The same sound gives the same trace."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import numpy as np

from assistant.capture.source import Source
from assistant.decode.recogniser import Recogniser
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock, Heard, Pcm
from assistant.respond.states import Advising, Counting, Instructing, Leading
from assistant.speak.player import Player
from assistant.wire.session import Session

IN_FRAMES = round(BLOCK_S * EAR_RATE_HZ)
OUT_FRAMES = round(BLOCK_S * MOUTH_RATE_HZ)
LONGEST_WAIT_S = 900.0  # no instruction and no count lasts longer: 60 repetitions of 15 s
END_OF_SPEECH_S = 0.7  # an utterance ends after 0.3 to 0.5 s (docs/recognition.md, "Pause and pre-roll")
TAIL_S = 30.0  # after a recording ends, the present sentence may be finished
_WAIT = re.compile(r"^\+\s*(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)\s*s?|(?P<count>count))$")


class Sink(Protocol):
    """Receives what the speaker plays."""

    def write(self, pcm: Pcm) -> None:
        """Take one block, int16 mono at `MOUTH_RATE_HZ`."""


class Nowhere:
    """A speaker that drops all sound."""

    def write(self, pcm: Pcm) -> None:
        """Drop the block."""


class SilentRoom:
    """A microphone in a silent room, in which `play` plays recordings. A recogniser hears every block."""

    def __init__(self, ear: Recogniser, tape: Callable[[Pcm], None] | None = None) -> None:
        """Take the ear; `tape` gets every block of the microphone, so that the sound can be replayed as a file."""
        self._ear = ear
        self._tape = tape
        self._waiting: deque[Pcm] = deque()
        self._blocks = 0

    @property
    def is_silent(self) -> bool:
        """True if nobody is speaking."""
        return not self._waiting

    def play(self, pcm: Pcm) -> None:
        """Speak a recording: int16 mono at 16 000 Hz, padded to whole blocks."""
        padded = np.pad(pcm, (0, -len(pcm) % IN_FRAMES))
        self._waiting.extend(padded.reshape(-1, IN_FRAMES))

    def listen(self) -> tuple[Heard, ...]:
        """Hear one block of the microphone."""
        pcm = self._waiting.popleft() if self._waiting else np.zeros(IN_FRAMES, np.int16)
        if self._tape is not None:
            self._tape(pcm)
        block = AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=self._blocks * BLOCK_S)
        self._blocks += 1
        return self._ear.feed(block)


class Lockstep:
    """Advances a session by blocks of 20 ms."""

    def __init__(self, session: Session, player: Player, sink: Sink, room: SilentRoom | None = None) -> None:
        """Take the parts; nothing moves before the first call. A room's microphone is heard at every step."""
        self._session = session
        self._player = player
        self._sink = sink
        self._room = room

    def step(self, heard: Iterable[Heard] = ()) -> None:
        """Take what was heard, play one block, and pass on what came due."""
        for one in (*heard, *(self._room.listen() if self._room else ())):
            self._session.hear(one)
        self._sink.write(self._player.render(OUT_FRAMES))
        self._session.tick()

    def wait(self, seconds: float) -> None:
        """Let time pass, unless the session ends before."""
        self.step_while(lambda: True, seconds)

    def wait_until_quiet(self) -> None:
        """Let it finish its sentence; a count is not waited for."""
        self.step_while(self._is_talking)

    def wait_for_count(self) -> None:
        """Let a count finish, and the sentences after it."""
        self.step_while(lambda: isinstance(self._session.state, (Leading, Counting)))
        self.wait_until_quiet()

    def step_while(self, goes_on: Callable[[], bool], longest_s: float = LONGEST_WAIT_S) -> None:
        """Step as long as the condition holds, for at most `longest_s` seconds."""
        for _ in range(round(longest_s / BLOCK_S)):
            if self._session.is_over or not goes_on():
                return
            self.step()

    def _is_talking(self) -> bool:
        state = self._session.state
        if isinstance(state, Counting):
            return False
        return isinstance(state, (Advising, Instructing, Leading)) or not self._player.is_idle


def run_source(session: Session, player: Player, sink: Sink, source: Source, ear: Recogniser) -> None:
    """Run a session with a recording, then let it finish its sentence. Raises BadAudio, EngineError, VoiceError."""
    lockstep = Lockstep(session, player, sink)
    for block in source.blocks():
        lockstep.step(ear.feed(block))
        if session.is_over:
            return
    lockstep.step(ear.finish())
    lockstep.step_while(lambda: not player.is_idle, TAIL_S)


def run_lines(
    session: Session,
    player: Player,
    sink: Sink,
    lines: Iterable[str],
    *,
    say: Callable[[str], None] | None = None,
    room: SilentRoom | None = None,
) -> None:
    """Run a session with a script. Each line is said in silence; `+3s` waits, `+count` waits for a count's end.

    `say` speaks a line into the room; with None lines are typed.
    """
    lockstep = Lockstep(session, player, sink, room)
    for text in _said(lines):
        if session.is_over:
            return
        waited = _WAIT.match(text)
        if waited and waited["count"]:
            lockstep.wait_for_count()
        elif waited:
            lockstep.wait(float(waited["seconds"]))
        else:
            lockstep.wait_until_quiet()
            _speak(lockstep, text, player, say, room)
    lockstep.wait_until_quiet()


def _speak(
    lockstep: Lockstep, text: str, player: Player, say: Callable[[str], None] | None, room: SilentRoom | None
) -> None:
    if say is None or room is None:
        lockstep.step((heard_from_line(text, player.now_s),))
        return
    say(text)
    lockstep.step_while(lambda: not room.is_silent)
    lockstep.wait(END_OF_SPEECH_S)


def _said(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        text = line.strip().removeprefix("you:").strip()
        if text and not text.startswith("#"):
            yield text
