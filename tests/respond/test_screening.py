"""All sets of answers to the safety questions, and everywhere that a person with these answers can get to.

One walk from every gate: the dialogue is tried with every word, silence, breakdown, sleep and crash in each state. The
person's answers are not fixed beforehand: the first time a question is answered, the walk goes on with both answers,
and later only with the same one. So a state belongs to all sets of answers that agree with what was answered so far.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import product
from typing import get_args

import pytest

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
from assistant.screening import ENDS_IT
from tests.fakes.checks import CHECKS

QUESTIONS = ("nerves", "chest-accident", "unwell", "bones-blood", "clot", "legs", "skin")
ANSWERS = [
    {**dict(zip(QUESTIONS, given, strict=True)), "since": "yes" if "yes" in given else "no"}
    for given in product(("yes", "no"), repeat=len(QUESTIONS))
]
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


@pytest.fixture(scope="module", params=GATES)
def walk(request, small):
    """Every node that can be reached from this gate, with and without a session that was left at a leg step."""
    left = snapshot_of(place_at(small, "full", 1), Talk())
    waiting = deque(
        begin(small, frozenset(CHECKS[request.param].items()), saved, frozenset()) for saved in (None, left)
    )
    met, known = {}, {}
    while waiting:
        node = waiting.popleft()
        if key(node) not in met:
            met[key(node)] = node
            waiting.extend(around(node, small, known, request.param))
    return request.param, list(met.values())


def steps(nodes, library, given):
    """The techniques that somebody with these answers is taught, counted or held at: (id, works on a leg)."""
    found = set()
    for node in nodes:
        place = place_of(node.state)
        if place is not None and node.answers <= set(given.items()):
            technique = library.techniques[library.routines[place.routine].steps[place.step].technique]
            found.add((technique.id, technique.works_on_leg))
    return found


def test_the_questions_are_those_of_the_file(library):
    """A question more or less must be seen by this test."""
    assert tuple(question.id for question in library.screening.questions) == QUESTIONS
    assert len(ANSWERS) == 2 ** len(QUESTIONS)


def test_no_leg_step_is_reached_with_a_leg_contraindication(walk, small):
    """Of all sets of answers those with a yes about legs reach no leg step, from any gate, by any way."""
    gate, nodes = walk
    sets = [given for given in ANSWERS if "yes" in {given["legs"], given["clot"]}]
    sets += ANSWERS if gate == "passed_no_leg" else []

    reached = {tuple(given.items()): [one for one, is_leg in steps(nodes, small, given) if is_leg] for given in sets}

    if gate != "passed_no_leg":
        assert {tuple(one) for one in reached.values()} <= {()}
    else:  # answered within a day: not asked again, so closed for everybody until they are asked anew
        today = [node for node in nodes if ("legs_closed", 60.0) in node.checks and not node.answers]
        assert [one for one, is_leg in steps(today, small, {}) if is_leg] == []


def test_no_step_is_reached_with_an_answer_that_ends_the_session(walk, small):
    """Of all sets of answers those with an emergency or a doctor's question reach no step at all."""
    gate, nodes = walk
    asked = [question for question in small.screening.questions if question.asked_for != ("legs",)]
    ends = {question.id for question in asked if question.if_yes in ENDS_IT}
    sets = [given for given in ANSWERS if any(given[one] == "yes" for one in ends)]

    reached = [given for given in sets if steps(nodes, small, given)]

    assert len(sets) == 2 ** len(QUESTIONS) - 2 ** (len(QUESTIONS) - len(ends))
    assert reached == [] or gate not in {"never", "old"}


def test_somebody_who_says_no_to_all_reaches_every_step(walk, small):
    """The walk goes far enough to mean something."""
    _, nodes = walk
    healthy = dict.fromkeys((*QUESTIONS, "since"), "no")

    reached = steps(nodes, small, healthy)

    assert {one for one, _ in reached} >= {"gate-of-life"}
    assert ("leg-pinch", True) in reached


def test_every_kind_of_state_is_met(walk):
    """Nothing is left out but the advice, the lesson, the rating, and a feeling that nobody asks for here."""
    _, nodes = walk
    kinds = {type(node.state).__name__ for node in nodes}

    assert {kind.__name__ for kind in get_args(State)} - kinds <= {
        "Opening",
        "Advising",
        "Teaching",
        "PaceAsked",
        "Rating",
        "NotToday",
        "FeelingAsked",
    }


def test_a_red_flag_is_the_end_also_over_a_crash(walk, small):
    """Its state is never left, the place is gone, and the next start asks everything anew."""
    gate, nodes = walk
    ended = [node for node in nodes if isinstance(node.state, EndedUrgent)]

    assert ended
    assert {(node.saved, node.checks) for node in ended} == {(None, frozenset())}
    for node in ended:
        states = {type(advance(node.state, event, small)[0]) for event in events(node.state, gate)}
        assert states == {EndedUrgent}
