"""Every state of the dialogue, one frozen dataclass each. Data only: what may happen stands in transitions.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from assistant.messages import SlotValue
from assistant.respond.counting import Grid
from assistant.routine import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence to be spoken: a reply's key and what fills it."""

    reply: str
    values: Mapping[str, SlotValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What every state carries along."""

    next_utterance: int = 1
    volume: int = 100
    """Percent, 20 to 150."""
    last: tuple[Line, ...] = ()
    """The last prompt, for "repeat"."""
    misses: int = 0
    """Times in a row that an open question was answered by something unknown."""
    usual: str = ""
    """The routine that "start" alone means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person is in a routine, and the dose of the present step."""

    routine: str
    step: int
    """Counted from 0."""
    repetitions: int
    """Planned for each side."""
    period_s: float
    """From one repetition to the next."""
    sides: tuple[Side, ...] = ()
    """The order of the sides; empty where the technique has no sides of its own."""
    side: int = 0
    """Index into `sides`."""
    done: tuple[int, int] = (0, 0)
    """The side ledger: repetitions counted on the first and the second side of this step."""
    pains: int = 0
    """How often it hurt during this step."""

    @property
    def n(self) -> int:
        """Repetitions counted on the present side."""
        return self.done[self.side]

    @property
    def side_name(self) -> str:
        """left, right, or empty."""
        return self.sides[self.side] if self.sides else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Before the session began; only `Began` is expected."""

    talk: Talk = field(default_factory=Talk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advising:
    """Speaks the expert advice before a first session; what was asked for meanwhile is done afterwards."""

    talk: Talk
    awaiting: int
    """The utterance whose end closes the advice."""
    routine: str | None = None
    is_start_asked: bool = False
    """The person already said start: go straight to the first step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """No routine is chosen."""

    talk: Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A routine is chosen and waits for "start"."""

    talk: Talk
    routine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructing:
    """Speaks how to do the step, sentence by sentence; the last one asks for "ready"."""

    talk: Talk
    place: Place
    lines: tuple[Line, ...]
    """What is still to be heard to its end."""
    first_utterance: int
    """The number of `lines[0]`; the others follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPrompt:
    """Everything is said; waits until the person is in position."""

    talk: Talk
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Locating:
    """Gives clues to find the place, one at a time."""

    talk: Talk
    place: Place
    clue: int
    """Index of the clue given last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """Speaks the sentence before a count; the count begins when it ends."""

    talk: Talk
    place: Place
    awaiting: int
    has_count_in: bool
    """Three, two, one first: after a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Counts repetitions; a beat is always scheduled one period ahead."""

    talk: Talk
    place: Place
    grid: Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """Silent until told to go on; also after "stop" and "too hard"."""

    talk: Talk
    place: Place | None
    """None: paused before a routine began."""
    routine: str | None = None
    """The routine that was offered, if none had begun."""
    is_advice_open: bool = False
    """The expert advice was cut short: resuming speaks it again."""
    is_in_count: bool = False
    """A count was running: resuming goes on with the next number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PainHold:
    """It hurt: everything is silent and let go; offers to go on lighter, to skip, or to end."""

    talk: Talk
    place: Place
    is_asked: bool = False
    """The question "is the pain gone?" is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedUrgent:
    """A red flag or an emergency: the urgent line is read, and nothing is ever resumed."""

    talk: Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The routine is over."""

    talk: Talk
    routine: str


State: TypeAlias = (
    Opening
    | Advising
    | Idle
    | Offered
    | Instructing
    | ReadyPrompt
    | Locating
    | Leading
    | Counting
    | Paused
    | PainHold
    | EndedUrgent
    | Finished
)
InStep: TypeAlias = Instructing | ReadyPrompt | Locating | Leading | Counting
"""The states in which a step of a routine is going on."""
