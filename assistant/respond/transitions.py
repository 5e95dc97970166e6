"""THE TABLE: which intent does what in which state. What is not in a state's row is not legal there.

Read a row as: "while in this state, when the person wants that, do this". The same table says what the ear listens for,
what help names, and what the docs and the tests show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from assistant.messages import Intent, Said
from assistant.respond import adjust, answers, flow, holding
from assistant.respond.answers import name_of
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
    Paused,
    ReadyPrompt,
    State,
)
from assistant.respond.telling import Result
from assistant.routine import Library

Handler: TypeAlias = Callable[[Any, Said, Library], Result]
Row: TypeAlias = Mapping[Intent, Handler]

ANYWHERE: Row = {
    Intent.STOP: holding.stop,
    Intent.PAIN: holding.pain,
    Intent.TOO_HARD: holding.too_hard,
    Intent.RED_FLAG: holding.urgent,
    Intent.EMERGENCY: holding.emergency,
    Intent.PAUSE: holding.pause,
    Intent.REPEAT: flow.repeat,
    Intent.LOUDER: adjust.louder,
    Intent.QUIETER: adjust.quieter,
    Intent.HELP: answers.help_here,
    Intent.EXPERT_ADVICE: answers.expert_advice,
    Intent.END_SESSION: flow.end_session,
}

CHOOSING: Row = {
    **ANYWHERE,
    Intent.LIST_ROUTINES: answers.list_routines,
    Intent.START_ROUTINE: flow.start_routine,
    Intent.READY: flow.start_usual,
}

IN_ROUTINE: Row = {
    **ANYWHERE,
    Intent.NEXT: flow.next_step,
    Intent.PREVIOUS: flow.previous_step,
    Intent.GO_TO: flow.go_to,
    Intent.HOW_MANY_LEFT: answers.how_many_left,
    Intent.WHICH_SIDE: answers.which_side,
    Intent.WHERE_AM_I: answers.where_am_i,
    Intent.TIME_LEFT: answers.time_left,
    Intent.WHERE_IS: flow.where_is,
    Intent.SLOWER: adjust.slower,
    Intent.FASTER: adjust.faster,
    Intent.MORE_REPS: adjust.more_reps,
    Intent.FEWER_REPS: adjust.fewer_reps,
    Intent.SWITCH_SIDES: adjust.switch_sides,
}

AT_A_STEP: Row = {**IN_ROUTINE, Intent.DONE: flow.done}

GETTING_READY: Row = {**AT_A_STEP, Intent.READY: flow.ready, Intent.LIST_ROUTINES: answers.list_routines}

TABLE: Mapping[type[State], Row] = {
    Opening: {},
    Advising: {**CHOOSING, Intent.EXPERT_ADVICE: flow.repeat},
    Idle: {**CHOOSING, Intent.YES: flow.start_usual},
    Offered: {**CHOOSING, Intent.YES: flow.start_usual, Intent.NO: flow.decline},
    Instructing: GETTING_READY,
    ReadyPrompt: {**GETTING_READY, Intent.YES: flow.ready, Intent.NO: flow.not_yet},
    Locating: {**GETTING_READY, Intent.YES: flow.ready, Intent.NO: flow.next_clue, Intent.NEXT: flow.next_clue},
    Leading: AT_A_STEP,
    Counting: AT_A_STEP,
    Paused: {**IN_ROUTINE, Intent.RESUME: holding.resume, Intent.READY: holding.resume},
    PainHold: {
        **IN_ROUTINE,
        Intent.NEXT: holding.skip_after_pain,
        Intent.RESUME: holding.ask_if_gone,
        Intent.YES: holding.pain_gone,
        Intent.NO: holding.pain_stays,
    },
    EndedUrgent: {
        Intent.STOP: holding.urgent,
        Intent.PAIN: holding.urgent,
        Intent.TOO_HARD: holding.urgent,
        Intent.RED_FLAG: holding.urgent,
        Intent.EMERGENCY: holding.emergency,
        Intent.PAUSE: holding.pause,
        Intent.REPEAT: flow.repeat,
        Intent.LOUDER: adjust.louder,
        Intent.QUIETER: adjust.quieter,
        Intent.HELP: answers.help_here,
        Intent.END_SESSION: holding.leave_urgent,
    },
    Finished: CHOOSING,
}

STATE_NAMES: Mapping[str, type[State]] = {name_of(kind): kind for kind in TABLE}


def legal(state: State) -> frozenset[Intent]:
    """Every intent that has a row in this state; read off the table."""
    return frozenset(TABLE[type(state)])


def legal_in(name: str) -> frozenset[Intent]:
    """The same by the state's name ("counting", "ready_prompt"). Raises KeyError for an unknown name."""
    return frozenset(TABLE[STATE_NAMES[name]])


def handler_for(state: State, intent: Intent) -> Handler | None:
    """What to do, or None where the intent is not legal."""
    return TABLE[type(state)].get(intent)
