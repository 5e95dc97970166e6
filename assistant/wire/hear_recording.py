"""Hears a recording: the real ear over a file gives intents. Reads and judges; never prints.

Order of one file: reset, quiet, its blocks, quiet, finish. The quiet makes clips audible that are cut at the word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import numpy as np

from assistant.capture.wav_file import WavFile
from assistant.decode.recogniser import Recogniser
from assistant.decode.typed_engine import heard_from_line
from assistant.errors import UnknownName
from assistant.interpret import Interpreter, Meant
from assistant.messages import (
    BLOCK_S,
    EAR_RATE_HZ,
    AudioBlock,
    Heard,
    Intent,
    NotNow,
    Pcm,
    Perhaps,
    Refusal,
    Said,
    SlotValue,
)
from assistant.respond.transitions import STATE_NAMES, legal_in

BEFORE_S = 0.5  # a little longer than the ear's own pre-roll
AFTER_S = 0.8  # longer than the longest pause of the ear (0.5 s)
BLOCK = round(BLOCK_S * EAR_RATE_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """One utterance of a file."""

    file: str
    """The file's name as given."""
    at_s: float
    """Seconds from the start of the file, never negative."""
    end_s: float
    text: str
    score: float
    intent: Intent | None = None
    """None unless it is a command of which the ear is sure."""
    asked: Intent | None = None
    """The intent that is asked back: "Did you mean ...?"."""
    slots: dict[str, SlotValue] = field(default_factory=dict)
    accepted: bool = False
    """True if it is sure, and legal in the requested state."""
    refusal: Refusal | None = None
    """The reasons if it is not accepted, from an engine that can tell."""

    def as_json(self) -> dict[str, object]:
        """Return the keys of one JSON line, in their order."""
        return {
            "file": self.file,
            "at_s": self.at_s,
            "end_s": self.end_s,
            "text": self.text,
            "intent": self.intent.value if self.intent else None,
            "asked": self.asked.value if self.asked else None,
            "slots": self.slots,
            "score": self.score,
            "accepted": self.accepted,
        }


def hear_file(
    path: Path, recogniser: Recogniser, interpreter: Interpreter, legal: frozenset[Intent]
) -> tuple[tuple[Hearing, ...], str]:
    """Return every utterance in the file, and the fault of a file that was read all the same ("cut short: …").

    The recogniser has learned the interpreter's phrases. Raises BadAudio where there is nothing to read.
    """
    file = WavFile(path)
    recogniser.reset()
    recogniser.expect(legal)
    found: list[Hearing] = []
    end_s = 0.0
    for block in _with_quiet(file):
        end_s = block.at_s - BEFORE_S - AFTER_S + BLOCK_S
        for heard in recogniser.feed(block):
            found += _judge(str(path), heard, interpreter, legal) if heard.is_final else ()
    for heard in recogniser.finish():
        found += _judge(str(path), heard, interpreter, legal)
    return tuple(_within(one, round(end_s, 3)) for one in found), file.problem


def hear_line(text: str, interpreter: Interpreter, legal: frozenset[Intent]) -> tuple[Hearing, ...]:
    """Return the meanings of a typed line, in order; mostly one."""
    heard = _judge("typed", heard_from_line(text, 0.0), interpreter, legal)
    return tuple(replace(one, at_s=0.0, end_s=0.0) for one in heard)


def legal_for(state: str | None) -> frozenset[Intent]:
    """Return the intents that are legal in a state; without one all but bare numbers, which answer one question only.

    Raises UnknownName, which lists the states.
    """
    if state is None:
        return frozenset(Intent) - {Intent.RATE_PAIN}
    if state not in STATE_NAMES:
        raise UnknownName(f"there is no state '{state}'", remedy=f"Known states: {', '.join(sorted(STATE_NAMES))}")
    return legal_in(state)


def _with_quiet(file: WavFile) -> Iterator[AudioBlock]:
    """Yield the file's blocks between two quiet stretches, with times from 0.0."""
    quiet: Pcm = np.zeros(BLOCK, np.int16)
    before, after = round(BEFORE_S / BLOCK_S), round(AFTER_S / BLOCK_S)
    sound = (block.pcm for block in file.blocks())
    for n, pcm in enumerate(chain([quiet] * before, sound, [quiet] * after)):
        yield AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK / EAR_RATE_HZ)


def _judge(file: str, heard: Heard, interpreter: Interpreter, legal: frozenset[Intent]) -> tuple[Hearing, ...]:
    events, refusal = interpreter.judge(heard, legal, heard.end_s)
    plain = Hearing(
        file=file,
        at_s=round(heard.at_s - BEFORE_S, 3),
        end_s=round(heard.end_s - BEFORE_S, 3),
        text=heard.text,
        score=round(heard.score, 2),
        refusal=refusal,
    )
    return tuple(_with(plain, event) for event in events) or (plain,)


def _with(plain: Hearing, event: Meant) -> Hearing:
    """Return the utterance with one of its meanings."""
    match event:
        case Said(intent=intent, slots=slots):
            return replace(plain, intent=intent, slots=dict(slots), accepted=True)
        case NotNow(intent=intent):
            return replace(plain, intent=intent)
        case Perhaps(intent=intent, slots=slots):
            return replace(plain, asked=intent, slots=dict(slots))
        case _:
            return plain


def _within(one: Hearing, end_s: float) -> Hearing:
    """Return the same hearing cut to the file: the detector may hear speech begin or end in the quiet around it."""
    return replace(one, at_s=min(max(one.at_s, 0.0), end_s), end_s=min(max(one.end_s, 0.0), end_s))
