"""All sets of answers to the safety questions, and everywhere that a person with these answers can get to."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from assistant.respond.dialogue import advance
from assistant.respond.places import place_of
from assistant.respond.states import EndedUrgent, State
from assistant.screening import ENDS_IT
from tests.fakes.answer_walk import GATES, events, nodes_from

QUESTIONS = ("nerves", "chest-accident", "unwell", "bones-blood", "clot", "legs", "skin")
ANSWERS = [
    {**dict(zip(QUESTIONS, given, strict=True)), "since": "yes" if "yes" in given else "no"}
    for given in product(("yes", "no"), repeat=len(QUESTIONS))
]


@pytest.fixture(scope="module", params=GATES)
def walk(request, small):
    """Every node that can be reached from this gate."""
    return request.param, nodes_from(small, request.param)


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
    assert reached == [] or gate != "never"


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
