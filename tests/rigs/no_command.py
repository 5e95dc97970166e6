"""Runs sound without any command through the ear: utterances, actions, and their cost. For the negative runs.

Sound goes the way of a session: blocks, speech detector, phonemes, phrases, rules, interpreter; early and final results
count alike, as one action an utterance and meaning.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.interpret import Interpreter
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent, Pcm, Said
from assistant.respond.transitions import STATE_NAMES, legal_in
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.hear_recording import legal_for

BLOCK = round(BLOCK_S * EAR_RATE_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that the assistant would have done."""

    at_s: float
    end_s: float
    text: str
    intent: Intent
    score: float
    is_early: bool
    """True if it was given while the voice still sounded."""

    def is_legal(self, state: str | None) -> bool:
        """True if it would be done in this state; without one, wherever anything but bare numbers is legal."""
        return self.intent in legal_for(state)

    @property
    def states(self) -> tuple[str, ...]:
        """The states in which it would have been done."""
        return tuple(name for name in STATE_NAMES if self.intent in legal_in(name))


class Listener:
    """The phonetic engine with all shipped phrases, fed with one endless sound."""

    def __init__(self, state: str | None = None) -> None:
        """Load and learn; `state` decides what is legal while it listens (pauses and early results depend on it)."""
        settings, nowhere = Settings(engine="phonetic"), Path("nowhere")
        where = Folders(config=nowhere, data=nowhere, cache=nowhere)
        loaded = build.load_files(settings, where)
        self.interpreter = Interpreter(loaded.phrases, loaded.pack)
        self._ear = build.ear("phonetic", settings, where, loaded.phrases)
        self._ear.expect(legal_for(state))
        self._rest: Pcm = np.zeros(0, np.int16)
        self._acts: dict[tuple[float, Intent], Act] = {}
        self.heard: list[Heard] = []
        """Every final result, sure or not."""
        self.seconds = self.cpu_s = 0.0

    @property
    def acts(self) -> list[Act]:
        """All actions so far, in order."""
        return list(self._acts.values())

    def feed(self, pcm: Pcm) -> None:
        """Hear some more, int16 mono at 16 000 Hz, any length."""
        self._rest = np.concatenate([self._rest, pcm])
        began = time.process_time()
        for start in range(0, len(self._rest) - BLOCK + 1, BLOCK):
            block = AudioBlock(pcm=self._rest[start : start + BLOCK], rate_hz=EAR_RATE_HZ, at_s=self.seconds)
            self.seconds = round(self.seconds + BLOCK_S, 2)
            self._take(self._ear.feed(block))
        self.cpu_s += time.process_time() - began
        self._rest = self._rest[len(self._rest) // BLOCK * BLOCK :]

    def finish(self) -> None:
        """The sound is over."""
        self._take(self._ear.finish())

    def _take(self, found: tuple[Heard, ...]) -> None:
        for heard in found:
            if heard.is_final:
                self.heard.append(heard)
            for event in self.interpreter.understand(heard, frozenset(Intent), heard.end_s):
                if isinstance(event, Said):
                    self._note(event, heard)

    def _note(self, said: Said, heard: Heard) -> None:
        act = Act(
            at_s=round(heard.at_s, 2),
            end_s=round(heard.end_s, 2),
            text=said.text,
            intent=said.intent,
            score=round(heard.score, 1),
            is_early=not heard.is_final,
        )
        self._acts.setdefault((act.at_s, act.intent), act)
