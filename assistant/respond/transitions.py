"""THE TABLE: which intent does what in which state. An intent without a row in a state is not legal there.

Read a row as: "while in this state, when the person wants that, do this". The same table defines what the ear listens
for, which commands help names, and what the docs and the tests show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.messages import Intent, Said
from assistant.respond import (
    adjust,
    answers,
    asking,
    asking_back,
    checking,
    choosing,
    confirming,
    courtesy,
    dosing,
    emergency,
    ending,
    feeling,
    flow,
    health,
    hold_questions,
    holds,
    late_answers,
    starting,
    states,
    teaching,
)
from assistant.respond.answers import name_of
from assistant.respond.replies import Transition
from assistant.respond.rows import (
    ANYWHERE,
    AT_THE_END,
    CHOOSING,
    COMFORT,
    IN_THE_CHECK,
    SAFETY,
    STARTING,
    WHILE_QUIET,
    Handler,
    TableRow,
)
from assistant.respond.states import AskedBack, State
from assistant.routine import Library

QUESTIONS: TableRow = {
    Intent.HOW_MANY_LEFT: answers.how_many_left,
    Intent.WHAT_COUNT: answers.what_count,
    Intent.WHICH_SIDE: answers.which_side,
    Intent.STEPS_LEFT: answers.steps_left,
    Intent.TIME_LEFT: choosing.how_long,
    Intent.WHATS_IN_IT: choosing.whats_in_it,
    Intent.WHERE_AM_I: answers.where_am_i,
    Intent.WHATS_NEXT: answers.whats_next,
    Intent.MORE_DETAIL: answers.more_detail,
    Intent.HOW_HARD: answers.how_hard,
    Intent.WHERE_IS: flow.where_is,
    Intent.ASK: asking.ask,
    Intent.CHANGE_ANSWER: late_answers.change,
}

MOVES: TableRow = {
    Intent.NEXT: flow.next_step,
    Intent.PREVIOUS: flow.previous_step,
    Intent.GO_TO: choosing.go_to,
    Intent.RESTART_STEP: dosing.restart_step,
    Intent.UNDO: confirming.undo,
    Intent.SLOWER: adjust.slower,
    Intent.FASTER: adjust.faster,
    Intent.NORMAL_SPEED: adjust.normal_speed,
    Intent.MORE_REPS: dosing.more_reps,
    Intent.FEWER_REPS: dosing.fewer_reps,
    Intent.SWITCH_SIDES: dosing.switch_sides,
    Intent.PICK_SIDE: dosing.pick_side,
    Intent.SORER_SIDE: dosing.sorer_side,
    Intent.WAIT_FOR: holds.wait_for,
    Intent.BREATHE: adjust.breathe,
    Intent.OPPOSITE_DIRECTION: adjust.opposite_direction,
    Intent.CHOOSE: choosing.choose_here,
    Intent.START_ROUTINE: choosing.start_other,
    Intent.DONE: flow.done,
    Intent.OWN_PACE: dosing.own_pace,
    Intent.LIGHTER: hold_questions.too_hard,
}

AT_A_STEP: TableRow = {
    **QUESTIONS,
    **MOVES,
    Intent.SORE: hold_questions.sore,
}

GETTING_READY: TableRow = {
    **WHILE_QUIET,
    **AT_A_STEP,
    Intent.READY: flow.ready,
    Intent.LIST_ROUTINES: answers.list_routines,
}

WHILE_COUNTING: TableRow = {
    **ANYWHERE,
    **AT_A_STEP,
    Intent.RESET_COUNT: dosing.reset_count,
    Intent.COUNT_ALOUD: dosing.count_aloud,
    Intent.SORER_SIDE: dosing.sorer_in_a_count,
}

IN_PAUSE: TableRow = {
    **WHILE_QUIET,
    **QUESTIONS,
    **MOVES,
    Intent.RESUME: holds.resume,
    Intent.READY: holds.resume,
    Intent.RESET_COUNT: dosing.reset_count,
    Intent.COUNT_ALOUD: dosing.count_aloud,
}

IN_PAIN: TableRow = {
    **WHILE_QUIET,
    **QUESTIONS,
    Intent.HELP: answers.help_after_pain,
    Intent.ASK: asking.ask_in_pain,
    Intent.NEXT: holds.skip_after_pain,
    Intent.DONE: holds.skip_after_pain,
    Intent.PREVIOUS: flow.previous_step,
    Intent.GO_TO: choosing.go_to,
    Intent.LIGHTER: hold_questions.ask_if_gone,
    Intent.RESUME: hold_questions.ask_if_gone,
    Intent.READY: hold_questions.ask_if_gone,
    Intent.RATE_PAIN: hold_questions.how_it_is,
    Intent.SWITCH_SIDES: dosing.switch_sides,
    Intent.WAIT_FOR: holds.wait_for,
    Intent.CHOOSE: choosing.choose_here,
    Intent.START_ROUTINE: choosing.start_other,
}


def _as_behind(state: AskedBack, said: Said, library: Library) -> Transition:
    """Obey as in the state behind the question; "go" begins what was asked about. An answer leaves a doubt open."""
    if said.intent in asking_back.GO and state.does in asking_back.BEGINS:
        return _as_meant(state, said, library)
    back = asking_back.behind(state)
    after, effects = _obeyed(back, said, library)
    is_unmoved = said.intent not in asking_back.ANSWER_A_DOUBT and replace(after, talk=back.talk) == back
    if is_unmoved and asking_back.is_held(state):
        return replace(state, talk=replace(after.talk, last=state.talk.last)), effects
    return after, effects


def _as_meant(state: AskedBack, said: Said, library: Library) -> Transition:
    """Do what was asked about, as if it had been heard well."""
    meant = Said(at_s=said.at_s, intent=state.does, slots=state.slots, text=state.text)
    return _obeyed(asking_back.behind(state), meant, library)


def _obeyed(state: State, said: Said, library: Library) -> Transition:
    handler = handler_for(state, said.intent)
    return (state, ()) if handler is None else handler(state, said, library)


TABLE: Mapping[type[State], TableRow] = {
    states.Opening: {},
    states.Advising: {
        **ANYWHERE,
        Intent.EXPERT_ADVICE: flow.repeat,
        Intent.START_ROUTINE: starting.start_routine,
        Intent.READY: starting.start_usual,
        Intent.CHOOSE: choosing.choose,
        Intent.GO_TO: choosing.choose_one,
    },
    states.Teaching: {
        **WHILE_QUIET,
        **STARTING,
        **dict.fromkeys((Intent.STOP, Intent.PAIN, Intent.TOO_HARD, Intent.PAUSE), teaching.tried),
        **dict.fromkeys((Intent.READY, Intent.START_USUAL), teaching.start),
        **dict.fromkeys((Intent.NEXT, Intent.DONE, Intent.CANCEL), teaching.skip),
    },
    states.PaceAsked: {
        **WHILE_QUIET,
        **STARTING,
        **dict.fromkeys((Intent.READY, Intent.START_USUAL), teaching.start),
        **dict.fromkeys((Intent.YES, Intent.NORMAL_SPEED, Intent.NEXT, Intent.DONE, Intent.CANCEL), teaching.fine),
        **dict.fromkeys((Intent.SLOWER, Intent.SPEAK_SLOWER, Intent.NO), teaching.slower),
        **dict.fromkeys((Intent.FASTER, Intent.SPEAK_FASTER), teaching.faster),
    },
    states.Idle: CHOOSING,
    states.Offered: {**CHOOSING, Intent.YES: starting.start_usual, Intent.NO: starting.decline},
    states.ResumeOffer: {
        **WHILE_QUIET,
        Intent.RESUME: starting.resume_last,
        Intent.RESUME_LAST: starting.resume_last,
        Intent.READY: starting.resume_last,
        Intent.YES: starting.resume_last,
        Intent.RESTART_STEP: starting.restart_last,
        Intent.CANCEL: confirming.ask_discard,
        Intent.NO: confirming.ask_discard,
        Intent.FORGET_ME: confirming.ask_forget,
        Intent.START_ROUTINE: starting.start_routine,
        Intent.CHOOSE: choosing.choose,
        Intent.GO_TO: choosing.choose_one,
        Intent.WHATS_IN_IT: choosing.whats_in_it,
        Intent.TIME_LEFT: choosing.how_long,
        Intent.LIST_ROUTINES: answers.list_routines,
        Intent.ASK: asking.ask,
        Intent.WAIT_FOR: holds.wait_for,
    },
    states.Screening: IN_THE_CHECK,
    states.Rating: {
        **SAFETY,
        Intent.RATE_PAIN: ending.rate,
        Intent.THANKS: courtesy.farewell,
        Intent.NEXT: ending.skip_rating,
        Intent.NO: ending.skip_rating,
        Intent.HEALTH: health.told,
        **COMFORT,
    },
    states.Instructing: {**GETTING_READY, Intent.RESUME: adjust.go_on},
    states.ReadyPrompt: {**GETTING_READY, Intent.YES: flow.ready, Intent.NO: flow.not_yet, Intent.RESUME: flow.ready},
    states.Locating: {
        **GETTING_READY,
        Intent.NEXT: flow.next_clue,
        Intent.WHERE_IS: flow.next_clue,
        Intent.NO: flow.next_clue,
        Intent.DONE: flow.ready,
        Intent.RESUME: flow.ready,
    },
    states.Leading: WHILE_COUNTING,
    states.Counting: WHILE_COUNTING,
    states.FeelingAsked: {**WHILE_QUIET, **AT_A_STEP, **feeling.ANSWERS, Intent.RESET_COUNT: dosing.reset_count},
    states.OwnPace: {**WHILE_COUNTING, **WHILE_QUIET},
    states.Paused: IN_PAUSE,
    states.PauseAsked: {**IN_PAUSE, Intent.YES: hold_questions.yes_in_pause, Intent.NO: hold_questions.no_in_pause},
    states.PainHold: IN_PAIN,
    states.PainAsked: {**IN_PAIN, Intent.YES: hold_questions.yes_in_pain, Intent.NO: hold_questions.no_in_pain},
    states.Confirm: {
        **WHILE_QUIET,
        Intent.YES: confirming.yes,
        Intent.NO: confirming.no,
        Intent.CANCEL: confirming.no,
    },
    states.AskedBack: {
        **dict.fromkeys(SAFETY, _as_behind),
        Intent.YES: _as_meant,
        Intent.NO: asking_back.no,
        Intent.CANCEL: asking_back.no,
        **COMFORT,
        Intent.END_SESSION: courtesy.end,
    },
    states.Asleep: {
        **SAFETY,
        Intent.WAKE: holds.wake,
    },
    states.EndedUrgent: {**AT_THE_END, Intent.HELP: flow.repeat, Intent.CHANGE_ANSWER: checking.change_emergency},
    states.NotToday: {
        **AT_THE_END,
        Intent.THANKS: emergency.leave_urgent,
        Intent.CHANGE_ANSWER: checking.change_refusal,
        Intent.DOCTOR_AGREED: checking.doctor_after_refusal,
    },
    states.Finished: {
        **CHOOSING,
        Intent.MORE_REPS: dosing.more_after_the_end,
        Intent.RESTART_STEP: dosing.again_after_the_end,
        Intent.PREVIOUS: dosing.again_after_the_end,
        Intent.THANKS: courtesy.farewell,
        Intent.DONE: courtesy.farewell,
        Intent.END_SESSION: courtesy.farewell,
    },
    states.Left: {**SAFETY, Intent.END_SESSION: ending.end_again},
}

STATE_NAMES: Mapping[str, type[State]] = {name_of(kind): kind for kind in TABLE}


def legal(state: State) -> frozenset[Intent]:
    """Return every intent that has a row in this state, or in the state behind the question "did you mean …?"."""
    here = _LEGAL[type(state)]
    return here | legal(state.back) if isinstance(state, AskedBack) else here


def legal_in(name: str) -> frozenset[Intent]:
    """Return the same by the state's name ("counting", "ready_prompt"). Raises KeyError for an unknown name."""
    return _LEGAL[STATE_NAMES[name]]


def handler_for(state: State, intent: Intent) -> Handler | None:
    """Return the handler, or None where the intent is not legal."""
    handler = TABLE[type(state)].get(intent)
    if handler is None and isinstance(state, AskedBack) and intent in legal(state.back):
        return _as_behind
    return handler


_LEGAL: Mapping[type[State], frozenset[Intent]] = {kind: frozenset(row) for kind, row in TABLE.items()}
