"""The dialogue of the safety questions. Only a clear "no" leads on, and every answer can be taken back.

A question about an emergency that gets any other answer, or none after its repeat, gets the emergency lines. "Maybe" to
another question is asked about once more, and is a yes then: "I don't know" about a bone is honest, and a doubt is the
safer of the two. The texts of a no are read in interpret/check_answers.py; sound that is not sure never is one.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.messages import Effect, Keep, Remember, Said
from assistant.respond import holds
from assistant.respond.dialogue_context import Line
from assistant.respond.emergency import calling
from assistant.respond.gate import CHECKED, Gate
from assistant.respond.replies import SILENCE, Transition, answer, ask_now, line, silently, tell
from assistant.respond.safety import (
    SINCE,
    all_questions,
    asking,
    explaining,
    is_agreed,
    knowing,
    open_question,
    passing,
    questions_for,
)
from assistant.respond.starting import passed
from assistant.respond.states import EndedUrgent, NotToday, Screening, State, Talk
from assistant.routine import Library
from assistant.screening import AGREED_BY_DOCTOR, ENDS_IT, Consequence, Given

NEVER_LEFT_OPEN = frozenset({"emergency", "ask_all"})
"""Questions about an emergency: any answer but a clear no is taken for a yes, and none after the repeat too."""
MOST_ASKED = 2  # no answer after two prompts: docs/safety.md, "Stop rules"

EMERGENCY = (line("stop_now"), line("urgent"), line("cannot_call"))


def no(state: Screening, said: Said, library: Library) -> Transition:
    """Go to the next group after a clear "no" to all of this one, heard to its end."""
    if not state.is_open:
        return replace(state, is_cued=True), ()
    if said.slots.get("answer") == "no_change" and state.questions[0] != SINCE:
        return again(state, library)
    return _answered(state, "no", said, library)


def yes(state: Screening, said: Said, library: Library) -> Transition:
    """Close what the group protects (the session, the legs, an area), even before the question was heard to its end."""
    return _answered(state, "yes", said, library)


def maybe(state: Screening, said: Said, library: Library) -> Transition:
    """Take it for a yes where an emergency is asked about, and elsewhere when it is said again."""
    if open_question(state, library).if_yes in NEVER_LEFT_OPEN or state.talk.asked + 1 >= MOST_ASKED:
        return _answered(state, "yes", said, library)
    return again(state, library, line("if_unsure"))


def change(state: Screening, said: Said, library: Library) -> Transition:
    """Take the last answer back: give the other one, or ask its question again. Else it answers the open question."""
    given = said.slots.get("answer")
    if given is None:
        back = state if state.previous is None else replace(state.previous, talk=state.talk)
        return _asked(back, library)
    is_last = state.previous is not None and state.answers[-1][1] != given and not state.talk.asked
    if is_last and state.previous is not None:
        back = replace(state.previous, talk=state.talk)
        return _answered(back, "yes" if given == "yes" else "no", said, library)
    return yes(state, said, library) if given == "yes" else no(state, said, library)


def doctor(state: Screening, said: Said, library: Library) -> Transition:
    """Take a doctor's word where a doctor may decide; no word opens a question about an emergency."""
    if open_question(state, library).if_yes in AGREED_BY_DOCTOR:
        return _answered(state, "doctor", said, library)
    last = state.previous
    if last and state.answers[-1][1] == "yes" and open_question(last, library).if_yes in AGREED_BY_DOCTOR:
        return _answered(replace(last, talk=state.talk), "doctor", said, library)
    return again(state, library)


def pain(state: Screening, said: Said, library: Library) -> Transition:
    """Take the ache that somebody comes with as no answer: be kind, and ask again; any other pain holds."""
    if "ache" not in said.slots:
        return holds.pain(state, said, library)
    after, effects = ask_now(state, line("sorry_it_hurts"), *asking(state, library))
    return replace(after, talk=replace(after.talk, asked=state.talk.asked, last=asking(state, library))), effects


