"""What states carry: sentences to speak, the place in a routine, what was counted, what a session shall begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.messages import SlotValue
from assistant.routine import Side

Gate: TypeAlias = Literal["closed", "old", "back", "open", "no_leg"]
"""The safety questions: to be asked; to be asked again in part; passed, those about legs were not asked; all passed;
passed, and leg steps are closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence to be spoken: a reply's key and what fills it."""

    reply: str
    values: Mapping[str, SlotValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Repetitions done on one side of one technique in this session."""

    technique: str
    side: str
    """left, right, or empty."""
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person is in a routine, and the dose of the present step."""

    routine: str
    steps: tuple[int, ...]
    """The routine's steps that are done in this session, by index: a short session leaves some out."""
    at: int
    """Index into `steps`."""
    plan: tuple[int, int]
    """Repetitions planned for the first and the second side; equal unless one side is sorer."""
    period_s: float
    """From one repetition to the next."""
    sides: tuple[Side, ...] = ()
    """The order of the sides; empty where the technique has no sides of its own."""
    side: int = 0
    """Index into `sides`."""
    done: tuple[int, int] = (0, 0)
    """The side ledger: repetitions counted on the first and the second side of this step."""
    closed: tuple[bool, bool] = (False, False)
    """A side whose count came to its end, or of which the person said "done"."""
    pains: int = 0
    """How often it hurt during this technique, in this session."""

    @property
    def step(self) -> int:
        """The routine's step, counted from 0."""
        return self.steps[self.at]

    @property
    def n(self) -> int:
        """Repetitions counted on the present side."""
        return self.done[self.side]

    @property
    def repetitions(self) -> int:
        """Repetitions planned for the present side."""
        return self.plan[self.side]

    @property
    def side_name(self) -> str:
        """left, right, or empty."""
        return self.sides[self.side] if self.sides else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a session shall begin with, once the safety questions are answered."""

    routine: str
    steps: tuple[int, ...]
    place: Place | None = None
    """Where to go on, if it is a session that was left."""
    is_introduced: bool = False
    """The routine was named just now."""
    left_out: int = 0
    """Steps that did not fit into the time."""
