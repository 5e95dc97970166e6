"""A session that its caller moves: sound or words in, sound out. Nothing runs by itself, and no clock is asked."""

from __future__ import annotations

import numpy as np

from assistant.decode.recogniser import Recogniser
from assistant.decode.typed_engine import heard_from_line
from assistant.errors import EngineError, TuinaError
from assistant.messages import Pcm
from assistant.respond.states import State
from assistant.speak.player import Player
from assistant.wire.lockstep import Lockstep, SilentRoom
from assistant.wire.session import Session


class Tape:
    """A sink that keeps what was played until it is taken."""

    def __init__(self) -> None:
        """Start empty."""
        self._blocks: list[Pcm] = []

    def write(self, pcm: Pcm) -> None:
        """Keep one block."""
        self._blocks.append(pcm.copy())

    def take(self) -> Pcm:
        """Everything since the last call: int16 mono at 24 000 Hz."""
        played = np.concatenate([np.zeros(0, np.int16), *self._blocks])
        self._blocks = []
        return played


class SteppedSession:
    """Each call returns what the loudspeaker plays meanwhile: int16 mono at 24 000 Hz. Any order, until `is_over`.

    Each raises TuinaError after `close`.
    """

    def __init__(self, session: Session, player: Player, ear: Recogniser | None = None) -> None:
        """Take a session that has begun; `ear` hears its microphone."""
        self._session = session
        self._player = player
        self._room = SilentRoom(ear) if ear is not None else None
        self._tape = Tape()
        self._lockstep = Lockstep(session, player, self._tape, self._room)
        self._is_closed = False

    @property
    def is_over(self) -> bool:
        """True if the person left, and the last sentence has sounded."""
        return self._session.is_over

    @property
    def now_s(self) -> float:
        """Seconds of the session, counted in samples that were played."""
        return self._player.now_s

    @property
    def state(self) -> State:
        """The present state of the dialogue."""
        return self._session.state

    def say(self, text: str) -> Pcm:
        """Type a line, at once; 20 ms pass."""
        self._check()
        self._lockstep.step((heard_from_line(text, self.now_s),))
        return self._tape.take()

    def hear(self, pcm: Pcm) -> Pcm:
        """Let the microphone hear int16 mono at 16 000 Hz, padded to whole blocks of 20 ms; as much time passes.

        Raises EngineError for a session without an ear.
        """
        self._check()
        if self._room is None:
            raise EngineError("this session has no ear", remedy="Start it with hears=True, or type with say()")
        room = self._room
        room.play(pcm)
        self._lockstep.step_while(lambda: not room.is_silent)
        return self._tape.take()

    def wait(self, seconds: float) -> Pcm:
        """Let time pass in a silent room, unless the session is over before."""
        self._check()
        self._lockstep.wait(seconds)
        return self._tape.take()

    def wait_until_quiet(self) -> Pcm:
        """Let it finish its sentence; a count is not waited for."""
        self._check()
        self._lockstep.wait_until_quiet()
        return self._tape.take()

    def wait_for_count(self) -> Pcm:
        """Let a count finish, and the sentences after it."""
        self._check()
        self._lockstep.wait_for_count()
        return self._tape.take()

    def close(self) -> None:
        """End it: what it was made of is closed, and would come to life again."""
        self._is_closed = True

    def _check(self) -> None:
        if self._is_closed:
            raise TuinaError("this session is closed", remedy="Use it inside its `with` block, or start another one")
