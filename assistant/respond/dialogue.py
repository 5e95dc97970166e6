"""advance(state, event, library), the whole dialogue manager: look up the table, apply the handler, say what to hear.

Time reaches it only inside events and leaves it only as `WakeMe`; the same events give the same effects, always.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import (
    Began,
    Due,
    Event,
    Failed,
    Intent,
    Leave,
    ListenFor,
    NotNow,
    Recovered,
    Remember,
    Said,
    Sound,
    Unsure,
    VoiceEnded,
    WakeMe,
)
from assistant.respond import flow, holding
from assistant.respond.answers import advice, name_of
from assistant.respond.counting import BEAT, COUNT_END, schedule
from assistant.respond.places import counted, technique_at
from assistant.respond.states import (
    Advising,
    Counting,
    EndedUrgent,
    Finished,
    Idle,
    Instructing,
    Leading,
    Locating,
    Offered,
    Opening,
    PainHold,
    ReadyPrompt,
    State,
    Talk,
)
from assistant.respond.telling import Result, advise, answer, line, tell
from assistant.respond.transitions import handler_for, legal
from assistant.routine import Library

ADVICE_HEARD = "expert_advice_heard"
LEAVE = "leave"
STAY_S = 60.0  # after the last count the person may still start another routine; chosen by ear
HINT_AFTER = 2  # voice-ui.md section 3: first a sign, then what can be said; after that silence, since it may be the TV

_NOT_WORTH_A_WORD = frozenset({Intent.YES, Intent.NO, Intent.READY, Intent.RESUME, Intent.DONE})
"""Known but not legal now: people say these to each other; only a real command gets an answer."""


def advance(state: State, event: Event, library: Library) -> Result:
    """The next state, and what to do. A refusal changes nothing; no utterance raises."""
    after, effects = _react(state, event, library)
    if isinstance(event, Began) or legal(after) != legal(state):
        effects = (ListenFor(intents=legal(after)), *effects)
    return after, effects


def _react(state: State, event: Event, library: Library) -> Result:
    result: Result = state, ()
    match event:
        case Said():
            handler = handler_for(state, event.intent)
            result = handler(state, event, library) if handler else _not_now(state, event.intent)
        case NotNow():
            result = _not_now(state, event.intent)
        case Unsure():
            result = _unsure(state)
        case Due():
            result = _due(state, event, library)
        case VoiceEnded(is_finished=True):
            result = _voice_ended(state, event, library)
        case Began():
            result = _began(event, library)
        case Failed():
            result = _failed(state, event)
        case Recovered():
            result = answer(state, line(f"recovered_{event.room}"))
    return result


def _began(event: Began, library: Library) -> Result:
    talk = Talk(usual=event.usual)
    if not event.is_first_session:
        return flow.offer(talk, library, event.routine)
    return advise(talk, event.routine, advice())


def _voice_ended(state: State, event: VoiceEnded, library: Library) -> Result:
    match state:
        case Advising(awaiting=awaiting) if event.utterance == awaiting:
            after, effects = flow.after_advice(state, library)
            return after, (Remember(fact=ADVICE_HEARD), *effects)
        case Leading(awaiting=awaiting) if event.utterance == awaiting:
            return flow.start_count(state, library, event.at_s)
        case Instructing(first_utterance=first, lines=lines) if event.utterance >= first:
            left = lines[event.utterance - first + 1 :]
            if not left:
                return ReadyPrompt(talk=state.talk, place=state.place), ()
            return replace(state, lines=left, first_utterance=event.utterance + 1), ()
        case Finished() if event.utterance == state.talk.next_utterance - 1:
            return state, (WakeMe(at_s=event.at_s + STAY_S, tag=LEAVE),)
        case _:
            return state, ()


def _due(state: State, event: Due, library: Library) -> Result:
    match state:
        case Counting() if event.tag == BEAT:
            return _beat(state, library)
        case Counting() if event.tag == COUNT_END:
            return flow.end_side(state.talk, library, state.place)
        case Finished() if event.tag == LEAVE:
            talk, says = tell(state.talk, line("goodbye"))
            return replace(state, talk=talk), (*says, Leave(reason="finished"))
        case _:
            return state, ()


def _beat(state: Counting, library: Library) -> Result:
    place = counted(state.place, state.place.n + 1)
    state = replace(state, place=place)
    if place.n >= place.repetitions:
        return state, (WakeMe(at_s=state.grid.due_s(place.n + 1), tag=COUNT_END),)
    return state, schedule(state.grid, place.n + 1, place.repetitions, technique_at(library, place).cues)


def _not_now(state: State, intent: Intent) -> Result:
    if intent in _NOT_WORTH_A_WORD or isinstance(state, (Opening, EndedUrgent)):
        return state, ()
    if intent is Intent.START_ROUTINE and getattr(state, "place", None) is not None:
        return answer(state, line("end_first"))
    return answer(state, line("not_now"))


def _unsure(state: State) -> Result:
    """Unknown speech changes nothing. Only an open question gets a sign, then a hint, then silence."""
    if not isinstance(state, (Idle, Offered, ReadyPrompt, Locating, PainHold)):
        return state, ()
    misses = state.talk.misses + 1
    if misses > HINT_AFTER:
        return replace(state, talk=replace(state.talk, misses=misses)), ()
    sign = Sound(earcon="not_understood")
    if misses < HINT_AFTER:
        return replace(state, talk=replace(state.talk, misses=misses)), (sign,)
    after, effects = answer(state, line(f"help_{name_of(type(state))}"))
    return replace(after, talk=replace(after.talk, misses=misses)), effects


def _failed(state: State, event: Failed) -> Result:
    """A deaf or mute machine must not count on: hold the place, say which part broke."""
    held, effects = holding.hold_quietly(state)
    talk, says = tell(held.talk, line(f"failed_{event.room}"))
    return replace(held, talk=talk), (*effects, *says)
