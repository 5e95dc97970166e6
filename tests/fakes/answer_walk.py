"""Everywhere that a person can get to, from each gate of the safety check, with any answers to its questions.

The dialogue is tried with every word, silence, breakdown, sleep and crash in each state. The person's answers are not
fixed beforehand: the first time a question is answered, the walk goes on with both answers, and later only with the
same one. So a state belongs to all sets of answers that agree with what was answered so far.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import get_args

from assistant.messages import (
    Began,
    Check,
    Due,
    Failed,
    ForgetEverything,
    Intent,
    Keep,
    Perhaps,
    Remember,
    Said,
    VoiceEnded,
)
from assistant.respond.counting import BEAT, COUNT_END
from assistant.respond.dialogue import GET_READY, advance
from assistant.respond.holds import REST
from assistant.respond.places import place_at, place_of
from assistant.respond.silence import QUIET
from assistant.respond.snapshot import snapshot_of
from assistant.respond.states import (
    AskedBack,
    Asleep,
    Confirm,
    Counting,
    EndedUrgent,
    NotToday,
    Opening,
    PainAsked,
    PainHold,
    PauseAsked,
    Paused,
    ReadyPrompt,
    Screening,
    State,
    Talk,
)
from assistant.respond.transitions import legal
from tests.fakes.checks import CHECKS

GATES = ("never", "passed_back", "passed_no_leg")
ANSWERS_AND_WORDS_ABOUT = {Intent.YES, Intent.NO, Intent.MAYBE, Intent.CHANGE_ANSWER, Intent.DOCTOR_AGREED}
MOVES_NOBODY = {  # answers and settings: tests/respond/test_table.py
    *(Intent.LOUDER, Intent.QUIETER, Intent.SPEAK_SLOWER, Intent.SPEAK_FASTER, Intent.TALK_LESS, Intent.TALK_MORE),
    *(Intent.SLOWER, Intent.FASTER, Intent.NORMAL_SPEED, Intent.HOW_MANY_LEFT, Intent.WHAT_COUNT, Intent.WHICH_SIDE),
    *(Intent.STEPS_LEFT, Intent.TIME_LEFT, Intent.WHERE_AM_I, Intent.WHATS_NEXT, Intent.HOW_HARD, Intent.MIC_CHECK),
    *(Intent.EXPERT_ADVICE, Intent.WHAT_HEARD, Intent.HISTORY, Intent.LIST_ROUTINES, Intent.MORE_DETAIL, Intent.HELP),
    *(Intent.PAUSE, Intent.TOO_HARD, Intent.HEALTH),  # a fact only closes: journeys told-*
    Intent.CHANGE_ANSWER,  # asks all anew behind the check, which doubled the walk: tests/fakes/check_people.py
}
SLOTS = {
    Intent.GO_TO: ({"number": 1}, {"number": 2}, {"number": -1}, {"technique": "leg pinch"}),
    Intent.START_ROUTINE: ({"routine": "evening"}, {"routine": "legs"}, {"routine": "lower back"}),
    Intent.CHOOSE: ({"only": "leg pinch"}, {"without": "legs"}),
    Intent.SHORT_SESSION: ({"duration": 300},),
    Intent.PICK_SIDE: ({"side": "left"}, {"side": "right"}),
    Intent.FEWER_REPS: ({"number": 1},),
    Intent.RATE_PAIN: ({"number": 4},),
    Intent.ASK: ({"topic": "posture"},),
}
HOLDS = (Paused, PauseAsked, PainHold, PainAsked, Asleep, AskedBack, Confirm)
"""Sleep and a doubt in a hold are tried in tests/respond/test_doubts.py and sessions/: here they doubled the walk. In
a safety check they are tried from the first gate only, where all of it is asked."""
TIMES = {Counting: (BEAT, COUNT_END), Paused: (QUIET, REST), ReadyPrompt: (QUIET, GET_READY)}


@dataclass(frozen=True)
class Node:
    """A person's place, what is on disk, and the answers so far."""

    state: State
    saved: object
    checks: frozenset[tuple[str, float]]
    answers: frozenset[tuple[str, str]]


def begin(library, checks, saved, answers):
    began = Began(at_s=0.0, routine="full", usual="full", checks=dict(checks), saved=saved)
    state, effects = advance(Opening(), began, library)
    return after(Node(Opening(), saved, frozenset(checks), answers), state, kept(effects))


def kept(effects):
    """Those of the effects that change what is on disk."""
    return tuple(
        effect
        for effect in effects
        if isinstance(effect, (Keep, ForgetEverything))
        or (isinstance(effect, Remember) and (effect.fact == "screening_failed" or effect.fact in get_args(Check)))
    )


