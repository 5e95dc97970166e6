"""Schedules the beats of a count: each is timed from the start, never from the last beat, so that no error adds up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil
from typing import Literal

from assistant.messages import Beat, Cue, Effect, SlotValue, WakeMe

LEAD_S = 1.0  # at most this long from the end of the sentence to the first beat; an untried guess
COUNT_IN_S = 0.9  # between the three words of a count-in; an untried guess
HALF_FROM = 8  # repetitions from which the half is worth a word; chosen
LAST_FIVE_FROM = 16  # the same of the last five: else they would follow the half at once; chosen
WORD_S = 0.9  # what "last five" takes, and a little more; chosen
ROOM_S = 3.0  # a period in which a cue and a word have room between two numbers; chosen
LAST = 5
HALF_BREATH_S = 4.0  # in, and again out: seven or eight breaths a minute, a slow one. Chosen
BEAT = "beat"
COUNT_END = "count_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The times of all beats of one count at one tempo, in seconds of the session."""

    start_s: float
    """Time at which beat `base` is (or would be) due."""
    base: int
    period_s: float

    def due_s(self, n: int) -> float:
        """Return the time at which beat `n` is due."""
        return self.start_s + (n - self.base) * self.period_s

    def at_tempo(self, period_s: float, after: int) -> Grid:
        """Return the same count at another tempo: beat `after + 1` keeps its time, since it is already scheduled."""
        return Grid(start_s=self.due_s(after + 1), base=after + 1, period_s=period_s)


def grid_from(now_s: float, counted: int, period_s: float) -> Grid:
    """Return a grid whose next beat, `counted + 1`, is one period from now, but at most `LEAD_S`."""
    return Grid(start_s=now_s + min(period_s, LEAD_S), base=counted + 1, period_s=period_s)


def count_in(
    now_s: float, counted: int, period_s: float, words: tuple[SlotValue, ...]
) -> tuple[Grid, tuple[Effect, ...]]:
    """Schedule three words on an even beat; the grid continues with the next number."""
    first_s = now_s + COUNT_IN_S / 2
    cues = tuple(Cue(at_s=first_s + i * COUNT_IN_S, word=word) for i, word in enumerate(words))
    return Grid(start_s=first_s + len(words) * COUNT_IN_S, base=counted + 1, period_s=period_s), cues


def mark_after(n: int, of: int, marks: Collection[str]) -> str:
    """Return what is said after number `n`, as a key of replies.yaml; empty for nothing."""
    if "half_way" in marks and of >= HALF_FROM and n == of // 2:
        return "half_way"
    return "last_five" if "last_five" in marks and of >= LAST_FIVE_FROM and n == of - LAST else ""


def marked(grid: Grid, n: int, mark: str) -> tuple[Grid, tuple[Effect, ...]]:
    """Say a word about the count after number `n`, on a beat of its own: it covers no number, and the beat is even.

    Where the numbers are fast it has two beats; where they are far apart it stands between two of them.
    """
    if not mark:
        return grid, ()
    if grid.period_s >= ROOM_S:
        return grid, (Cue(at_s=grid.due_s(n) + 3 * grid.period_s / 4, reply=mark),)
    beats = ceil(WORD_S / grid.period_s)
    return (
        Grid(start_s=grid.due_s(n + 1 + beats), base=n + 1, period_s=grid.period_s),
        (Cue(at_s=grid.due_s(n + 1), reply=mark),),
    )


def breath_at(n: int, period_s: float) -> Literal["", "breathe_in", "breathe_out"]:
    """Return what is said with number `n` to who breathes with the count: in and out in turn, every few beats."""
    every = max(1, round(HALF_BREATH_S / period_s))
    if (n - 1) % every:
        return ""
    return "breathe_out" if (n - 1) // every % 2 else "breathe_in"


def schedule(
    grid: Grid, n: int, of: int, cues: tuple[str, ...], breath: Literal["", "breathe_in", "breathe_out"] = ""
) -> tuple[Effect, ...]:
    """Sound beat `n` at its time and wake up then; the second cue is half-way to the next beat."""
    due_s = grid.due_s(n)
    effects: list[Effect] = [
        Beat(at_s=due_s, n=n, of=of, period_s=grid.period_s, cue=cues[0] if cues else "", breath=breath),
        WakeMe(at_s=due_s, tag=BEAT),
    ]
    if len(cues) > 1:
        effects.append(Cue(at_s=due_s + grid.period_s / 2, word=cues[1]))
    return tuple(effects)
