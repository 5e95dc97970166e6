"""Confirmation of costly actions (yes, no, never mind), and undo of the last command."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from assistant.messages import ForgetEverything, Intent, Said
from assistant.respond.choosing import leave_for
from assistant.respond.dialogue_context import Place
from assistant.respond.doses import counted_since, ledger_of
from assistant.respond.dosing import reopen, restart_now
from assistant.respond.holds import hold, keep_held, pain_line, resume_at, unasked
from assistant.respond.ledger import tally
from assistant.respond.places import place_of, words_at
from assistant.respond.replies import Transition, answer, ask_now, line, silently
from assistant.respond.safety import forgotten, has_hurt_enough
from assistant.respond.starting import discard_last, offer
from assistant.respond.states import (
    AskedBack,
    Confirm,
    Counting,
    Finished,
    Idle,
    Instructing,
    Locating,
    Offered,
    PainHold,
    Paused,
    ReadyPrompt,
    ResumeOffer,
    State,
    Talk,
    WithPlace,
)
from assistant.routine import Library

MOST_UNDO = 3  # docs/voice-ui.md, "Step sizes"

UNDOABLE = frozenset(
    {
        Intent.NEXT,
        Intent.PREVIOUS,
        Intent.GO_TO,
        Intent.DONE,
        Intent.SWITCH_SIDES,
        Intent.PICK_SIDE,
        Intent.SORER_SIDE,
        Intent.MORE_REPS,
        Intent.FEWER_REPS,
        Intent.RESTART_STEP,
        Intent.RESET_COUNT,
        Intent.OWN_PACE,
        Intent.CHOOSE,
        Intent.START_ROUTINE,
    }
)
"""Commands that move a person or change a dose; the others are undone by their opposites."""


def yes(state: Confirm, said: Said, library: Library) -> Transition:
    """Do what was asked to be confirmed."""
    if state.does is Intent.FORGET_ME:
        after, effects = offer(_forgotten(state.talk), library, None)
        return silently((after, (ForgetEverything(), *effects)))
    if state.does is Intent.CANCEL and isinstance(state.back, ResumeOffer):
        return discard_last(replace(state.back, talk=state.talk), library)
    place = place_of(state)
    if state.goal is not None and place is not None:
        return leave_for(tally(state.talk, library, place), library, state.goal)
    if state.does is Intent.RESTART_STEP and place is not None:
        return silently(restart_now(state, place, library))
    return no(state, said, library)


def _forgotten(talk: Talk) -> Talk:
    """Return the talk without anything that tells of a session; what was done to the body stays in the dose."""
    talk = forgotten(talk)
    return replace(talk, ledger=(), earlier=ledger_of(talk), heard="", undo=(), ended=None)


def no(state: Confirm, said: Said | None, library: Library) -> Transition:
    """Leave everything unchanged, and continue there."""
    back = replace(state.back, talk=state.talk)
    if isinstance(back, PainHold):
        return ask_now(back, line("left_as_it_was"), pain_line(back.place))
    if not isinstance(back, Paused):
        return ask_now(back, line("left_as_it_was"), *state.back.talk.last[-1:])
    if back.place is not None and state.goes_on:
        return silently(resume_at(back, back.place, library))
    return keep_held(back)


def ask_discard(state: ResumeOffer, said: Said, library: Library) -> Transition:
    """Ask before discarding an unfinished session, since that cannot be undone."""
    return ask_now(Confirm(talk=state.talk, back=state, does=Intent.CANCEL), line("really_discard"))


def ask_forget(state: Idle | Offered | ResumeOffer | Finished, said: Said, library: Library) -> Transition:
    """Ask before forgetting everything, since that cannot be undone."""
    return ask_now(Confirm(talk=state.talk, back=state, does=Intent.FORGET_ME), line("really_forget"))


def remembering(before: State, after: State, intent: Intent) -> State:
    """Return the new state with the old one on its undo list, if the command moved something."""
    talk = before.talk
    if isinstance(before, AskedBack):
        intent = before.does if intent is Intent.YES else intent
        before = before.back
    is_moved = getattr(before, "place", None) != getattr(after, "place", None) or intent is Intent.OWN_PACE
    if intent not in UNDOABLE or not is_moved or not isinstance(before, _UNDO_TO):
        return after
    past = replace(before, talk=replace(talk, undo=()))
    return replace(after, talk=replace(after.talk, undo=(past, *talk.undo)[:MOST_UNDO]))


_UNDO_TO = get_args(WithPlace)


def undo(state: WithPlace, said: Said, library: Library) -> Transition:
    """Undo the last command that moved something; a count whose dose alone changed continues."""
    if not state.talk.undo:
        return answer(state, line("nothing_to_undo"))
    past, *older = state.talk.undo
    place = place_of(past)
    if place is None or state.place is None:
        return answer(state, line("nothing_to_undo"))
    earlier = replace(state.talk, undo=tuple(older), ledger=past.talk.ledger)
    talk, place = counted_since(earlier, place, state.talk, state.place, library)
    past = _at(past, place)
    if has_hurt_enough(talk, library, place.routine, place.step):
        return answer(replace(state, talk=talk), line("enough_of_it"))
    if isinstance(state, Counting) and _is_in(place, state.place):
        return _plan_of(place, replace(state, talk=talk), library)
    return _back_to(replace(past, talk=talk), place, library)


def _at(past: State, place: Place) -> State:
    """Return an earlier state at this place."""
    return replace(past, place=place) if isinstance(past, _UNDO_TO) else past


def _back_to(past: State, place: Place, library: Library) -> Transition:
    """Restore the earlier state, but start no count and no work after pain by itself."""
    if isinstance(past, PainHold):
        return ask_now(unasked(past), pain_line(place))
    if isinstance(past, (Instructing, ReadyPrompt, Locating)):
        return silently(resume_at(hold(past), place, library))
    name = words_at(library, place).name
    return ask_now(hold(past), line("back_at", technique=name, n=place.n, of=place.repetitions), line("say_resume"))


def _is_in(before: Place, now: Place) -> bool:
    """True if the earlier count continues now: the same step and side, and no number was taken back."""
    return (before.at, before.side) == (now.at, now.side) and before.n <= now.n


def _plan_of(before: Place, state: Counting, library: Library) -> Transition:
    """Restore the earlier dose and continue the count; a beat that is scheduled is still counted."""
    here = state.place
    least = [here.done[0], here.done[1]]
    least[here.side] += 1 if here.n < here.repetitions else 0
    plan = (max(least[0], before.plan[0]), max(least[1], before.plan[1]))
    after, effects = answer(replace(state, place=replace(here, plan=plan)), line("undone"))
    return after, (*reopen(state, plan[here.side], library), *effects)
