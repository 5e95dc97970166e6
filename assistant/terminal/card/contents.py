"""The cue card: the commands of each situation, from the live grammar and the table, and drawings. Values only.

This file chooses the commands; the words are the first example of each command's file, and a command
that is not legal in its situation is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import UnknownName
from assistant.language import LanguagePack
from assistant.messages import Intent
from assistant.respond.transitions import STATE_NAMES, legal_in
from assistant.routine import Library
from assistant.sentence import as_written
from assistant.show import Drawing, drawings


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A moment of a session, as a person sees it."""

    title: str
    states: tuple[str, ...]
    """Names of states; a command is shown if it is legal in one of them, or in all where `is_any_time`."""
    intents: tuple[Intent, ...]
    is_any_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One block of the card."""

    title: str
    phrases: tuple[str, ...]


IN_A_SESSION = ("offered", "instructing", "ready_prompt", "counting", "own_pace", "paused", "pain_hold")
SITUATIONS = (
    Situation(
        title="When it hurts",
        states=("counting", "pain_hold"),
        intents=(Intent.STOP, Intent.PAIN, Intent.TOO_HARD, Intent.RED_FLAG, Intent.EMERGENCY, Intent.LIGHTER),
    ),
    Situation(
        title="Before starting",
        states=("idle", "offered", "resume_offer"),
        intents=(
            Intent.START_ROUTINE,
            Intent.START_USUAL,
            Intent.SHORT_SESSION,
            Intent.LIST_ROUTINES,
            Intent.EXPERT_ADVICE,
            Intent.RESUME_LAST,
        ),
    ),
    Situation(
        title="Getting ready",
        states=("instructing", "ready_prompt", "locating"),
        intents=(
            Intent.READY,
            Intent.WHERE_IS,
            Intent.MORE_DETAIL,
            Intent.HOW_HARD,
            Intent.PICK_SIDE,
            Intent.NEXT,
            Intent.PREVIOUS,
        ),
    ),
    Situation(
        title="While it counts",
        states=("counting",),
        intents=(
            Intent.HOW_MANY_LEFT,
            Intent.SLOWER,
            Intent.FASTER,
            Intent.MORE_REPS,
            Intent.FEWER_REPS,
            Intent.SWITCH_SIDES,
            Intent.OWN_PACE,
            Intent.DONE,
        ),
    ),
    Situation(
        title="Paused, or asleep",
        states=("paused", "asleep"),
        intents=(
            Intent.RESUME,
            Intent.RESTART_STEP,
            Intent.GO_TO,
            Intent.UNDO,
            Intent.WHERE_AM_I,
            Intent.TIME_LEFT,
            Intent.WAKE,
        ),
    ),
    Situation(
        title="Any time",
        states=IN_A_SESSION,
        intents=(
            Intent.PAUSE,
            Intent.REPEAT,
            Intent.HELP,
            Intent.LOUDER,
            Intent.QUIETER,
            Intent.TALK_LESS,
            Intent.SLEEP,
            Intent.END_SESSION,
        ),
        is_any_time=True,
    ),
)


def best_phrase(pack: LanguagePack, intent: Intent) -> str:
    """Return the first example of a command: the example that is taught."""
    return as_written(pack.commands[intent].examples[0].say)


def card(pack: LanguagePack) -> tuple[Section, ...]:
    """Return the card by situation, pain first."""
    return tuple(
        Section(title=one.title, phrases=tuple(best_phrase(pack, intent) for intent in shown(one)))
        for one in SITUATIONS
    )


def shown(situation: Situation) -> tuple[Intent, ...]:
    """Return the situation's commands that are legal by the table."""
    rows = [legal_in(name) for name in situation.states]
    legal = frozenset.intersection(*rows) if situation.is_any_time else frozenset.union(*rows)
    return tuple(intent for intent in situation.intents if intent in legal)


def card_for(pack: LanguagePack, state: str) -> tuple[Section, ...]:
    """Return everything that is legal in one state, a phrase for each command. Raises UnknownName."""
    if state not in STATE_NAMES:
        raise UnknownName(f"there is no state '{state}'", remedy=f"Known states: {', '.join(sorted(STATE_NAMES))}")
    legal = legal_in(state)
    phrases = tuple(best_phrase(pack, intent) for intent in Intent if intent in legal)
    return (Section(title=f"State: {state.replace('_', ' ')}", phrases=phrases),)


def firsts(library: Library, routine: str = "full") -> tuple[Drawing, ...]:
    """Return the first drawing of each technique of a routine, in its order. Raises KeyError."""
    steps = dict.fromkeys(step.technique for step in library.routines[routine].steps)
    found = (next(drawings(library.techniques[name], library.language), None) for name in steps)
    return tuple(one for one in found if one is not None)
