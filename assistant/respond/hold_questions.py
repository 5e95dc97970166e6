"""Questions asked in a hold: ready to go on, is the pain gone, is all well? Only yes and no answer them.

After "Paused at twelve" nothing is asked, and a "yes" is most often meant for somebody else in the room: in three hours
of read speech all five false actions were a yes or a no (benchmarks/long_negative.py). So a question has a state of its
own; a new hold (stop, pause, sleep, a fault) leads back to the state without it.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Intent, Said
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.flow import end_side
from assistant.respond.holds import awake, hold, hold_saying, kept, pain, pain_line, resume, unasked
from assistant.respond.places import place_of, technique_at, words_at
from assistant.respond.replies import Transition, answer, ask, ask_now, instruct, line, silently
from assistant.respond.safety import MOST_PAINS
from assistant.respond.states import (
    FeelingAsked,
    Locating,
    OwnPace,
    PainAsked,
    PainHold,
    PauseAsked,
    Paused,
    ReadyPrompt,
    State,
    WithPlace,
)
from assistant.routine import Library


def asked(held: Paused, *, trouble: Intent | None = None) -> PauseAsked:
    """Return the pause with an open question; the caller speaks the question."""
    return PauseAsked(**kept(held), trouble=trouble)


def too_hard(state: State, said: Said, library: Library) -> Transition:
    """Count "too hard" like pain, since it is the same sign, only sooner: a second sign ends the work on a technique.

    A wish for less ("lighter") is no sign, and nothing was pressed since "ease off" was said.
    """
    at = awake(state)
    place = place_of(at)
    is_told = isinstance(at, PainHold) or at.talk.last[-1:] == (line("ease_off"),)
    if place is None or is_told or said.intent is Intent.LIGHTER:
        return ease_off(state, said, library)
    name = technique_at(library, place).id
    hurt = (*at.talk.hurt, name)
    if hurt.count(name) >= MOST_PAINS:
        return pain(state, said, library)
    after, effects = ease_off(state, said, library)
    if isinstance(after, Paused):
        after = replace(after, place=replace(place, pains=hurt.count(name)), talk=replace(after.talk, hurt=hurt))
    return after, effects


def sore(state: WithPlace, said: Said, library: Library) -> Transition:
    """Take the soreness that the technique asks for as good news; "sore enough" ends the side."""
    place = state.place
    if "warm" in said.slots:
        return _warm(state, place, library)
    if place is None or not technique_at(library, place).wants_soreness:
        return too_hard(state, replace(said, intent=Intent.TOO_HARD), library)
    if ("enough" in said.slots or isinstance(state, FeelingAsked)) and place.n:
        return silently(end_side(state.talk, library, place))
    waits = isinstance(state, (ReadyPrompt, Locating))
    return answer(state, line("sore_is_right"), *((line("say_ready"),) if waits else ()))


def _warm(state: WithPlace, place: Place | None, library: Library) -> Transition:
    """End the side of a technique that is done until the skin is warm; any other is not about warmth."""
    technique = technique_at(library, place) if place is not None else None
    is_its_end = technique is not None and technique.ends_when == "sensation" and not technique.wants_soreness
    if place is None or not is_its_end or not (place.n or isinstance(state, OwnPace)):
        return state, ()
    return silently(end_side(state.talk, library, place))


def ease_off(state: State, said: Said, library: Library) -> Transition:
    """Cut everything, and ask for less pressure before going on."""
    after, effects = hold_saying(state, "ease_off", "ease_off")
    return (asked(after) if isinstance(after, Paused) else after), effects


def rest_is_over(state: Paused | PainHold) -> Transition:
    """Ask to go on: the requested rest has passed. After pain, ask if it is gone, or say what is left to do."""
    if isinstance(state, Paused):
        return ask(asked(replace(state, rests_until_s=None)), line("rest_over"), line("say_ready_to_go_on"))
    if state.place.pains >= MOST_PAINS:
        return ask(unasked(state), line("rest_over"), line("pain_again"))
    return ask(PainAsked(talk=state.talk, place=state.place), line("rest_over"), line("is_pain_gone"))


def check_in(state: Paused | PainHold) -> Transition:
    """Ask after a long silence in a hold whether all is well, and name what can be said."""
    if isinstance(state, PainHold):
        there: PauseAsked | PainAsked = PainAsked(talk=state.talk, place=state.place, trouble=Intent.NO)
    else:
        there = asked(state, trouble=Intent.NO)
    return ask(there, line("all_right"), _ways(there))


def _is_well(state: PauseAsked | PainAsked, answered: Intent) -> Transition:
    """Keep waiting if all is well. If it is not, say what to do; the way to go on stays open."""
    held = unasked(state) if isinstance(state, PainAsked) else hold(state)
    advice = (line("pain_after"),) if answered is state.trouble else ()
    after, effects = ask_now(held, *advice, _ways(state))
    is_asked_later = isinstance(after, PainHold) and not advice  # who is well is left alone for longer
    return replace(after, talk=replace(after.talk, asked=int(is_asked_later))), effects


def _ways(state: PauseAsked | PainAsked) -> Line:
    return pain_line(state.place) if isinstance(state, PainAsked) else line("resume_or_end")


def yes_in_pause(state: PauseAsked, said: Said, library: Library) -> Transition:
    """Take "yes" as ready: go on. "I'm fine" is only that: to go on takes a word that says so."""
    if "well" in said.slots and not state.trouble:
        return ask_now(state, line("say_ready_to_go_on"))
    return _is_well(state, Intent.YES) if state.trouble else resume(state, said, library)


def no_in_pause(state: PauseAsked, said: Said, library: Library) -> Transition:
    """Take "no" as not ready: stay silent without a limit."""
    return _is_well(state, Intent.NO) if state.trouble else ask_now(hold(state), line("take_your_rest"))


def ask_if_gone(state: PainHold, said: Said, library: Library) -> Transition:
    """Ask after pain whether it is gone, before going on; not after a second pain on the same technique."""
    if state.place.pains >= MOST_PAINS:
        return ask_now(unasked(state), line("pain_again"))
    return ask_now(PainAsked(talk=state.talk, place=state.place), line("is_pain_gone"))


def yes_in_pain(state: PainAsked, said: Said, library: Library) -> Transition:
    """The pain is gone: go on more lightly, from the ready question."""
    if state.trouble:
        return _is_well(state, Intent.YES)
    name = words_at(library, state.place).name
    return silently(instruct(state.talk, state.place, (line("lighter", technique=name), line("say_ready"))))


def how_it_is(state: PainHold, said: Said, library: Library) -> Transition:
    """Take "the pain is gone" for gone, and any number but nought, or "a bit better", for not gone.

    "I'm fine" answers whether all is well; elsewhere, and after "zero", it is asked if the pain is gone.
    """
    if "well" in said.slots and isinstance(state, PainAsked) and state.trouble:
        return _is_well(state, Intent.NO if state.trouble is Intent.YES else Intent.YES)
    number = int(said.slots.get("number", -1))
    if number == 0 and "gone" in said.slots and state.place.pains < MOST_PAINS:
        return yes_in_pain(PainAsked(talk=state.talk, place=state.place), said, library)
    if number == 0 or state.place.pains >= MOST_PAINS:  # a number alone may be misheard
        return ask_if_gone(state, said, library)
    return ask_now(unasked(state), line("pain_stays") if number > 0 else pain_line(state.place))


def no_in_pain(state: PainAsked, said: Said, library: Library) -> Transition:
    """It still hurts: stay silent, and offer to skip or to end."""
    return _is_well(state, Intent.NO) if state.trouble else ask_now(unasked(state), line("pain_stays"))
