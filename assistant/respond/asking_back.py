"""Asking back: a command was nearly heard. A doubt about safety holds at once and asks; others are asked in a wait.

"Stop" that was not quite heard may be a person in pain, so nothing goes on before it is answered. Any other command may
be the television, so it is asked about once, where the guide waits for the person anyway, and never in a count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.messages import SAFETY, Intent, Perhaps, Said, SlotValue
from assistant.respond.dialogue_context import Line
from assistant.respond.holds import ask_how_long, hold, how_on, pain, resume, unasked
from assistant.respond.replies import SILENCE, Transition, ask_now, line, spoken_time, tell
from assistant.respond.states import (
    Advising,
    AskedBack,
    Asleep,
    Behind,
    Confirm,
    Counting,
    EndedUrgent,
    FeelingAsked,
    Finished,
    Idle,
    Instructing,
    Leading,
    Left,
    Locating,
    NotToday,
    Offered,
    Opening,
    OwnPace,
    PaceAsked,
    PainAsked,
    PainHold,
    PauseAsked,
    Paused,
    Rating,
    ReadyPrompt,
    ResumeOffer,
    Screening,
    State,
    Teaching,
)
from assistant.routine import Library

DOUBTS: Mapping[Intent, str] = {
    Intent.STOP: "doubt_stop",
    Intent.PAUSE: "doubt_stop",
    Intent.PAIN: "doubt_pain",
    Intent.TOO_HARD: "doubt_pain",
    Intent.RED_FLAG: "doubt_red_flag",
    Intent.EMERGENCY: "doubt_emergency",
}
"""The question about each intent that is never left in doubt."""

ANSWER_A_DOUBT = SAFETY | {Intent.PAUSE, Intent.HEALTH, Intent.RATE_PAIN}
"""Commands that tell how somebody is: they close a doubt about safety, and the ways on are said."""
MOVES = (Advising, Screening, Instructing, Leading, Counting, FeelingAsked, OwnPace)
"""States in which something goes on, or a question must stay the only one: a doubt about safety holds them."""
WAITS = (Teaching, PaceAsked, Idle, Offered, ResumeOffer, Rating, ReadyPrompt, Locating, Paused, PainHold, Finished)
"""States in which the guide waits for the person: a question interrupts nothing."""
_OVER = (Opening, EndedUrgent, NotToday, Left)
_STANDS = (Paused, PainHold, Asleep)
"""States without a question in which nothing is left to stop."""
GO = frozenset({Intent.READY, Intent.START_USUAL, Intent.RESUME})
BEGINS = frozenset({Intent.CHOOSE, Intent.GO_TO, Intent.START_ROUTINE, Intent.SHORT_SESSION, Intent.RESUME_LAST})
"""Commands that begin something: "go", said to the question about one, is a yes to it, and begins nothing else."""
_ENDS_OWN_PACE = frozenset({Intent.DONE, Intent.END_SESSION})
"""The words that the guide waits for while the person counts; a person who counts aloud is asked of nothing else."""
_HALTS = frozenset({Intent.STOP, Intent.PAUSE})
_HURTS = frozenset({Intent.PAIN, Intent.TOO_HARD})
_ANSWERS = frozenset({Intent.YES, Intent.NO})


def nearly(state: State, perhaps: Perhaps, library: Library) -> Transition | None:
    """Hold and ask, or ask, about a command that is legal here; None where it is unknown speech like any other."""
    if isinstance(state, _OVER):
        return None
    if perhaps.intent in DOUBTS:
        return _doubt(state, perhaps, library)
    if perhaps.intent is Intent.WAIT_FOR and not isinstance(state, Confirm):
        return _wait(state, perhaps, library)
    return _asking(state, perhaps, meaning(perhaps, library)) if _is_asked(state, perhaps.intent) else None


def hold_and_ask(state: State, perhaps: Perhaps, library: Library) -> Transition:
    """Hold what goes on, and ask whether this was meant: it may forbid it."""
    return _asking(state, perhaps, meaning(perhaps, library))


def behind(state: AskedBack) -> Behind:
    """Return the state behind the question, with its own last words."""
    return replace(state.back, talk=replace(state.talk, last=state.back.talk.last, said=state.back.talk.said))


def is_held(state: AskedBack) -> bool:
    """True for a doubt that holds: silence is not an answer to it, and closes nothing."""
    return (state.does in DOUBTS or state.goes_on) and not isinstance(state.back, Asleep)


def no(state: AskedBack, said: Said, library: Library) -> Transition:
    """It was not meant: go on with a count-in where something was going on, else wait as before."""
    back = behind(state)
    if state.goes_on and isinstance(back, Paused):
        return resume(back, said, library)
    return _wait_again(state, back, line("very_well"))


def unanswered(state: AskedBack, library: Library) -> Transition:
    """Close a question that nobody answered, and wait as before."""
    return _wait_again(state, behind(state))


def _wait_again(state: AskedBack, back: Behind, *first: Line) -> Transition:
    back = replace(back, talk=replace(back.talk, has_denied=state.does not in DOUBTS))
    ways = (how_on(back),) if isinstance(back, (Paused, PainHold)) else back.talk.last[-1:]
    talk, says = tell(back.talk, *first, *ways)  # no prompt: "repeat" says what it said before the question
    return replace(back, talk=talk), (*SILENCE, *says)


def _doubt(state: State, perhaps: Perhaps, library: Library) -> Transition | None:
    """Ask about safety, once: a second doubt leaves it held, and a second one of pain is pain."""
    if isinstance(state, AskedBack) and state.does in DOUBTS:
        is_pain = perhaps.intent in _HURTS and state.does in _HURTS | _HALTS
        said = Said(at_s=perhaps.at_s, intent=Intent.PAIN, text=perhaps.text)
        return pain(behind(state), said, library) if is_pain else None
    if perhaps.intent in _HALTS and type(state) in _STANDS:
        return None
    return _asking(state, perhaps, line(DOUBTS[perhaps.intent]))


def _wait(state: State, perhaps: Perhaps, library: Library) -> Transition | None:
    """Hold as a pause does: ask how long, if no time was heard; while something goes on, ask if that time was meant."""
    if int(perhaps.slots.get("duration", 0)) <= 0:
        return ask_how_long(state)
    is_asked = isinstance(state, MOVES) or _is_asked(state, perhaps.intent)
    return _asking(state, perhaps, meaning(perhaps, library)) if is_asked else None


def _is_asked(state: State, intent: Intent) -> bool:
    if intent in _ANSWERS or state.talk.has_denied or isinstance(state, PainAsked):
        return False
    return isinstance(state, WAITS) or (isinstance(state, OwnPace) and intent in _ENDS_OWN_PACE)


def _asking(state: State, perhaps: Perhaps, question: Line) -> Transition:
    is_moving = isinstance(state, MOVES) and perhaps.intent not in _ENDS_OWN_PACE
    heard = state.talk.heard if perhaps.intent is Intent.WHAT_HEARD else perhaps.text
    asked = AskedBack(
        talk=replace(state.talk, heard=heard),
        back=_held(state) if is_moving else _waiting(state),
        does=perhaps.intent,
        slots=perhaps.slots,
        text=perhaps.text,
        goes_on=is_moving or (isinstance(state, Confirm) and state.goes_on),
    )
    return ask_now(asked, question)


def _held(state: State) -> Paused:
    """Return the hold of somebody who may be hurt: asked sooner if all is well."""
    return replace(hold(state), is_stopped=True)


def _waiting(state: State) -> Behind:
    """Return the state to come back to, without a question of its own: not two at once."""
    match state:
        case Confirm():
            return state.back
        case PauseAsked():
            return _unasked(hold(state))
        case PainAsked():
            return _unasked(unasked(state))
        case Advising() | Screening() | Instructing() | Leading() | Counting() | FeelingAsked() | Opening():
            return hold(state)
        case EndedUrgent() | NotToday() | Left():
            return hold(state)
        case _:
            return state


def _unasked(held: Paused | PainHold) -> Paused | PainHold:
    """Return the hold with the ways to go on as its last words: "repeat" asks nothing."""
    return replace(held, talk=replace(held.talk, last=(how_on(held),)))


_SLOTS = frozenset(
    {
        (Intent.GO_TO, "number"),
        (Intent.GO_TO, "technique"),
        (Intent.START_ROUTINE, "routine"),
        (Intent.MORE_REPS, "number"),
        (Intent.FEWER_REPS, "number"),
        (Intent.PICK_SIDE, "side"),
        (Intent.SORER_SIDE, "side"),
        (Intent.RATE_PAIN, "number"),
    }
)
"""The commands whose question names a slot, which has a reply of its own: mean_go_to_number."""
_LASTING = frozenset({Intent.WAIT_FOR, Intent.SHORT_SESSION})
_NEITHER = "both"  # no side is the sorer one: lists.yaml, neither_side
_MINUS_ONE = frozenset({Intent.GO_TO, Intent.RATE_PAIN})
"""Commands whose number may be -1: the last step; no number."""


def meaning(perhaps: Perhaps, library: Library) -> Line:
    """Return the question "did you mean …?" about a command, with the slots that were heard."""
    command, slots = perhaps.intent.value, perhaps.slots
    if perhaps.intent in _LASTING and "duration" in slots:
        unit, values = spoken_time(int(slots["duration"]))
        return line(f"mean_{command}_{unit}", **values)
    if perhaps.intent in _MINUS_ONE and slots.get("number") == -1:
        return line(f"mean_{command}_last")
    name = next((name for name in slots if (perhaps.intent, name) in _SLOTS), None)
    if name is None or slots[name] == _NEITHER:
        return line(f"mean_{command}")
    return line(f"mean_{command}_{name}", **{name: _spoken(name, slots[name], library)})


def _spoken(name: str, value: SlotValue, library: Library) -> SlotValue:
    """Return a routine by its title; any other slot as it was said."""
    routine = library.routine_called(str(value)) if name == "routine" else None
    return value if routine is None else library.title(routine)
