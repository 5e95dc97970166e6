"""The dialogue of the safety questions. Only an exact "no" leads on; "yes", "not sure" and silence do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.messages import Effect, Fact, Keep, Remember, Said
from assistant.respond.dialogue_context import Gate, Line
from assistant.respond.replies import SILENCE, Transition, ask_now, line, silently, tell
from assistant.respond.safety import asking, open_question, touches_leg
from assistant.respond.starting import passed
from assistant.respond.states import EndedUrgent, NotToday, Screening, State
from assistant.routine import Library
from assistant.screening import ENDS_IT

MOST_ASKED = 2  # no answer after two prompts: docs/safety.md, "Stop rules"


FACTS: Mapping[Gate, Fact] = {
    "open": "screening_passed",
    "back": "screening_passed_back",
    "no_leg": "screening_passed_no_leg",
}


def no(state: Screening, said: Said, library: Library) -> Transition:
    """Go to the next group after an exact "no" to all of this one; ask again after anything like it."""
    if not state.is_open:
        return replace(state, is_cued=True), ()
    if said.text not in library.screening.exact[library.language].no:
        return again(state, library)
    return _onward(state, library)


def yes(state: Screening, said: Said, library: Library) -> Transition:
    """Close what the group protects (the session, the legs, an area), even before the question was heard to its end."""
    if said.text not in library.screening.exact[library.language].yes:
        return again(state, library) if state.is_open else (replace(state, is_cued=True), ())
    verdict = open_question(state, library).if_yes
    if verdict == "emergency":
        return _refuse(EndedUrgent(talk=state.talk), *EMERGENCY)
    if verdict in ENDS_IT:
        return not_today(state, line(f"verdict_{verdict}"))
    state = replace(state, is_leg_closed=state.is_leg_closed or verdict == "no_leg")
    return _onward(state, library, line(f"verdict_{verdict}"))


EMERGENCY = (line("stop_now"), line("urgent"), line("cannot_call"), line("call"))


def again(state: Screening, library: Library) -> Transition:
    """Ask the same group once more after an inexact answer, then refuse for today."""
    asked = state.talk.asked + 1
    if asked >= MOST_ASKED:
        return not_today(state, line("no_answer"))
    after, effects = ask_now(state, line("exactly"), *asking(state, library))
    return replace(after, talk=replace(after.talk, asked=asked)), effects


def heard_to_its_end(state: Screening) -> Transition:
    """Open the question; add "yes or no?" where it is needed."""
    opened = replace(state, is_open=True, is_cued=False)
    if not state.is_cued:
        return opened, ()
    talk, says = tell(opened.talk, line("yes_or_no"))
    return replace(opened, talk=replace(talk, asked=state.talk.asked)), says


def not_today(state: Screening, why: Line) -> Transition:
    """Refuse to start; the questions are asked anew next time."""
    return _refuse(NotToday(talk=state.talk), why, line("not_today"))


def _onward(state: Screening, library: Library, *before: Line) -> Transition:
    if len(state.questions) > 1:
        following = replace(state, questions=state.questions[1:], is_cued=False)
        return ask_now(following, *before, *asking(following, library))
    gate = _gate(state, library)
    talk, says = tell(replace(state.talk, gate=gate), *before, line("check_passed"))
    after, effects = passed(talk, library, state.goal)
    return silently((after, (Remember(fact=FACTS[gate]), *says, *effects)))


def _gate(state: Screening, library: Library) -> Gate:
    if state.is_leg_closed:
        return "no_leg"
    return "open" if touches_leg(library, state.goal) else "back"


def _refuse(state: EndedUrgent | NotToday, *lines: Line) -> Transition:
    talk, says = tell(state.talk, *lines, is_prompt=True, interruptible=False)
    refused: State = replace(state, talk=talk)
    no_way_back: tuple[Effect, ...] = (Keep(saved=None),) if isinstance(state, EndedUrgent) else ()
    return refused, (*SILENCE, Remember(fact="screening_failed"), *no_way_back, *says)
