"""From the first word to the first technique: the advice, an unfinished session, the choice."""

from __future__ import annotations

from dataclasses import replace

from assistant.durations import best_fit, minutes_of
from assistant.messages import Began, Keep, Note, Said, SpeechRate
from assistant.respond.adjust import LEAST_RATE, LEAST_TEMPO, MOST_RATE, MOST_TEMPO
from assistant.respond.dialogue_context import Goal, Line, Place
from assistant.respond.doses import NIGHT_S, after_a_night, fitted, ledger_of, taken_up, with_place
from assistant.respond.ending import finish
from assistant.respond.flow import enter
from assistant.respond.places import instruction, place_at, technique_at, title
from assistant.respond.replies import (
    MINUTE_S,
    Transition,
    advise,
    answer,
    ask,
    instruct,
    line,
    silently,
)
from assistant.respond.routine_lines import introduction, left_lines
from assistant.respond.safety import SINCE, asking, has_hurt_enough, knowing, open_steps, questions_for, touches_leg
from assistant.respond.snapshot import carried_on, place_from
from assistant.respond.states import (
    Advising,
    Finished,
    Idle,
    Offered,
    PainAsked,
    PauseAsked,
    ResumeOffer,
    Screening,
    State,
    Talk,
    Teaching,
)
from assistant.routine import Library


def began(event: Began, library: Library) -> Transition:
    """Say the first words of a session: the advice to a new person, else an unfinished session, else the offer."""
    asks = event.asks_rating and not event.is_first_session
    rate = min(max(event.preferred.get("speech_rate", 100), LEAST_RATE), MOST_RATE)
    tempo = min(max(event.preferred.get("tempo", 100), LEAST_TEMPO), MOST_TEMPO)
    talk = Talk(
        rate=rate,
        tempo=tempo,
        usual=event.usual,
        past=event.past,
        asks_rating=asks,
        emergency=event.emergency_number,
    )
    talk = knowing(talk, {check: event.at_s - age_s for check, age_s in event.checks.items()}, event.at_s)
    after, effects = _first_words(event, talk, library)
    return after, effects if rate == Talk().rate else (SpeechRate(percent=rate), *effects)


def _first_words(event: Began, talk: Talk, library: Library) -> Transition:
    place = place_from(event.saved, library) if event.saved else None
    if place is not None:
        talk = carried_on(talk, event.saved or {}, place, technique_at(library, place).id)
        is_old = event.saved_age_s >= NIGHT_S
        talk = after_a_night(talk) if is_old else with_place(talk, library, place)
    if event.is_first_session:
        state = Advising(talk=talk, awaiting=0, routine=event.routine, left=place)
        hello = (line("hello"), line("advice_first"), line("advice_limits"))
        return advise(state, hello if event.can_save else (*hello, line("failed_journal")))
    after, effects = greet(talk, library, event.routine, place)
    return (after, effects) if event.can_save else answer(after, line("failed_journal"), *after.talk.last)


def advice() -> tuple[Line, ...]:
    """Return the sentences of the expert advice, in order, as they are asked for; a first session hears it in short."""
    return (line("advice_causes"), line("advice_guidance"), line("advice_limits"))


def after_advice(state: Advising, library: Library) -> Transition:
    """Let the words of safety be tried after the advice was heard to its end; not if the person has said start."""
    if state.goal is not None:
        return toward(state.talk, library, state.goal)
    return ask(Teaching(talk=state.talk, after=state), line("try_stop"))


def after_lesson(talk: Talk, advised: Advising, library: Library) -> Transition:
    """Continue the start of a first session after its lesson, in few words: it has heard many."""
    if advised.left is None and advised.routine is None:
        return ask(Idle(talk=talk), line("welcome_first", title=library.title(talk.usual)))
    if advised.left is None:
        return offer_shortly(talk, library, advised.routine or talk.usual)
    return greet(talk, library, advised.routine, advised.left)


def greet(talk: Talk, library: Library, routine: str | None, place: Place | None) -> Transition:
    """Offer the unfinished session, else the requested routine, else the usual one."""
    if place is not None:
        return offer_rest(ResumeOffer(talk=talk, left=place), library)
    if routine is not None:
        return offer(talk, library, routine)
    if talk.past.sessions:
        return ask(Idle(talk=talk), line("hello"), line("welcome_again"))
    return ask(Idle(talk=talk), line("hello"), welcome(talk, library))


