"""Rules of the safety questions: which are due, and which steps stay closed. The dialogue is in checking.py."""

from __future__ import annotations

from assistant.respond.dialogue_context import Gate, Goal, Line
from assistant.respond.replies import line
from assistant.respond.states import Screening, Talk
from assistant.routine import Library
from assistant.screening import Question

CLOSED: frozenset[Gate] = frozenset({"closed", "old"})
MOST_PAINS = 2  # a second pain ends work on a technique (docs/safety.md, "Stop rules")


def questions_for(talk: Talk, library: Library, goal: Goal) -> tuple[str, ...]:
    """Return the ids of the questions that are due before this goal; none when they were passed."""
    is_leg = touches_leg(library, goal)
    if talk.gate in CLOSED:
        due = library.screening.due(is_old=talk.gate == "old", touches_leg=is_leg)
    elif talk.gate == "back" and is_leg:
        due = tuple(question for question in library.screening.questions if question.about_legs)
    else:
        due = ()
    return tuple(question.id for question in due)


def open_steps(library: Library, goal: Goal, talk: Talk) -> tuple[int, ...]:
    """Return the goal's open steps: no leg without an exact "no" to its questions, and nothing that hurt twice."""
    if talk.gate in CLOSED:
        return ()
    steps = (step for step in goal.steps if not has_hurt_enough(talk, library, goal.routine, step))
    return tuple(step for step in steps if talk.gate == "open" or not works_on_leg(library, goal.routine, step))


def has_hurt_enough(talk: Talk, library: Library, routine: str, step: int) -> bool:
    """True after a second pain with a technique, which ends work on it for this session."""
    return talk.hurt.count(library.routines[routine].steps[step].technique) >= MOST_PAINS


def touches_leg(library: Library, goal: Goal) -> bool:
    """True if any step of the goal works on a leg."""
    return any(works_on_leg(library, goal.routine, step) for step in goal.steps)


def works_on_leg(library: Library, routine: str, step: int) -> bool:
    """True if this step of the routine works on a leg."""
    return library.techniques[library.routines[routine].steps[step].technique].works_on_leg


def open_question(state: Screening, library: Library) -> Question:
    """Return the question that waits for an answer."""
    return next(question for question in library.screening.questions if question.id == state.questions[0])


def asking(state: Screening, library: Library) -> tuple[Line, ...]:
    """Return the sentences of the open question."""
    texts = open_question(state, library).words[library.language]
    return tuple(line("line", text=text) for text in texts)
