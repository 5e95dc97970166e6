"""Pause, stop, pain and danger: silence first, then words. Every handler here stops speech and count in one step."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, get_args

from assistant.messages import Forget, Note, Said, WakeMe
from assistant.respond import emergency
from assistant.respond.dialogue_context import Line, Place
from assistant.respond.feeling import dose_is_done
from assistant.respond.flow import leave_step
from assistant.respond.places import counts, going_on, instruction, leading, place_of, technique_at
from assistant.respond.replies import (
    SILENCE,
    Transition,
    answer,
    ask,
    ask_now,
    instruct,
    lead,
    line,
    silently,
    spoken_time,
    tell,
)
from assistant.respond.safety import MOST_PAINS, has_hurt_enough
from assistant.respond.states import (
    Advising,
    Asleep,
    Before,
    Confirm,
    Counting,
    EndedUrgent,
    FeelingAsked,
    Finished,
    Idle,
    InStep,
    Leading,
    Left,
    NotToday,
    Offered,
    OwnPace,
    PaceAsked,
    PainAsked,
    PainHold,
    PauseAsked,
    Paused,
    Rating,
    ResumeOffer,
    Screening,
    State,
    Teaching,
)
from assistant.routine import Library

REST = "rest"
_STANDS_STILL = (Advising, Screening, *get_args(InStep))
"""States that a deaf or mute machine must hold."""
AT_REST = (Teaching, PaceAsked, Idle, Offered, ResumeOffer, Rating, Finished)
"""States with an open question in which nothing goes on by itself."""


def kept(state: Paused) -> dict[str, Any]:
    """Return the fields of a pause, with or without an open question."""
    return {one.name: getattr(state, one.name) for one in fields(Paused)}


def hold(state: State) -> Paused:
    """Return the state in which nothing moves and nothing is asked, with the way back."""
    match state:
        case Paused():
            return Paused(**kept(state))
        case Asleep() | Confirm():
            return hold(state.back)
        case Counting() | Leading() | FeelingAsked():
            return Paused(talk=state.talk, place=state.place, is_in_count=True)
        case OwnPace():
            return Paused(talk=state.talk, place=state.place, is_own_pace=True)
        case (
            Advising()
            | Teaching()
            | PaceAsked()
            | Idle()
            | Offered()
            | ResumeOffer()
            | Screening()
            | Rating()
            | Finished()
        ):
            return Paused(talk=state.talk, place=None, before=state)
        case _:
            return Paused(talk=state.talk, place=getattr(state, "place", None))


def unasked(state: PainHold) -> PainHold:
    """Return the same hold without a question: the next words answer none."""
    return PainHold(talk=state.talk, place=state.place)


def hold_saying(state: State, at_count: str, elsewhere: str, *, is_stopped: bool = False) -> Transition:
    """Be silent, keep the place, and say how to go on."""
    state = awake(state)
    if isinstance(state, (EndedUrgent, NotToday, Finished, Left)):
        return state, SILENCE
    if isinstance(state, PainHold):
        return ask_now(unasked(state), pain_line(state.place))
    held = replace(hold(state), talk=state.talk, is_stopped=is_stopped, rests_until_s=None)
    after, effects = ask_now(held, _held_line(held, at_count, elsewhere))
    return after, (Forget(tag=REST), *effects)


def _held_line(held: Paused, at_count: str, elsewhere: str) -> Line:
    if held.is_in_count and held.place is not None and held.place.n:
        return line(at_count, n=held.place.n, of=held.place.repetitions)
    return line(elsewhere)


def keep_held(state: Paused) -> Transition:
    """Stay paused: say the place, and how to go on."""
    return ask_now(state, _held_line(state, "paused_at", "paused"))


def awake(state: State) -> State:
    """Return the state behind the sleep, with its own last words; or the state itself."""
    if not isinstance(state, Asleep):
        return state
    return replace(state.back, talk=replace(state.talk, last=state.back.talk.last))


def pause(state: State, said: Said, library: Library) -> Transition:
    """Hold at the count; the next number waits."""
    return hold_saying(state, "paused_at", "paused")


def stop(state: State, said: Said, library: Library) -> Transition:
    """Cut speech and count at once, no question; the place is kept.

    Where nothing has begun there is nothing to stop but the voice: the person may go on choosing.
    """
    if isinstance(state, (Idle, Offered, ResumeOffer)):
        talk, says = tell(state.talk, line("very_well"), *state.talk.last[-1:])
        return replace(state, talk=talk), (*SILENCE, *says)
    return hold_saying(state, "stopped_at", "stopped", is_stopped=True)


def taken_back(state: State) -> State:
    """Return the state before a hold that nobody asked for; a held step or held speech stays held."""
    if not isinstance(state, Paused) or not isinstance(state.before, AT_REST):
        return state
    return replace(state.before, talk=replace(state.talk, last=state.before.talk.last))


def how_on(state: Paused | PainHold) -> Line:
    """Return the sentence with the ways to go on from a hold."""
    return pain_line(state.place) if isinstance(state, PainHold) else line("say_resume")


def wait_for(state: State, said: Said, library: Library) -> Transition:
    """Pause for a time and say which; at its end ask, and do not go on by itself. Without a time, ask for it."""
    seconds = int(said.slots.get("duration", 0))
    if seconds <= 0:
        return ask_how_long(state)
    until_s = said.at_s + seconds
    unit, values = spoken_time(seconds)
    held = _resting(state, until_s)
    after, effects = ask_now(held, line(f"waits_{unit}", **values), how_on(held))
    return after, (*effects, WakeMe(at_s=until_s, tag=REST))


def _resting(state: State, until_s: float | None) -> Paused | PainHold:
    """Return the hold of a rest; after pain it stays a hold of pain."""
    if isinstance(state, PainHold):
        return replace(unasked(state), rests_until_s=until_s)
    return replace(hold(state), talk=state.talk, is_stopped=False, rests_until_s=until_s)


def ask_how_long(state: State) -> Transition:
    """Pause, and ask for the minutes: no time was heard, or none that is sure. Any other answer finds a pause."""
    after, effects = ask_now(_resting(state, None), line("how_many_minutes"))
    return after, (Forget(tag=REST), *effects)


def hold_quietly(state: State) -> Transition:
    """Stop a count or an instruction without a word, and leave a question in a hold; other states stay unchanged."""
    if isinstance(state, (*_STANDS_STILL, PauseAsked)):
        held: Paused | PainHold = hold(state)
    elif isinstance(state, PainAsked):
        held = unasked(state)
    else:
        return state, ()
    return replace(held, talk=replace(held.talk, last=(how_on(held),))), SILENCE


def resume(state: Paused, said: Said, library: Library) -> Transition:
    """Go on at the held place: with a count-in if a count was running, else with the interrupted speech."""
    place = state.place
    if place is None:
        return again(state.before or Idle(talk=state.talk), state)
    return silently(resume_at(state, place, library))


def again(before: Before, state: Paused) -> Transition:
    """Ask the open question once more, if nothing had begun yet."""
    back = replace(before, talk=state.talk)
    lines = before.talk.last or (line("say_start"),)
    after, effects = ask_now(back, *lines)
    if isinstance(after, Advising):
        return replace(after, awaiting=after.talk.next_utterance - 1), effects
    return after, effects


def resume_at(state: Paused, place: Place, library: Library) -> Transition:
    """Continue the count, or the person's own pace, or the instruction; nothing that hurt twice."""
    if has_hurt_enough(state.talk, library, place.routine, place.step):
        return ask(PainHold(talk=state.talk, place=place), line("pain_again"))
    if state.is_own_pace:
        return ask(OwnPace(talk=state.talk, place=place), line("own_pace"))
    if state.is_in_count and place.n >= place.repetitions:
        return dose_is_done(state.talk, library, replace(place, was_asked=False))
    if state.is_in_count and place.n:
        return lead(state.talk, place, *going_on(library, place), has_count_in=True)
    if state.is_in_count:
        return lead(state.talk, place, *leading(library, place))
    return instruct(state.talk, place, instruction(library, place, state.talk))


