"""The dialogue manager, advance(state, event, library): reads the table, applies the handler, sets what to hear.

Time enters only inside events and leaves only as `WakeMe`; the same events always give the same effects.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from assistant.messages import (
    Began,
    Drowned,
    Due,
    Effect,
    Event,
    Failed,
    Forget,
    Hush,
    Intent,
    Keep,
    ListenFor,
    NotNow,
    Perhaps,
    Recovered,
    Remember,
    Said,
    Say,
    Settled,
    Slept,
    Unsure,
    VoiceBegan,
    VoiceEnded,
    WakeMe,
)
from assistant.respond import (
    adjust,
    checking,
    confirming,
    ending,
    faults,
    feeling,
    flow,
    hold_questions,
    holds,
    silence,
    starting,
    unclear,
    unheard,
)
from assistant.respond.counting import BEAT, COUNT_END, mark_after, marked
from assistant.respond.dialogue_context import Goal
from assistant.respond.places import counted, is_half, place_of, technique_at, warned
from assistant.respond.replies import SILENCE, Transition, behind_the_first, line, silently, tell
from assistant.respond.safety import aged, questions_for, slept
from assistant.respond.snapshot import snapshot_of
from assistant.respond.states import (
    Advising,
    Confirm,
    Counting,
    InStep,
    Instructing,
    Leading,
    Opening,
    PainAsked,
    PainHold,
    PauseAsked,
    Paused,
    ReadyPrompt,
    Screening,
    State,
)
from assistant.respond.transitions import handler_for, legal
from assistant.routine import Library

GET_READY = "get_ready"
KEEP_EVERY = 5  # beats: at most five are counted again after a crash


def advance(state: State, event: Event, library: Library) -> Transition:
    """Return the next state, and the effects. A refusal changes nothing; no utterance raises."""
    state = _as_of(state, event)
    after, effects = _guarded(state, *_react(state, event, library), library)
    effects = behind_the_first(state, event, after, effects)
    if isinstance(event, Began) or type(after) is not type(state) or legal(after) != legal(state):
        effects = (ListenFor(intents=legal(after)), *effects)
    return after, (
        *_keeping(state, after),
        *_outdated(state, event, after, effects),
        *effects,
        *_rearmed(state, after, event, effects),
    )


def _as_of(state: State, event: Event) -> State:
    """Return the state with the gate of the safety questions as it is now; a check in progress keeps its own."""
    if isinstance(state, Opening):
        return state
    talk = slept(state.talk, event.seconds) if isinstance(event, Slept) else state.talk
    talk = talk if isinstance(state, Screening) else aged(talk, event.at_s)
    return state if talk is state.talk else replace(state, talk=talk)


def _guarded(before: State, after: State, effects: tuple[Effect, ...], library: Library) -> Transition:
    """Ask what is due by now, in place of a start, or of going on after a hold that lasted for long."""
    if not isinstance(after, get_args(InStep)) or isinstance(before, get_args(InStep)):
        return after, effects
    goal = Goal(routine=after.place.routine, steps=after.place.steps, place=after.place)
    talk = replace(after.talk, next_utterance=before.talk.next_utterance)  # what was to be said is not
    return silently(starting.toward(talk, library, goal)) if questions_for(talk, library, goal) else (after, effects)


def _outdated(state: State, event: Event, after: State, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Return `Forget` effects for outdated timers: of a silence that was broken, of a rest that is over."""
    is_broken = silence.plan_for(state) and any(isinstance(effect, Say) for effect in effects)
    tags = [silence.QUIET] if is_broken else []
    if _rest_of(state) is not None and _rest_of(after) is None:
        tags.append(holds.REST)
    if isinstance(state, ReadyPrompt) and (isinstance(event, Said) or isinstance(after, Confirm)):
        tags.append(GET_READY)  # somebody who speaks is not in position yet: from here on only "ready" begins the count
    return tuple(Forget(tag=tag) for tag in tags)


