"""Rules of the safety questions: which are due, and which steps stay closed. The dialogue is in checking.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.messages import Area, Check, Past
from assistant.respond.dialogue_context import Goal, Line
from assistant.respond.gate import CHECKED, UNCHANGED, Gate, gate_of
from assistant.respond.replies import line
from assistant.respond.states import Screening, Talk
from assistant.routine import Library
from assistant.screening import Question

SINCE = "since"
"""The id of the one question after a day."""
MOST_PAINS = 2  # a second pain ends work on a technique (docs/safety.md, "Stop rules")


def areas_of(library: Library, goal: Goal) -> tuple[Area, ...]:
    """Return the areas that a goal touches, the general one first."""
    on_leg = {works_on_leg(library, goal.routine, step) for step in goal.steps}
    return ("general", *(("back",) if False in on_leg else ()), *(("legs",) if True in on_leg else ()))


def questions_for(talk: Talk, library: Library, goal: Goal) -> tuple[str, ...]:
    """Return the ids of the questions that are due before this goal; none when they were passed."""
    needed = areas_of(library, goal)
    closed = [area for area in needed if talk.gate.of(area) == "closed"]
    since = [SINCE] if any(talk.gate.of(area) == "changes" for area in needed) else []
    return (*since, *(one for one in _in_full(library, closed) if not is_agreed(talk, library, one)))


def all_questions(library: Library, goal: Goal) -> tuple[str, ...]:
    """Return every question of a goal: something has changed, so nothing that was passed counts."""
    return _in_full(library, areas_of(library, goal))


def _in_full(library: Library, closed: Sequence[Area]) -> tuple[str, ...]:
    return tuple(one.id for one in library.screening.due(closed))


def is_agreed(talk: Talk, library: Library, question: str) -> bool:
    """True if a doctor agreed to what this question asks; each doctor's word counts for what was asked then."""
    verdict = library.screening.named(question).if_yes
    return (verdict == "ask_doctor" and talk.gate.has_doctor) or (verdict == "no_leg" and talk.gate.has_doctor_for_legs)


def passing(state: Screening, library: Library) -> tuple[Check, ...]:
    """Return what was passed: areas in full, or without changes; legs that an answer closed; a doctor's word."""
    given = dict(state.answers)
    verdicts = {library.screening.named(name).if_yes: answer for name, answer in state.answers}
    checks: list[Check] = []
    for area in areas_of(library, state.goal):
        now = state.talk.gate.of(area)
        is_in_full = now == "closed" or given.get(SINCE) == "yes"
        if is_in_full:
            checks.append(CHECKED[area])
        elif now == "changes" and given.get(SINCE) == "no":
            checks.append(UNCHANGED[area])
    if verdicts.get("no_leg") == "yes":
        checks.append("legs_closed")
    checks += ["doctor_agreed"] * (verdicts.get("ask_doctor") == "doctor")
    checks += ["doctor_agreed_legs"] * (verdicts.get("no_leg") == "doctor")
    return tuple(checks)


def aged(talk: Talk, at_s: float) -> Talk:
    """Return the talk with the gate as it is now; the same where nothing has changed."""
    gate = gate_of(talk.checks, at_s)
    return talk if gate == talk.gate else replace(talk, gate=gate)


def knowing(talk: Talk, checks: Mapping[Check, float], at_s: float) -> Talk:
    """Return the talk with more that was passed, at these times of the session."""
    return aged(replace(talk, checks={**talk.checks, **checks}), at_s)


def slept(talk: Talk, seconds: float) -> Talk:
    """Return the talk after a standstill, which the session's time does not count."""
    return replace(talk, checks={check: at_s - seconds for check, at_s in talk.checks.items()})


def forgotten(talk: Talk) -> Talk:
    """Return the talk of somebody of whom nothing is known any more: all questions are asked."""
    return replace(talk, checks={}, gate=Gate(), past=Past())


def open_steps(library: Library, goal: Goal, talk: Talk) -> tuple[int, ...]:
    """Return the goal's open steps: none of an area without a clear "no" to its questions, or that hurt twice."""
    if talk.gate.general != "open":
        return ()
    steps = (step for step in goal.steps if not has_hurt_enough(talk, library, goal.routine, step))
    return tuple(step for step in steps if talk.gate.of(area_of(library, goal.routine, step)) == "open")


def area_of(library: Library, routine: str, step: int) -> Area:
    """Return the area that a step works on."""
    return "legs" if works_on_leg(library, routine, step) else "back"


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
    return library.screening.named(state.questions[0])


def asking(state: Screening, library: Library) -> tuple[Line, ...]:
    """Return the sentences of the open question."""
    texts = open_question(state, library).words[library.language]
    if state.questions[0] == SINCE and state.talk.gate.legs in {"changes", "open"} and touches_leg(library, state.goal):
        texts = (*texts, *library.screening.since_legs[library.language])
    return tuple(line("line", text=text) for text in texts)


def explaining(state: Screening, library: Library) -> tuple[Line, ...]:
    """Return the open question in other words."""
    return tuple(line("line", text=text) for text in open_question(state, library).explained[library.language])
