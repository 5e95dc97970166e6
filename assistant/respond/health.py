"""A fact of health that somebody tells outside of the safety check: it closes what a yes to its question closes.

"I'm pregnant" in the middle of a count is as much of an answer as in the check. In the check itself it is a yes to the
question that holds it (checking.py).
"""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Effect, Remember, Said
from assistant.respond import checking, emergency
from assistant.respond.dialogue_context import Goal
from assistant.respond.ending import side_note
from assistant.respond.holds import hold, how_on, unasked
from assistant.respond.ledger import tally
from assistant.respond.places import place_of
from assistant.respond.replies import SILENCE, Transition, answer, ask_now, line, silently, tell
from assistant.respond.safety import is_agreed, knowing, questions_for, works_on_leg
from assistant.respond.starting import goal_of, toward, whole
from assistant.respond.states import (
    Confirm,
    Offered,
    PainHold,
    Paused,
    ResumeOffer,
    Screening,
    State,
    Talk,
)
from assistant.routine import Library
from assistant.screening import ENDS_IT


def told(state: State, said: Said, library: Library) -> Transition:
    """Do what a yes to its question would do: the emergency lines, no session, no legs, or leave that area out."""
    if isinstance(state, Confirm):
        back = state.back
        last = (how_on(back),) if isinstance(back, (Paused, PainHold)) else back.talk.last
        state = replace(back, talk=replace(state.talk, last=last))
    if isinstance(state, Paused) and isinstance(state.before, Screening):
        return checking.health(replace(state.before, talk=state.talk), said, library)
    about = str(said.slots.get("about", ""))
    if not library.screening.has(about):
        return answer(state, line("do_not_know"))
    verdict = library.screening.named(about).if_yes
    if verdict == "emergency":
        return emergency.urgent(state, said, library)
    if is_agreed(state.talk, library, about):
        return answer(state, line("answer_doctor"))
    if verdict in ENDS_IT:
        return _refuse(state, about, library)
    return _without_legs(state, said, library) if verdict == "no_leg" else _left_out(state)


def _refuse(state: State, about: str, library: Library) -> Transition:
    """End it; the fact can be taken back, and then what is due is asked."""
    goal = _goal(state, library)
    if goal is None:
        return checking.refused(state.talk, None, library.screening.named(about).if_yes)
    due = tuple(one for one in questions_for(state.talk, library, goal) if one != about)
    check = Screening(talk=state.talk, goal=goal, questions=(about, *due))
    return checking.refused(state.talk, check, library.screening.named(about).if_yes)


def _without_legs(state: State, said: Said, library: Library) -> Transition:
    """Close the legs, and go on with what is left, held until the person is ready."""
    talk = knowing(state.talk, {"legs_closed": said.at_s}, said.at_s)
    state = replace(state, talk=talk)
    place = place_of(state)
    if place is None:
        after, effects = silently(answer(state, line("verdict_no_leg"), *state.talk.last[-1:]))
        return after, (Remember(fact="legs_closed"), *effects)
    talk, notes = _leaving_legs(state, library)
    talk, says = tell(talk, line("verdict_no_leg"))
    after, effects = toward(talk, library, goal_of(place))
    return after, (*SILENCE, Remember(fact="legs_closed"), *notes, *says, *effects)


def _leaving_legs(state: State, library: Library) -> tuple[Talk, tuple[Effect, ...]]:
    """Keep the count of a step on a leg, which is left."""
    place = place_of(state)
    if place is None or not place.n or not works_on_leg(library, place.routine, place.step):
        return state.talk, ()
    return tally(state.talk, library, place), (side_note(library, place),)


def _left_out(state: State) -> Transition:
    """Hold what goes on, and say how to leave a technique out."""
    if place_of(state) is None:
        return silently(answer(state, line("verdict_leave_out"), *state.talk.last[-1:]))
    held = unasked(state) if isinstance(state, PainHold) else replace(hold(state), talk=state.talk)
    return ask_now(held, line("verdict_leave_out"), line("say_skip"), how_on(held))


def _goal(state: State, library: Library) -> Goal | None:
    """Return what somebody does or is about to begin; None where nobody knows."""
    place = place_of(state)
    if place is not None:
        return goal_of(place)
    if isinstance(state, ResumeOffer):
        return goal_of(state.left)
    goal = getattr(state, "goal", None)
    if isinstance(goal, Goal):
        return goal
    routine = getattr(state, "routine", None) if isinstance(state, Offered) else None
    usual = routine or state.talk.usual
    return whole(usual, library) if usual in library.routines else None