def welcome(talk: Talk, library: Library) -> Line:
    """Return the question which routine to start."""
    return line("welcome", title=library.title(talk.usual))


def offer_rest(state: ResumeOffer, library: Library) -> Transition:
    """Say the person's place; offer to resume, restart or discard."""
    return ask(state, *left_lines(library, state.left))


def offer(talk: Talk, library: Library, routine: str | None, goal: Goal | None = None) -> Transition:
    """Name the routine, or the part of it that was chosen, and wait for "start"; without a routine, ask which one."""
    if routine is None:
        return ask(Idle(talk=talk), welcome(talk, library))
    if goal is None and talk.past.sessions:
        return offer_shortly(talk, library, routine)
    offered = Offered(talk=talk, routine=routine, goal=goal)
    return ask(offered, *introduction(library, goal or whole(routine, library)), line("say_start"))


def offer_shortly(talk: Talk, library: Library, routine: str) -> Transition:
    """Name the routine in one sentence, for who has heard it before or a lot already."""
    goal = whole(routine, library)
    minutes = minutes_of(library, routine, goal.steps)
    not_ours = (line("not_from_us"),) if library.routines[routine].is_users else ()
    offered = Offered(talk=talk, routine=routine)
    return ask(offered, *not_ours, line("offer_shortly", title=library.title(routine), minutes=minutes))


def whole(routine: str, library: Library) -> Goal:
    """Return a goal with all steps of a routine."""
    return Goal(routine=routine, steps=tuple(range(len(library.routines[routine].steps))))


def start_routine(state: State, said: Said, library: Library) -> Transition:
    """Start the routine that was named, without a second question, since the person asked for it."""
    routine = library.routine_called(str(said.slots.get("routine", "")))
    if routine is None:
        return answer(state, line("unknown_routine"))
    goal = whole(routine, library)
    is_named = isinstance(state, Idle) and routine == state.talk.usual
    return start_goal(state, library, replace(goal, is_introduced=is_named))


def start_usual(state: Idle | Offered | Finished | Advising, said: Said, library: Library) -> Transition:
    """Start the offered routine after "start" alone, else the usual one."""
    if isinstance(state, Offered) and state.goal is not None:
        return start_goal(state, library, state.goal)
    routine = state.talk.usual if isinstance(state, Idle) else state.routine
    goal = whole(routine or state.talk.usual, library)
    return start_goal(state, library, replace(goal, is_introduced=isinstance(state, Idle)))


def short_session(state: Idle | Offered | Finished, said: Said, library: Library) -> Transition:
    """Plan as much of the routine as fits into the time, by the priorities in its file; say what is left out."""
    routine = (state.talk.usual if isinstance(state, Idle) else state.routine) or state.talk.usual
    seconds = int(said.slots.get("duration", 5 * MINUTE_S))
    steps = best_fit(library, routine, seconds)
    if not steps:
        return answer(state, line("too_short"))
    left_out = len(library.routines[routine].steps) - len(steps)
    return silently(toward(state.talk, library, Goal(routine=routine, steps=steps, left_out=left_out)))


def decline(state: Offered, said: Said, library: Library) -> Transition:
    """Take a no to the offered routine: ask which one instead."""
    return silently(offer(state.talk, library, None))


def start_goal(state: State, library: Library, goal: Goal) -> Transition:
    """Go toward a goal that was asked for; during the advice, afterwards."""
    if isinstance(state, Advising):
        return replace(state, routine=goal.routine, left=None, goal=goal), ()
    offered = (state.goal or whole(state.routine, library)) if isinstance(state, Offered) else None
    return silently(toward(state.talk, library, replace(goal, is_introduced=goal.is_introduced or goal == offered)))


def toward(talk: Talk, library: Library, goal: Goal) -> Transition:
    """Go to a routine's first step: the safety questions that are due, then the step."""
    questions = questions_for(talk, library, goal)
    if questions:
        is_known = questions[0] == SINCE
        state = Screening(talk=talk, goal=goal, questions=questions, is_cued=not is_known)
        return ask(state, line("check_since" if is_known else "check_first"), *asking(state, library))
    return passed(talk, library, goal)


