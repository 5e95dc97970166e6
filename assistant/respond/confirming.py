"""Yes, no and never mind to a question that stands before something costly; and taking back the last command."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from assistant.messages import ForgetEverything, Intent, Said
from assistant.respond.carried import Place
from assistant.respond.dosing import restart_now
from assistant.respond.holding import again, hold, resume_at
from assistant.respond.places import technique_at
from assistant.respond.starting import discard_last, offer
from assistant.respond.states import (
    Confirm,
    Counting,
    Finished,
    Idle,
    Instructing,
    Locating,
    Offered,
    Paused,
    ReadyPrompt,
    ResumeOffer,
    State,
    WithPlace,
)
from assistant.respond.telling import Result, answer, ask_now, line, silently
from assistant.routine import Library

MOST_UNDO = 3  # voice-ui.md section 4: three deep

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
    }
)
"""Commands that move a person or change a dose; the others are undone by their opposites."""


def yes(state: Confirm, said: Said, library: Library) -> Result:
    """Do what the question was about."""
    if state.does is Intent.FORGET_ME:
        after, effects = offer(state.talk, library, None)
        return silently((after, (ForgetEverything(), *effects)))
    if state.does is Intent.CANCEL and isinstance(state.back, ResumeOffer):
        return discard_last(replace(state.back, talk=state.talk), library)
    place = getattr(state.back, "place", None)
    if state.does is Intent.RESTART_STEP and isinstance(place, Place):
        return silently(restart_now(state, place, library))
    return no(state, said, library)


def no(state: Confirm, said: Said | None, library: Library) -> Result:
    """Leave everything as it was, and go on there."""
    back = replace(state.back, talk=state.talk)
    if isinstance(back, Paused) and back.place is not None:
        return silently(resume_at(back, back.place, library))
    if isinstance(back, Paused):
        return again(back.before or Idle(talk=back.talk), back)
    return ask_now(back, line("left_as_it_was"))


def ask_discard(state: ResumeOffer, said: Said, library: Library) -> Result:
    """Discarding what was left can not be taken back, so it is asked."""
    return ask_now(Confirm(talk=state.talk, back=state, does=Intent.CANCEL), line("really_discard"))


def ask_forget(state: Idle | Offered | Finished, said: Said, library: Library) -> Result:
    """Forgetting everything can not be taken back, so it is asked."""
    return ask_now(Confirm(talk=state.talk, back=state, does=Intent.FORGET_ME), line("really_forget"))


def remembering(before: State, after: State, intent: Intent) -> State:
    """The new state with the old one on its undo list, if the command moved something."""
    is_moved = getattr(before, "place", None) != getattr(after, "place", None)
    if intent not in UNDOABLE or not is_moved or not isinstance(before, _UNDO_TO):
        return after
    past = replace(before, talk=replace(before.talk, undo=()))
    return replace(after, talk=replace(after.talk, undo=(past, *before.talk.undo)[:MOST_UNDO]))


_UNDO_TO = get_args(WithPlace)


def undo(state: WithPlace, said: Said, library: Library) -> Result:
    """Take back the last command that moved something; a count that only changed its dose goes on."""
    if not state.talk.undo:
        return answer(state, line("nothing_to_undo"))
    past, *older = state.talk.undo
    talk = replace(state.talk, undo=tuple(older), ledger=past.talk.ledger)
    place = getattr(past, "place", None)
    if not isinstance(place, Place):
        return answer(state, line("nothing_to_undo"))
    here = state.place
    if isinstance(state, Counting) and here is not None and (place.at, place.side) == (here.at, here.side):
        plan = (max(here.done[0], place.plan[0]), max(here.done[1], place.plan[1]))
        back = replace(here, plan=plan)
        return answer(replace(state, talk=talk, place=back), line("undone"))
    held = replace(hold(past), talk=talk)
    if isinstance(past, (Instructing, ReadyPrompt, Locating)):
        return silently(resume_at(held, place, library))
    name = library.words(technique_at(library, place).id).name
    return ask_now(held, line("back_at", technique=name, n=place.n, of=place.repetitions), line("say_resume"))