def health(state: Screening, said: Said, library: Library) -> Transition:
    """Take a fact of health for a yes to the question that holds it, whichever is open; a doubtful one asks it."""
    about = str(said.slots.get("about", ""))
    if not library.screening.has(about):
        return again(state, library)
    others = tuple(one for one in state.questions if one != about)
    asked = replace(state, questions=(about, *others), is_cued=True)
    if "doubt" in said.slots:
        return _doubted(state, asked, library)
    verdict = open_question(asked, library).if_yes
    if verdict == "emergency":
        return _emergency(state)
    if is_agreed(state.talk, library, about):
        return _asked(state, library, line("answer_doctor"))
    if verdict in ENDS_IT or not others:
        return _answered(asked, "yes", said, library)
    return _closed_early(state, asked, library)


def _doubted(state: Screening, asked: Screening, library: Library) -> Transition:
    """Ask the question that holds a doubtful fact; where the open one asks what is new, all others follow."""
    if state.questions[0] == asked.questions[0]:
        return again(state, library, line("if_unsure"))
    if state.questions[0] == SINCE:
        return _one_by_one(state, library, asked.questions[0])
    return _asked(asked, library)


def _closed_early(state: Screening, asked: Screening, library: Library) -> Transition:
    """Close what a fact closes, and go on with the other questions; all of them, where something is new."""
    about, *others = asked.questions
    verdict = line(f"verdict_{open_question(asked, library).if_yes}")
    answers = (*state.answers, (about, "yes"))
    if state.questions[0] != SINCE:
        rest = replace(state, questions=tuple(others), answers=answers, previous=asked, is_cued=True)
        return _asked(rest, library, verdict)
    others = [one for one in all_questions(library, state.goal) if one != about]
    answers = (*answers, (SINCE, "yes"))
    full = replace(state, questions=tuple(others), answers=answers, previous=asked, is_cued=True)
    return _asked(full, library, verdict, line("one_by_one"))


def explain(state: Screening, said: Said, library: Library) -> Transition:
    """Say the group in other words; a question that was cut short is asked again, since only both hold all of it."""
    question = asking(state, library)
    after, effects = ask_now(state, *explaining(state, library), *((line("yes_or_no"),) if state.is_open else question))
    return replace(after, talk=replace(after.talk, last=question, asked=state.talk.asked)), effects


def change_refusal(state: NotToday, said: Said, library: Library) -> Transition:
    """Take back the answer that ended it: with "I meant no" go on, else ask its question again.

    Where it ended without an answer there is none to take back: only the question itself is asked again.
    """
    if state.check is None or said.slots.get("answer") == "yes":
        return silently(answer(state, *state.talk.last))
    check = replace(state.check, talk=state.talk)
    if said.slots and line("no_answer") not in state.talk.last:
        return _answered(check, "no", said, library)
    return _asked(check, library)


def doctor_after_refusal(state: NotToday, said: Said, library: Library) -> Transition:
    """Go on where only a doctor was to be asked, who has agreed."""
    if state.check is None:
        return silently(answer(state, *state.talk.last))
    return doctor(replace(state.check, talk=state.talk), said, library)


def change_emergency(state: EndedUrgent, said: Said, library: Library) -> Transition:
    """Ask all questions anew where an answer was wrong; the lines stay said, and the old place stays forgotten."""
    if state.goal is None or said.slots.get("answer") == "yes":
        return silently(answer(state, *state.talk.last))
    goal = replace(state.goal, place=None)
    talk = replace(state.talk, checks={}, gate=Gate())
    anew = Screening(talk=talk, goal=goal, questions=questions_for(talk, library, goal))
    return ask_now(anew, line("check_first"), *asking(anew, library))


def again(state: Screening, library: Library, *before: Line) -> Transition:
    """Ask the same group once more after no clear answer; then it is over."""
    asked = state.talk.asked + 1
    if asked >= MOST_ASKED:
        if open_question(state, library).if_yes in NEVER_LEFT_OPEN:
            return _emergency(state)
        lines = (line("no_answer"), line("not_today"), line("next_time"))
        return _refuse(NotToday(talk=state.talk, check=state), lines, ())
    after, effects = ask_now(state, *(before or (line("exactly"),)), *asking(state, library))
    return replace(after, talk=replace(after.talk, asked=asked, last=asking(state, library))), effects