def pain(state: State, said: Said, library: Library) -> Transition:
    """Let go; then go on lighter, skip, or end. A second pain on the same technique ends the work on it."""
    if isinstance(state, (EndedUrgent, NotToday)):
        return emergency.urgent(state, said, library)
    if isinstance(state, (Advising, Idle, Offered, ResumeOffer, Rating)) and "ache" in said.slots:
        return _comes_with_pain(state)
    state = awake(state)
    place = place_of(state)
    if place is None:
        held = state if isinstance(state, (Finished, Left)) else replace(hold(state), talk=state.talk)
        return ask_now(held, line("let_go"), line("pain_after" if held is state else "pain_outside"))
    hurt = (*state.talk.hurt, technique_at(library, place).id)
    place = replace(place, pains=hurt.count(hurt[-1]))
    held_by_pain = PainHold(talk=replace(state.talk, hurt=hurt), place=place)
    after, effects = ask(held_by_pain, line("let_go"), pain_line(place))
    return after, (*SILENCE, Note(what="pain", values=counts(library, place)), *effects)


def _comes_with_pain(state: Advising | Idle | Offered | ResumeOffer | Rating) -> Transition:
    """Be kind: who says that the back hurts before anything begins comes because of it."""
    more = () if isinstance(state, Advising) else (line("if_it_is_new"), *state.talk.last[-1:])
    return silently(answer(state, line("sorry_it_hurts"), *more))


def pain_line(place: Place) -> Line:
    """Return the ways on: lighter, skip or end; after a second pain only skip and end."""
    return line("pain_again" if place.pains >= MOST_PAINS else "pain_hold")


def skip_after_pain(state: PainHold, said: Said, library: Library) -> Transition:
    """Leave the technique that hurt, and teach the next one."""
    return silently(leave_step(state, state.place, library, state.place.at + 1))


def sleep(state: State, said: Said, library: Library) -> Transition:
    """Ignore everything but waking up and the safety words; a count is held."""
    if isinstance(state, (Idle, Offered, Finished, PainHold)):
        back: Paused | PainHold | Idle | Offered | Finished = unasked(state) if isinstance(state, PainHold) else state
    else:
        back = hold(state)
    return ask_now(Asleep(talk=state.talk, back=back), line("sleeping"))


def wake(state: Asleep, said: Said, library: Library) -> Transition:
    """Listen again, and say the person's place."""
    back = awake(state)
    place = place_of(back)
    at = line("listening_at", n=place.n, of=place.repetitions) if place and place.n else line("listening")
    if isinstance(back, PainHold):
        return ask_now(back, at, pain_line(back.place))
    if isinstance(back, Paused):
        return ask_now(back, at, line("say_resume"))
    return ask_now(back, at, *back.talk.last[-1:])
