"""Values that states carry: sentences to speak, the place in a routine, counts, and the goal of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.messages import SlotValue
from assistant.routine import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence to be spoken: a reply's key and the values of its placeholders."""

    reply: str
    values: Mapping[str, SlotValue] = field(default_factory=dict)
    then_s: float = 0.0
    """Seconds of quiet after it, in which the person does what it asks for."""
    is_caution: bool = False
    """True for what must be heard to its end before a count, where a technique has a risk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTotal:
    """Repetitions done on one side of one technique in this session."""

    technique: str
    side: str
    """"left", "right", or empty."""
    n: int
    seconds: float = 0.0
    """Time that it took, by its tempo."""
    is_done: bool = True
    """False where the person went on before the side was done."""
    is_today: bool = True
    """False for what was done before a night: it is part of the routine, and no more of today's dose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A person's place in a routine, and the dose of the present step."""

    routine: str
    steps: tuple[int, ...]
    """The routine's steps of this session, by index: a short session leaves some out."""
    at: int
    """Index into `steps`."""
    plan: tuple[int, int]
    """Repetitions planned for the first and the second side; equal unless one side is sorer."""
    period_s: float
    """Time from one repetition to the next."""
    sides: tuple[Side, ...] = ()
    """The order of the sides; empty where the technique has no sides of its own."""
    side: int = 0
    """Index into `sides`."""
    done: tuple[int, int] = (0, 0)
    """The side ledger: repetitions counted on the first and the second side of this step."""
    closed: tuple[bool, bool] = (False, False)
    """True for a side whose count is complete, or that the person ended with "done"."""
    pains: int = 0
    """Number of times that it hurt during this technique, in this session."""
    direction: int = 0
    """Index into the technique's two directions, where it has them."""
    was_asked: bool = field(default=False, compare=False)
    """True once the person was asked how this side, or both together, feels."""
    noted: tuple[int, int] = field(default=(0, 0), compare=False)
    """Repetitions of each side that the history has already."""
    is_warned: bool = field(default=False, compare=False)
    """True once the cautions of this step were heard to their end, in this session."""
    each: int | None = None
    """Repetitions that were asked for in every step; None: as the routine has them."""
    aside: Place | None = None
    """The place in another routine that was left for this one, to go back to afterwards."""
    kept: tuple[SideTotal, ...] = field(default=(), compare=False)
    """Counts of this routine before this step, while it is left for another one."""

    @property
    def step(self) -> int:
        """Return the routine's step, counted from 0."""
        return self.steps[self.at]

    @property
    def n(self) -> int:
        """Return the repetitions counted on the present side."""
        return self.done[self.side]

    @property
    def repetitions(self) -> int:
        """Return the repetitions planned for the present side."""
        return self.plan[self.side]

    @property
    def side_name(self) -> str:
        """Return "left", "right", or empty."""
        return self.sides[self.side] if self.sides else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The beginning of a session, once the safety questions are answered."""

    routine: str
    steps: tuple[int, ...]
    place: Place | None = None
    """The place to continue at, for a session that was left unfinished."""
    is_introduced: bool = False
    """True if the routine was named just now."""
    left_out: int = 0
    """Number of steps that did not fit into the time."""
    is_chosen: bool = False
    """True if the person chose among the steps: what is in and what is out is named."""
    each: int | None = None
    """Repetitions that were asked for in every step."""
    aside: Place | None = None
    """The place that is left for this goal, to go back to afterwards."""
