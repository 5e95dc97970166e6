"""Words that were lost: the machine stood still, or talk drowns them. A count is held: nobody could stop it. Pure."""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Drowned, Slept
from assistant.respond.doses import NIGHT_S, after_a_night
from assistant.respond.holds import hold_quietly, hold_saying
from assistant.respond.replies import Transition, answer, ask, line
from assistant.respond.states import Counting, Leading, State

AGAIN_S = 20.0
"""It is said no more often: somebody who resumed a count beside a television knows."""
ANEW_S = 60.0
"""After so long without a word of it the count is held again. Within it, who resumed the count is only told."""


def words_lost(state: State, event: Drowned | Slept) -> Transition:
    """Hold a count whose person could not be heard, and say so. After a night the dose begins anew."""
    if isinstance(event, Slept) and event.seconds >= NIGHT_S:
        state = replace(state, talk=after_a_night(state.talk))
    return _drowned(state, event.at_s) if isinstance(event, Drowned) else _slept(state)


def _drowned(state: State, at_s: float) -> Transition:
    """Hold a count that no word can stop; where it was resumed in spite of that, say so. Elsewhere nothing moves."""
    if not isinstance(state, (Counting, Leading)):
        return state, ()
    since_s = at_s - state.talk.drowned_s
    if since_s < AGAIN_S:
        return state, ()
    told = replace(state, talk=replace(state.talk, drowned_s=at_s))
    return answer(told, line("still_drowned")) if since_s < ANEW_S else hold_saying(told, "drowned_at", "drowned")


def _slept(state: State) -> Transition:
    """Hold a count after a standstill, and ask: speech in that time is unknown."""
    held, effects = hold_quietly(state)
    if held is state:
        return state, ()
    after, says = ask(held, line("slept"), *held.talk.last)
    return after, (*effects, *says)
