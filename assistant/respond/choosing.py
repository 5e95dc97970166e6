"""The choice of techniques: some of them by name, without a part, another routine in the middle, and what is in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.durations import minutes_of
from assistant.messages import Intent, Said, Slots
from assistant.respond import flow
from assistant.respond.answers import time_left
from assistant.respond.dialogue_context import Goal, Line, Place
from assistant.respond.doses import ledger_of, taken_up
from assistant.respond.holds import again, hold, unasked
from assistant.respond.ledger import tally
from assistant.respond.places import place_of
from assistant.respond.replies import MOST_NAMES, Transition, answer, ask, ask_now, line, listed, silently, tell
from assistant.respond.routine_lines import introduction, is_begun, lasting, names_of, size_of
from assistant.respond.safety import area_of, works_on_leg
from assistant.respond.starting import goal_of, start_goal, toward, whole
from assistant.respond.states import (
    Advising,
    Confirm,
    Counting,
    Finished,
    Idle,
    Leading,
    Offered,
    OwnPace,
    PaceAsked,
    PainHold,
    Paused,
    ResumeOffer,
    State,
    Talk,
    Teaching,
    WithPlace,
)
from assistant.routine import Library

LEGS = "legs"  # the part of the body that can be left out (lists.yaml, part)


def choose(state: Idle | Offered | Finished | Advising, said: Said, library: Library) -> Transition:
    """Start what was chosen by name; a routine without a part of it is offered first."""
    if "which" in said.slots:
        return answer(state, line("which_one"))
    goal = chosen(said.slots, _on_offer(state, library), library)
    if isinstance(goal, Line):
        return answer(state, goal)
    if isinstance(state, Advising) or "only" in said.slots or "routine" in said.slots:
        return start_goal(state, library, goal)
    offered = Offered(talk=state.talk, routine=goal.routine, goal=goal)
    return ask_now(offered, *introduction(library, goal), line("say_start"))


def choose_one(state: Idle | Offered | Finished | Advising, said: Said, library: Library) -> Transition:
    """Start one technique, by its name or by its number in the routine on offer."""
    name = str(said.slots.get("technique", said.slots.get("number", "")))
    return choose(state, replace(said, slots={"only": name}), library)


def choose_here(state: WithPlace, said: Said, library: Library) -> Transition:
    """Leave techniques out of what is still to come, or leave the routine for what was chosen."""
    place = state.place
    if "which" in said.slots:
        return answer(state, line("which_one"))
    if place is None:
        return _start_behind(state, said.slots, library)
    if not {"only", "routine"} & set(said.slots):
        return _without(state, place, library, _names(said.slots, "without"))
    goal = chosen(said.slots, goal_of(place, again=True), library)
    return answer(state, goal) if isinstance(goal, Line) else _instead(state, place, library, goal)


def go_to(state: WithPlace, said: Said, library: Library) -> Transition:
    """Go to a step; a technique that only other routines have is done by itself, if its area is not shut."""
    place = state.place
    technique = library.technique_called(str(said.slots.get("technique", "")))
    if place is None or technique is None or _has(library, place.routine, technique):
        return flow.go_to(state, said, library)
    goal = chosen({"only": technique}, goal_of(place, again=True), library)
    if isinstance(goal, Line) or state.talk.gate.of(area_of(library, goal.routine, goal.steps[0])) == "shut":
        return flow.go_to(state, said, library)
    return _instead(state, place, library, goal)


def start_other(state: WithPlace, said: Said, library: Library) -> Transition:
    """Leave the routine for another one; its place is kept. Asks first where a count would be left."""
    if state.place is None:
        return _start_behind(state, said.slots, library)
    routine = library.routine_called(str(said.slots.get("routine", "")))
    if routine is None:
        return answer(state, line("unknown_routine"))
    return _instead(state, state.place, library, whole(routine, library))


def leave_for(talk: Talk, library: Library, goal: Goal, *before: Line) -> Transition:
    """Begin the other goal, once the safety questions that are due for it are answered."""
    if goal.place is not None:  # back to what was left
        talk = taken_up(replace(talk, ledger=(), earlier=ledger_of(talk)), library, goal.place)
    talk, says = tell(talk, *before)
    after, effects = toward(talk, library, goal)
    return silently((after, (*says, *effects)))


def whats_in_it(state: State, said: Said, library: Library) -> Transition:
    """Name the techniques of the routine that was named, or of the one on offer or in progress."""
    goal = _asked_about(state, said, library)
    if goal is None:
        return answer(state, line("unknown_routine"))
    size = size_of(library, replace(goal, is_chosen=False))
    if isinstance(state, Counting):
        return answer(state, size[0])
    names = names_of(library, goal.routine, goal.steps)
    groups = [names[i : i + MOST_NAMES] for i in range(0, len(names), MOST_NAMES)]
    return answer(state, *size, *(listed("in_it" if i == 0 else "then", group) for i, group in enumerate(groups)))


def how_long(state: State, said: Said, library: Library) -> Transition:
    """Say the length of the routine that was named or is on offer; else the time that is left."""
    place = place_of(state)
    if place is not None and library.routine_called(str(said.slots.get("routine", ""))) in {None, place.routine}:
        return time_left(state, said, library)  # type: ignore[arg-type]  # a place: a step
    goal = _asked_about(state, said, library)
    if goal is None:
        return answer(state, line("unknown_routine"))
    return answer(state, lasting(minutes_of(library, goal.routine, goal.steps, goal.each)))


def chosen(slots: Slots, base: Goal, library: Library) -> Goal | Line:
    """Return the goal that was chosen from a routine; the reason where there is none."""
    if "routine" in slots:
        routine = library.routine_called(str(slots["routine"]))
        if routine is None:
            return line("unknown_routine")
        base = whole(routine, library)
    goal: Goal | None = base
    if "only" in slots:
        goal = _only(_names(slots, "only"), base, library)
    if goal is None:
        return line("not_known")
    without = _left_out(_names(slots, "without"), base, library)
    steps = tuple(step for step in goal.steps if not _is_named(library, goal.routine, step, without))
    if not steps:
        return line("nothing_chosen")
    each = int(slots["number"]) if "number" in slots else None
    is_part = bool({"only", "without"} & set(slots))
    return replace(goal, steps=steps, each=each, is_chosen=is_part or base.is_chosen)


def _has(library: Library, routine: str, technique: str) -> bool:
    return any(step.technique == technique for step in library.routines[routine].steps)


def _names(slots: Slots, key: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in str(slots.get(key, "")).split(",") if one.strip())


def _only(names: Sequence[str], base: Goal, library: Library) -> Goal | None:
    """Return the goal with the techniques of these names or numbers, in the order in which they were said."""
    wanted = [_technique(name, base, library) for name in names]
    known = list(dict.fromkeys(one for one in wanted if one is not None))
    routine = _routine_with(library, known, base.routine) if known and None not in wanted else None
    if routine is None:
        return None
    order = [step.technique for step in library.routines[routine].steps]
    return Goal(routine=routine, steps=tuple(order.index(one) for one in known))


def _routine_with(library: Library, techniques: Sequence[str], first: str) -> str | None:
    """Return the routine with all these techniques: the first one if it has them, else the longest; or None."""
    by_size = sorted(library.routines.values(), key=lambda one: -len(one.steps))
    for routine in (library.routines[first], *by_size):
        if set(techniques) <= {step.technique for step in routine.steps}:
            return routine.id
    return None


def _technique(name: str, base: Goal, library: Library) -> str | None:
    """Return the id of a technique by its name, or by its number, counted from 1; -1 is the last."""
    if not name.lstrip("-").isdecimal():
        return library.technique_called(name)
    number, steps = int(name), base.steps
    at = len(steps) + number if number < 0 else number - 1
    return library.routines[base.routine].steps[steps[at]].technique if 0 <= at < len(steps) else None


def _left_out(names: Sequence[str], base: Goal, library: Library) -> tuple[str, ...]:
    """Return what to leave out: the legs, and techniques by name or by number, as ids."""
    return tuple(one if one == LEGS else _technique(one, base, library) or "" for one in names)


def _is_named(library: Library, routine: str, step: int, names: Sequence[str]) -> bool:
    technique = library.routines[routine].steps[step].technique
    is_leg = LEGS in names and works_on_leg(library, routine, step)
    return is_leg or technique in names


def _on_offer(state: State, library: Library) -> Goal:
    """Return the goal that "start" would begin here."""
    if isinstance(state, Offered) and state.goal is not None:
        return state.goal
    if isinstance(state, ResumeOffer):
        return goal_of(state.left, again=True)
    here = state.after if isinstance(state, (Teaching, PaceAsked)) else state
    return whole(getattr(here, "routine", None) or state.talk.usual, library)


def _asked_about(state: State, said: Said, library: Library) -> Goal | None:
    if "routine" in said.slots:
        routine = library.routine_called(str(said.slots["routine"]))
        return None if routine is None else whole(routine, library)
    place = place_of(state)
    return _on_offer(state, library) if place is None else goal_of(place, again=True)


def _start_behind(state: WithPlace, slots: Slots, library: Library) -> Transition:
    """Start from a pause before anything began; the advice is still spoken first."""
    before = state.before if isinstance(state, Paused) else None
    if before is not None and not isinstance(before, (Idle, Offered, Finished, Advising)):
        return ask(hold(state), line("resume_or_end"))  # a yes to these words answers no question before them
    here = replace(before or Idle(talk=state.talk), talk=state.talk)
    wanted = chosen(slots, _on_offer(here, library), library)
    if isinstance(wanted, Line):
        return answer(state, wanted)
    if isinstance(before, Advising) and isinstance(state, Paused):
        return again(replace(before, routine=wanted.routine, left=None, goal=wanted), state)
    return start_goal(here, library, wanted)


def _without(state: WithPlace, place: Place, library: Library, names: Sequence[str]) -> Transition:
    """Leave techniques out of what is to come; the present one is left if it is among them."""
    named = _left_out(names, goal_of(place, again=True), library)
    out = [step for step in place.steps[place.at :] if _is_named(library, place.routine, step, named)]
    if not out:
        is_past = any(_is_named(library, place.routine, step, named) for step in place.steps[: place.at])
        return answer(state, line("is_past" if is_past else "not_in_routine"))
    later = tuple(step for step in place.steps[place.at + 1 :] if step not in out)
    shorter = replace(place, steps=(*place.steps[: place.at + 1], *later))
    if place.step in out:
        return silently(flow.leave_step(state, shorter, library, place.at + 1))
    told = listed("without", names_of(library, place.routine, out[:MOST_NAMES]))
    return answer(replace(state, place=shorter), told)


def _instead(state: WithPlace, place: Place, library: Library, goal: Goal) -> Transition:
    """Leave the routine for another goal; asks first where a count would be left, or after pain."""
    if goal == whole(place.routine, library) == goal_of(replace(place, aside=None, each=None), again=True):
        return answer(state, line("in_it_already", title=library.title(place.routine)))
    here = replace(place, aside=None, kept=state.talk.ledger) if is_begun(place) else None
    if place.aside is not None and goal == whole(place.aside.routine, library):
        goal = goal_of(place.aside)  # back to what was left
    goal = replace(goal, aside=here or place.aside if goal.place is None else here)
    talk = tally(state.talk, library, place)
    if not place.n and not isinstance(state, (Leading, Counting, OwnPace, PainHold)):
        kept = (line("place_kept", title=library.title(place.routine)),) if here else ()
        return leave_for(talk, library, goal, *kept)
    back = unasked(state) if isinstance(state, PainHold) else hold(state)
    goes_on = not isinstance(state, (Paused, PainHold))
    confirm = Confirm(talk=state.talk, back=back, does=Intent.START_ROUTINE, goes_on=goes_on, goal=goal)
    question = line("really_chosen") if goal.is_chosen else line("really_other", title=library.title(goal.routine))
    return ask_now(confirm, question)