def passed(talk: Talk, library: Library, goal: Goal) -> Transition:
    """Close what the answers to the safety questions close, and begin."""
    steps = open_steps(library, goal, talk)
    if not steps:
        return nothing_left(talk, library, goal)
    goal = replace(goal, steps=steps)
    return begin(talk, library, goal)


def nothing_left(talk: Talk, library: Library, goal: Goal) -> Transition:
    """Say that every step of the routine is closed: it touches a leg, or it hurt twice."""
    is_leg = touches_leg(library, goal) and talk.gate.legs != "open"
    return ask(Idle(talk=talk), line("nothing_left" if is_leg else "enough_of_it"), welcome(talk, library))


def begin(talk: Talk, library: Library, goal: Goal) -> Transition:
    """Teach the first step, or continue an unfinished session. Nothing of an earlier routine can be undone."""
    known = {**talk.past.known, **{one.technique: 0 for one in talk.ledger if one.is_today}}
    talk = replace(talk, undo=(), past=replace(talk.past, known=known))
    if goal.place is None:
        talk = replace(talk, ledger=(), earlier=ledger_of(talk))
        opening = () if goal.is_introduced else introduction(library, goal)
        after, effects = _teach(talk, library, goal, 0, *opening)
    else:
        after, effects = _go_on(talk, library, goal, goal.place)
    return after, (Note(what="session_begun", values={"routine": goal.routine}), *effects)


def _teach(talk: Talk, library: Library, goal: Goal, at: int, *before: Line) -> Transition:
    start = place_at(library, goal.routine, at, goal.steps, hurt=talk.hurt, tempo=talk.tempo, each=goal.each)
    start = replace(start, aside=goal.aside)
    place = fitted(talk, library, start)
    if place is None:  # its dose was done in an earlier routine: say so, and go to the next one
        return enter(talk, library, start, at, *before)
    return instruct(talk, place, (*before, *instruction(library, place, talk)))


def _go_on(talk: Talk, library: Library, goal: Goal, left: Place) -> Transition:
    """Continue at the place that was left; if that step is closed now, at the next one. After pain, ask first."""
    at = sum(step in goal.steps for step in left.steps[: left.at])
    if at == len(goal.steps):
        return finish(talk, library, left)
    if goal.steps[at] != left.step:
        is_enough = has_hurt_enough(talk, library, left.routine, left.step)
        return _teach(talk, library, goal, at, *((line("enough_of_it"),) if is_enough else ()))
    pains = talk.hurt.count(technique_at(library, left).id)
    place = replace(left, steps=goal.steps, at=at, pains=pains, aside=goal.aside, kept=())
    if place.pains:
        return ask(PainAsked(talk=talk, place=place), title(library, place), line("is_pain_gone"))
    held = PauseAsked(talk=talk, place=place, is_in_count=place.n > 0)
    return ask(held, title(library, place), line("say_ready_to_go_on"))


def resume_last(state: ResumeOffer, said: Said, library: Library) -> Transition:
    """Resume the last session, once the safety questions that are due are answered."""
    talk = taken_up(state.talk, library, state.left)
    return silently(toward(talk, library, goal_of(state.left)))


def goal_of(left: Place, *, again: bool = False) -> Goal:
    """Return the goal of going on at a place that was left, or of its routine from the beginning."""
    place = None if again else left
    return Goal(routine=left.routine, steps=left.steps, place=place, each=left.each, aside=left.aside)


def restart_last(state: ResumeOffer, said: Said, library: Library) -> Transition:
    """Restart the unfinished routine from its beginning; its new place replaces the old one on disk."""
    return silently(toward(state.talk, library, goal_of(state.left, again=True)))


def discard_last(state: ResumeOffer, library: Library) -> Transition:
    """Forget the place that was left, and offer the usual routine."""
    after, effects = offer(state.talk, library, None)
    return silently((after, (Keep(saved=None), *effects)))


def nothing_to_resume(state: State, said: Said, library: Library) -> Transition:
    """Say that there is no unfinished session."""
    return answer(state, line("nothing_to_resume"))
