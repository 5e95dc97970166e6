"""One example of every state, with a step in the middle of a two-sided technique."""

from __future__ import annotations

import pytest

from assistant.respond import states
from assistant.respond.counting import Grid
from assistant.respond.places import instruction, place_at
from assistant.respond.states import State, Talk
from assistant.routine import Library


@pytest.fixture(scope="session")
def library(shelf) -> Library:
    """The shipped techniques and routines."""
    return shelf.library


@pytest.fixture(scope="session")
def examples(library: Library) -> dict[str, State]:
    """A state of every kind, by name."""
    talk = Talk(usual="full", next_utterance=7)
    place = place_at(library, "full", 1)
    lines = instruction(library, place)
    grid = Grid(start_s=100.0, base=1, period_s=place.period_s)
    made = [
        states.Opening(talk=talk),
        states.Advising(talk=talk, awaiting=6),
        states.Idle(talk=talk),
        states.Offered(talk=talk, routine="legs"),
        states.Instructing(talk=talk, place=place, lines=lines, first_utterance=7),
        states.ReadyPrompt(talk=talk, place=place),
        states.Locating(talk=talk, place=place, clue=0),
        states.Leading(talk=talk, place=place, awaiting=6, has_count_in=False),
        states.Counting(talk=talk, place=place, grid=grid),
        states.Paused(talk=talk, place=place, is_in_count=True),
        states.PainHold(talk=talk, place=place),
        states.EndedUrgent(talk=talk),
        states.Finished(talk=talk, routine="full"),
    ]
    return {type(state).__name__: state for state in made}