def _rearmed(before: State, after: State, event: Event, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Start timers that nothing else starts: of silence after a hush without a sentence; of a rest that goes on."""
    is_hushed = any(isinstance(effect, Hush) for effect in effects)
    is_said = any(isinstance(effect, Say) for effect in effects)
    timers = silence.after_last_word(after, event.at_s) if is_hushed and not is_said else ()
    until_s = _rest_of(after)
    if until_s is not None and _rest_of(before) is None:
        timers = (*timers, WakeMe(at_s=max(until_s, event.at_s), tag=holds.REST))
    return timers


def _rest_of(state: State) -> float | None:
    """Return the end of the rest that the person is in, or None."""
    return state.rests_until_s if isinstance(state, (Paused, PainHold)) else None


def _keeping(before: State, after: State) -> tuple[Effect, ...]:
    """Store the place before anything that depends on it is said, and every few beats of a count."""
    place, old = place_of(after), place_of(before)
    has_left_count = isinstance(before, Counting) and not isinstance(after, Counting)
    if place is None or ((place is old or place == old) and not has_left_count):
        return ()
    if isinstance(after, Counting) and isinstance(before, Counting) and place.n != place.repetitions:
        is_only_counted = place.n == (old.n if old else 0) + 1
        if is_only_counted and place.n % KEEP_EVERY:
            return ()
    return (Keep(saved=snapshot_of(place, after.talk)),)


def _react(state: State, event: Event, library: Library) -> Transition:
    result: Transition = state, ()
    match event:
        case Said():
            result = _said(state, event, library)
        case NotNow():
            result = unclear.not_now(state, event.intent, is_guess=event.is_guess)
        case Perhaps() | Unsure():
            result = unclear.heard(state, event, library)
        case Due():
            result = _due(state, event, library)
        case VoiceBegan() | VoiceEnded():
            result = _voice(state, event, library)
        case Began():
            result = starting.began(event, library)
        case Failed() | Recovered():
            result = faults.told(state, event, library)
        case Settled():
            result = ending.settled(state, event)
        case Drowned() | Slept():
            result = unheard.words_lost(state, event)
    return result


def _corrected(state: State, said: Said, library: Library) -> Transition:
    """Correct a hold that was not meant. An open question is answered; a step stays held, and says so.

    The first hearing may have been right, and a doubt about "stop" is a "stop", so nothing continues by itself.
    """
    meant = replace(said, corrects=False)
    before = holds.taken_back(state)
    if (before is not state or isinstance(state, holds.AT_REST)) and handler_for(before, said.intent) is not None:
        after, effects = _said(before, meant, library)
        return after, (*SILENCE, *effects)
    held = holds.hold(state) if isinstance(state, PauseAsked) else state
    after, effects = _said(held, meant, library)
    if not isinstance(after, (Paused, PainHold)) or isinstance(after, PainAsked):
        return after, effects
    if after.talk.said[-1:] == (holds.how_on(after),):
        return after, effects
    talk, says = tell(after.talk, holds.how_on(after))
    return replace(after, talk=talk), (*effects, *says)


def _said(state: State, said: Said, library: Library) -> Transition:
    if said.corrects:
        return _corrected(state, said, library)
    handler = handler_for(state, said.intent)
    if handler is None:
        return unclear.not_now(state, said.intent)
    page = state.talk.help_page if said.intent is Intent.HELP else 0
    if (page, False) != (state.talk.help_page, state.talk.has_denied):
        state = replace(state, talk=replace(state.talk, help_page=page, has_denied=False))
    after, effects = handler(state, said, library)
    after = confirming.remembering(state, after, said.intent)
    if said.intent is not Intent.WHAT_HEARD and said.text != after.talk.heard:
        after = replace(after, talk=replace(after.talk, heard=said.text))
    return after, effects


def _voice(state: State, event: VoiceBegan | VoiceEnded, library: Library) -> Transition:
    if isinstance(event, VoiceEnded):
        return _voice_ended(state, event, library) if event.is_finished else (state, ())
    if isinstance(state, Instructing) and event.utterance >= state.first_utterance:
        return replace(state, is_sounding=True), ()
    return state, ()


def _voice_ended(state: State, event: VoiceEnded, library: Library) -> Transition:
    is_last = event.utterance == state.talk.next_utterance - 1
    match state:
        case Advising(awaiting=awaiting) if event.utterance == awaiting:
            after, effects = starting.after_advice(state, library)
            return after, (Remember(fact="expert_advice_heard"), *effects)
        case Leading(awaiting=awaiting) if event.utterance == awaiting:
            return flow.start_count(state, library, event.at_s)
        case Instructing(first_utterance=first, lines=lines) if event.utterance >= first:
            left = lines[event.utterance - first + 1 :]
            place = warned(state.place, lines, left)
            if left:
                first = event.utterance + 1
                return replace(state, place=place, lines=left, first_utterance=first, is_sounding=False), ()
            waiting = ReadyPrompt(talk=state.talk, place=place)
            return waiting, (*silence.after_last_word(waiting, event.at_s), *_by_itself(waiting, library, event.at_s))
        case Screening(awaiting=awaiting) if event.utterance == awaiting:
            after, effects = checking.heard_to_its_end(state)
            return after, effects or silence.after_last_word(after, event.at_s)
        case _:
            return state, silence.after_last_word(state, event.at_s) if is_last else ()


def _by_itself(state: ReadyPrompt, library: Library, at_s: float) -> tuple[Effect, ...]:
    """Wake up to begin the count without a word, where the routine sets a time for that."""
    after_s = library.routines[state.place.routine].ready_after_s
    return () if after_s is None else (WakeMe(at_s=at_s + after_s, tag=GET_READY),)


def _due(state: State, event: Due, library: Library) -> Transition:
    match state:
        case Counting() if event.tag == BEAT:
            return _beat(state, library)
        case Counting() if event.tag == COUNT_END:
            return feeling.dose_is_done(state.talk, library, state.place)
        case ReadyPrompt() if event.tag == GET_READY:
            return silently(flow.to_count(state.talk, state.place, library))
        case Paused() | PainHold() if event.tag == holds.REST:
            return hold_questions.rest_is_over(state)
        case _ if event.tag == silence.QUIET:
            return silence.is_silent(state, library)
        case _:
            return state, ()


def _beat(state: Counting, library: Library) -> Transition:
    place, technique = counted(state.place, state.place.n + 1), technique_at(library, state.place)
    state = replace(state, place=place)
    if place.n >= place.repetitions:
        return state, (WakeMe(at_s=state.grid.due_s(place.n + 1), tag=COUNT_END),)
    if is_half(library, place):
        return adjust.turn(state.talk, place, library, line("half_way"))
    grid, word = marked(state.grid, place.n, mark_after(place.n, place.repetitions, technique.marks))
    return replace(state, grid=grid), (*word, *flow.next_beat(state.talk, place, grid, library))
