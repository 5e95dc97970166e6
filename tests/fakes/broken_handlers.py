"""Handlers and rules of the dialogue that are taken away or broken: each must be found by its own invariant."""

from __future__ import annotations

from assistant.messages import Intent
from assistant.respond import (
    checking,
    confirming,
    dialogue,
    doses,
    dosing,
    flow,
    holds,
    places,
    safety,
    silence,
    starting,
    transitions,
)
from assistant.respond.states import AskedBack, Counting, PainAsked, PainHold, PauseAsked, Paused, Screening


def nothing(state, said, library):
    """A handler that was taken away."""
    return state, ()


def no_keep(before, after):
    """Nothing is put on disk."""
    return ()


def legs_too(library, goal, talk):
    """No leg step is closed; one that hurt twice is."""
    return tuple(step for step in goal.steps if not safety.has_hurt_enough(talk, library, goal.routine, step))


def two_further(state, place, library):
    """Goes on, but two numbers too far."""
    return flow.lead(state.talk, flow.counted(place, place.n + 2), *flow.leading(library, place), has_count_in=True)


def any_no(state, said, library):
    """Every kind of no goes on, also an early one."""
    return checking._onward(state, "no", said, library)


def no_plan(state):
    """Silence means nothing."""
    return ()


def no_warning(library, place):
    """No caution must still be heard."""
    return ()


def never_enough(talk, library, routine, step):
    """Leave a step open that hurt twice: a fault that must be caught."""
    return False


BROKEN = {
    "stop in counting": (lambda patch: patch_row(patch, Counting, Intent.STOP, nothing), "2: "),
    "red flag in a pause": (lambda patch: patch_row(patch, Paused, Intent.RED_FLAG, holds.stop), "7: "),
    "no question in a pause": (lambda patch: patch_row(patch, Paused, Intent.YES, holds.resume), "12: "),
    "all is well": (lambda patch: patch_row(patch, PauseAsked, Intent.YES, holds.resume), "12: "),
    "a yes to a doubt": (lambda patch: patch_row(patch, AskedBack, Intent.YES, nothing), "2: "),
    "an exact no": (lambda patch: patch_row(patch, Screening, Intent.NO, any_no), "5: an early no"),
    "keeping": (lambda patch: patch.setattr(dialogue, "_keeping", no_keep), "6: "),
    "the leg filter": (lambda patch: patch.setattr(starting, "open_steps", legs_too), "5: a leg step"),
    "the number after a pause": (lambda patch: patch.setattr(holds, "resume_at", two_further), "4: "),
    "the cautions": (lambda patch: patch.setattr(places, "warning", no_warning), "13: "),
    "the end of silence": (lambda patch: patch.setattr(silence, "plan_for", no_plan), "9: "),
    "the wait after pain": (
        lambda patch: [patch.setitem(silence.AFTER, kind, ((20.0, silence.leave),)) for kind in (PainHold, PainAsked)],
        "15: ",
    ),
    "an answer to who waits": (lambda patch: patch_row(patch, Paused, Intent.WHERE_AM_I, nothing), "16: "),
    "the second pain": (
        lambda patch: [patch.setattr(room, "has_hurt_enough", never_enough) for room in (doses, dosing, confirming)],
        "5: a step that hurt twice",
    ),
}


def patch_row(patch, kind, intent, handler):
    """Another handler in one row of the table; the ear listens for it."""
    patch.setitem(transitions.TABLE, kind, {**transitions.TABLE[kind], intent: handler})
    patch.setitem(transitions._LEGAL, kind, transitions._LEGAL[kind] | {intent})