def after(node, state, effects, answers=None):
    """The node after some effects; what is passed now is a minute old at the next start."""
    saved, checks = node.saved, node.checks
    for effect in effects:
        if isinstance(effect, Keep):
            saved = effect.saved
        elif isinstance(effect, ForgetEverything):
            saved, checks = None, frozenset()
        elif effect.fact == "screening_failed":
            checks = frozenset()
        else:
            checks = frozenset((dict(checks) | {effect.fact: 60.0}).items())
    return Node(state, saved, checks, node.answers if answers is None else answers)


def events(state, gate):
    """Everything that can happen here, but exact answers to a safety question."""
    is_held = isinstance(state, HOLDS) or (gate != GATES[0] and isinstance(state, Screening))
    for intent in legal(state) - MOVES_NOBODY - ({Intent.SLEEP} if is_held else set()):
        if intent not in ANSWERS_AND_WORDS_ABOUT or not isinstance(state, (Screening, NotToday, EndedUrgent)):
            yield from (Said(at_s=9.0, intent=intent, slots=slots, text="x") for slots in SLOTS.get(intent, ({},)))
    if isinstance(state, Screening):
        yield Perhaps(at_s=9.0, intent=Intent.NO, text="no wait")
    last = getattr(state, "awaiting", state.talk.next_utterance - 1)
    yield VoiceEnded(at_s=9.0, utterance=last, is_finished=True)
    yield from (Due(at_s=99.0, tag=tag) for tag in TIMES.get(type(state), (QUIET,)))
    yield Failed(at_s=9.0, room="capture", reason="gone")
    if not is_held:
        yield Perhaps(at_s=9.0, intent=Intent.STOP, text="x")


def moves(state, library, gate):
    """Yield every state that is one event away, the effects, and the answer that leads there; None for none."""
    for event in events(state, gate):
        yield *advance(state, event, library), None
    if isinstance(state, Screening):
        for text in ("yes", "no"):
            moved, effects = advance(state, Said(at_s=9.0, intent=Intent(text), text=text), library)
            is_answered = moved is not state and (text == "yes" or state.is_open)
            yield moved, effects, (state.questions[0], text, is_answered)


def around(node, library, known, gate):
    """All nodes one event away. `known`: the moves from each shape of a state; answers matter until it has a place."""
    checks = frozenset(node.state.talk.checks.items())
    kind = shape(node.state), checks, None if place_of(node.state) else node.answers
    if kind not in known:
        ways = {}
        for state, effects, answer in moves(node.state, library, gate):
            changes = kept(effects)
            ways.setdefault((shape(state), told(changes), answer), (state, changes, answer))
        known[kind] = list(ways.values())
    for state, effects, answer in known[kind]:
        question, text, is_answered = answer or (None, None, False)
        if dict(node.answers).get(question, text) == text:
            yield after(node, state, effects, node.answers | {(question, text)} if is_answered else None)
    crash = saved_at(node.saved), node.checks, node.answers  # and the next start; days: test_check_sets.py
    if crash not in known:
        known[crash] = begin(library, node.checks, node.saved, node.answers)
        yield known[crash]


def told(effects):
    """The effects as far as a node tells them apart."""
    return tuple(saved_at(one.saved) if isinstance(one, Keep) else getattr(one, "fact", one) for one in effects)


def shape(state):
    """Return what may matter for the next events: not counts, numbers of questions, or wordings."""
    place = place_of(state) or getattr(state, "left", None)
    goal = getattr(state, "goal", None)
    inner = getattr(state, "back", None) or getattr(state, "before", None)
    undo = {(one.place.routine, one.place.step) for one in state.talk.undo[:1] if one.place}
    return (
        type(state).__name__,
        state.talk.gate,
        frozenset(undo) if place else None,
        (place.routine, place.steps, place.at) if place else None,
        (goal.routine, goal.steps, goal.place is not None) if goal else None,
        getattr(state, "questions", None),
        getattr(state, "is_open", None),
        getattr(state, "goes_on", None),
        shape(replace(inner, talk=state.talk)) if inner else None,
    )


def saved_at(saved):
    return (saved["routine"], saved["steps"][saved["at"]]) if saved else None


def key(node):
    return shape(node.state), saved_at(node.saved), node.checks, node.answers


def nodes_from(library, gate):
    """Return every node that can be reached from this gate, with and without a session that was left at a leg step."""
    left = snapshot_of(place_at(library, "full", 1), Talk())
    waiting = deque(begin(library, frozenset(CHECKS[gate].items()), saved, frozenset()) for saved in (None, left))
    met, known = {}, {}
    while waiting:
        node = waiting.popleft()
        if key(node) not in met:
            met[key(node)] = node
            waiting.extend(around(node, library, known, gate))
    return list(met.values())