def unclear(state: Screening, library: Library) -> Transition:
    """Ask again after an answer that was not believed; before the question was heard it only waits for one."""
    return again(state, library) if state.is_open else (replace(state, is_cued=True), ())


def heard_to_its_end(state: Screening) -> Transition:
    """Open the question; add "yes or no?" where it is needed."""
    opened = replace(state, is_open=True, is_cued=False)
    if not state.is_cued:
        return opened, ()
    talk, says = tell(opened.talk, line("yes_or_no"))
    return replace(opened, talk=replace(talk, asked=state.talk.asked)), says


def refused(talk: Talk, check: Screening | None, verdict: Consequence, *before: Line) -> Transition:
    """Refuse to start, or to go on; the questions are asked anew next time, and the last answer can be taken back."""
    can_agree = (line("if_agreed"),) if verdict in AGREED_BY_DOCTOR else ()
    lines = (line(f"verdict_{verdict}"), line("not_today"), *can_agree, line("next_time"))
    return _refuse(NotToday(talk=talk, check=check), lines, before)


def _answered(state: Screening, given: Given, said: Said, library: Library) -> Transition:
    """Read the answer back, and do what it leads to."""
    verdict = open_question(state, library).if_yes
    if given != "yes":
        return _onward(state, given, said, library, line(f"answer_{given}"))
    if verdict == "emergency":
        return _emergency(state, line("answer_yes"))
    if verdict == "ask_all":
        return _one_by_one(state, library)
    if verdict in ENDS_IT:
        return refused(state.talk, state, verdict, line("answer_yes"))
    return _onward(state, given, said, library, line("answer_yes"), line(f"verdict_{verdict}"))


def _one_by_one(state: Screening, library: Library, about: str = "") -> Transition:
    """Ask all questions of somebody in whom something has changed: one of them tells what, `about` the first."""
    answers = (*state.answers, (SINCE, "yes"))
    questions = all_questions(library, state.goal)
    if about:
        questions = (about, *(one for one in questions if one != about))
    full = replace(state, questions=questions, answers=answers, previous=state, is_cued=True)
    return _asked(full, library, line("answer_yes"), line("one_by_one"))


def _emergency(state: Screening, *before: Line) -> Transition:
    return _refuse(EndedUrgent(talk=state.talk, goal=state.goal), (*EMERGENCY, *calling(state.talk)), before)


def _onward(state: Screening, given: Given, said: Said, library: Library, *before: Line) -> Transition:
    answers = (*state.answers, (state.questions[0], given))
    if len(state.questions) > 1:
        following = replace(state, questions=state.questions[1:], is_cued=False, answers=answers, previous=state)
        lead = (line("check_first"),) if state.questions[0] == SINCE else ()
        return _asked(following, library, *before, *lead)
    checks = passing(replace(state, answers=answers), library)
    talk = knowing(state.talk, dict.fromkeys(checks, said.at_s), said.at_s)
    is_in_full = any(check in CHECKED.values() for check in checks)
    is_left_out = given == "yes" and open_question(state, library).if_yes == "leave_out"
    skip, unsure = ((line("say_skip"),) if is_left_out else ()), ((line("check_passed"),) if is_in_full else ())
    talk, says = tell(talk, *before, *skip, *unsure)
    after, effects = passed(talk, library, state.goal)
    return silently((after, (*(Remember(fact=check) for check in checks), *says, *effects)))


def _asked(state: Screening, library: Library, *before: Line) -> Transition:
    """Ask the open question; "repeat" says it without what was said before it."""
    question = asking(state, library)
    after, effects = ask_now(state, *before, *question)
    return replace(after, talk=replace(after.talk, last=question)), effects


def _refuse(state: EndedUrgent | NotToday, lines: tuple[Line, ...], before: tuple[Line, ...]) -> Transition:
    talk, says = tell(state.talk, *before, *lines, is_prompt=True, interruptible=False)
    refused: State = replace(state, talk=replace(talk, last=lines))
    no_way_back: tuple[Effect, ...] = (Keep(saved=None),) if isinstance(state, EndedUrgent) else ()
    return refused, (*SILENCE, Remember(fact="screening_failed"), *no_way_back, *says)
