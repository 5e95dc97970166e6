"""Answers to questions: how many, which side, where am I, how long, how hard, what did you hear, what can I say."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.messages import Intent, Said
from assistant.respond.places import full_instruction, minutes_left, spoken, technique_at, title, words_at
from assistant.respond.replies import MOST_NAMES, Transition, answer, ask_now, line, listed
from assistant.respond.starting import advice
from assistant.respond.states import Counting, OwnPace, PainAsked, PainHold, State, WithPlace
from assistant.routine import Library

PRESSURE = "pressure"  # the topic of questions about force


def how_many_left(state: WithPlace, said: Said, library: Library) -> Transition:
    """Say how many repetitions remain on this side, between two beats."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if isinstance(state, OwnPace):
        return answer(state, line("you_count"))
    left = place.repetitions - place.n
    if place.sides and not isinstance(state, Counting):
        return answer(state, line("left_on_side", left=left, side=place.side_name))
    return answer(state, line("left", left=left))


def what_count(state: WithPlace, said: Said, library: Library) -> Transition:
    """Say the number counted last."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if isinstance(state, OwnPace):
        return answer(state, line("you_count"))
    return answer(state, line("count_so_far", n=place.n, of=place.repetitions))


def which_side(state: WithPlace, said: Said, library: Library) -> Transition:
    """Name the side, the count on it, and what is still to do."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if not place.sides:
        cues = technique_at(library, place).cues_at(place.n + 1) if isinstance(state, Counting) else ()
        if len(cues) == 1:
            return answer(state, line("side_is_next", side=cues[0]))
        own = words_at(library, place).answers.get("sides", ())[:1]  # which comes first, or that both work together
        return answer(state, *(line("line", text=text) for text in own) if own else (line("both_sides"),))
    if isinstance(state, Counting):
        return answer(state, line("side", side=place.side_name))
    if not place.n:
        return answer(state, line("side_to_do", side=place.side_name, left=place.repetitions))
    return answer(state, line("side_count", side=place.side_name, n=place.n, of=place.repetitions))


def where_am_i(state: WithPlace, said: Said, library: Library) -> Transition:
    """Say the technique's number of how many, its name and the count."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    count = (line("count_so_far", n=place.n, of=place.repetitions),) if place.n else ()
    return answer(state, title(library, place), *count)


def steps_left(state: WithPlace, said: Said, library: Library) -> Transition:
    """Say how many techniques follow this one."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    left = len(place.steps) - place.at - 1
    return answer(state, line("steps_left", left=left) if left else line("last_step"))


def time_left(state: WithPlace, said: Said, library: Library) -> Transition:
    """Estimate the time left in whole minutes."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    left = minutes_left(library, place, state.talk.tempo)
    return answer(state, line("time_left", minutes=left) if left > 1 else line("time_left_one"))


def whats_next(state: WithPlace, said: Said, library: Library) -> Transition:
    """Name the next technique, without going there."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if place.at + 1 >= len(place.steps):
        return answer(state, line("last_step"))
    step = library.routines[place.routine].steps[place.steps[place.at + 1]]
    return answer(state, line("next_is", technique=library.words(step.technique).name))


def more_detail(state: WithPlace, said: Said, library: Library) -> Transition:
    """Say everything about the present step, then continue at the same place; only one sentence while counting."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    if isinstance(state, Counting):
        return how_hard(state, said, library)
    return answer(state, *full_instruction(library, place)[1:-1], line("that_is_all"))


def how_hard(state: WithPlace, said: Said, library: Library) -> Transition:
    """Say how hard the article wants it, or what it should feel like; never that it should hurt."""
    place = state.place
    if place is None:
        return answer(state, line("not_started"))
    words = words_at(library, place)
    told = words.answers[PRESSURE][0] if PRESSURE in words.answers else words.sensation
    hard = spoken(place, told)
    return answer(state, hard) if isinstance(state, Counting) else answer(state, hard, line("should_not_hurt"))


def expert_advice(state: State, said: Said, library: Library) -> Transition:
    """Give the article's advice in full."""
    return answer(state, *advice())


def history(state: State, said: Said, library: Library) -> Transition:
    """Sum up the last session in one sentence."""
    past = state.talk.past
    if not past.sessions:
        return answer(state, line("no_history"))
    when = {0: line("last_today", techniques=past.techniques), 1: line("last_yesterday", techniques=past.techniques)}
    days = line("last_days_ago", days=past.days_ago, techniques=past.techniques)
    return answer(state, when.get(past.days_ago, days), line("this_week", sessions=past.sessions_this_week))


def list_routines(state: State, said: Said, library: Library) -> Transition:
    """Name all routines by title, the longest first, at most three in a sentence."""
    by_size = sorted(library.routines.values(), key=lambda routine: -len(routine.steps))
    titles = [library.title(routine.id) for routine in by_size]
    groups = [titles[i : i + MOST_NAMES] for i in range(0, len(titles), MOST_NAMES)]
    lines = [listed("routines" if i == 0 else "also", group) for i, group in enumerate(groups)]
    return answer(state, *lines, line("say_start_name"))


def what_heard(state: State, said: Said, library: Library) -> Transition:
    """Say the last command as it was understood."""
    heard = state.talk.heard
    return answer(state, line("i_heard", text=heard) if heard else line("heard_nothing"))


def mic_check(state: State, said: Said, library: Library) -> Transition:
    """Answer; the answer itself shows that the microphone works."""
    return answer(state, line("i_hear_you"))


def help_here(state: State, said: Said, library: Library) -> Transition:
    """Name first the words for pain, then three phrases for this state; at the next request, three more."""
    page = state.talk.help_page
    name = name_of(type(state))
    lines = (line(f"help_{name}_more"),) if page % 2 else (line("help_pain"), line(f"help_{name}"))
    after, effects = answer(state, *lines)
    return replace(after, talk=replace(after.talk, help_page=page + 1)), effects


def help_after_pain(state: PainHold, said: Said, library: Library) -> Transition:
    """Treat "help" during pain as more than a question about commands."""
    page = state.talk.help_page
    if page % 2:
        return help_here(state, said, library)
    asked = PainAsked(talk=replace(state.talk, help_page=page + 1), place=state.place, trouble=Intent.YES)
    return ask_now(asked, line("are_you_hurt"), line(f"help_{name_of(type(state))}"))


def name_of(kind: type[State]) -> str:
    """Return the state's name as in replies, traces and docs: ReadyPrompt is ready_prompt."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()
