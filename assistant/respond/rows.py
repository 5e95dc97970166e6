"""Rows of THE TABLE (transitions.py) that states outside of a step share: safety words first, then what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from assistant.messages import Intent, Said
from assistant.respond import (
    adjust,
    answers,
    asking,
    checking,
    choosing,
    confirming,
    courtesy,
    emergency,
    ending,
    flow,
    health,
    hold_questions,
    holds,
    starting,
)
from assistant.respond.replies import Transition
from assistant.routine import Library

Handler: TypeAlias = Callable[[Any, Said, Library], Transition]
TableRow: TypeAlias = Mapping[Intent, Handler]

SAFETY: TableRow = {
    Intent.STOP: holds.stop,
    Intent.PAIN: holds.pain,
    Intent.TOO_HARD: hold_questions.too_hard,
    Intent.RED_FLAG: emergency.urgent,
    Intent.EMERGENCY: emergency.emergency,
    Intent.PAUSE: holds.pause,
}

COMFORT: TableRow = {
    Intent.REPEAT: flow.repeat,
    Intent.LOUDER: adjust.louder,
    Intent.QUIETER: adjust.quieter,
    Intent.HELP: answers.help_here,
    Intent.END_SESSION: ending.end_session,
}

ANYWHERE: TableRow = {
    **SAFETY,
    **COMFORT,
    Intent.TALK_LESS: adjust.talk_less,
    Intent.TALK_MORE: adjust.talk_more,
    Intent.SLEEP: holds.sleep,
    Intent.HEALTH: health.told,
    Intent.THANKS: courtesy.thanks,
}

WHILE_QUIET: TableRow = {
    **ANYWHERE,
    Intent.EXPERT_ADVICE: answers.expert_advice,
    Intent.SPEAK_SLOWER: adjust.speak_slower,
    Intent.SPEAK_FASTER: adjust.speak_faster,
    Intent.MIC_CHECK: answers.mic_check,
    Intent.WHAT_HEARD: answers.what_heard,
}

STARTING: TableRow = {
    Intent.LIST_ROUTINES: answers.list_routines,
    Intent.START_ROUTINE: starting.start_routine,
    Intent.CHOOSE: choosing.choose,
    Intent.GO_TO: choosing.choose_one,
    Intent.WHATS_IN_IT: choosing.whats_in_it,
    Intent.TIME_LEFT: choosing.how_long,
    Intent.ASK: asking.ask,
}

CHOOSING: TableRow = {
    **WHILE_QUIET,
    **STARTING,
    Intent.READY: starting.start_usual,
    Intent.START_USUAL: starting.start_usual,
    Intent.SHORT_SESSION: starting.short_session,
    Intent.RESUME_LAST: starting.nothing_to_resume,
    Intent.HISTORY: answers.history,
    Intent.FORGET_ME: confirming.ask_forget,
    Intent.WAIT_FOR: holds.wait_for,
}

IN_THE_CHECK: TableRow = {
    **WHILE_QUIET,
    Intent.YES: checking.yes,
    Intent.NO: checking.no,
    Intent.MAYBE: checking.maybe,
    Intent.CHANGE_ANSWER: checking.change,
    Intent.DOCTOR_AGREED: checking.doctor,
    Intent.MORE_DETAIL: checking.explain,
    Intent.SLOWER: adjust.speak_slower,
    Intent.FASTER: adjust.speak_faster,
    Intent.WAIT_FOR: holds.wait_for,
    Intent.PAIN: checking.pain,
    Intent.HEALTH: checking.health,
    Intent.ASK: asking.ask,
}

AT_THE_END: TableRow = {
    **SAFETY,
    Intent.PAIN: emergency.urgent,
    Intent.TOO_HARD: emergency.urgent,
    **COMFORT,
    Intent.SPEAK_SLOWER: adjust.speak_slower,
    Intent.SLOWER: adjust.speak_slower,
    Intent.END_SESSION: emergency.leave_urgent,
}
