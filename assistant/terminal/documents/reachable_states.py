"""Explores the dialogue from its first event, and records each change of state.

Nothing here knows a rule of the dialogue. Every state that is reached is tried with every legal command, in the words
of the grammar's examples, with the end of its sentences, with every time that it asked for, with silence and failures.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import product
from typing import TypeAlias

from assistant.language import Example, LanguagePack
from assistant.messages import (
    SAFETY,
    Began,
    Check,
    Drowned,
    Due,
    Effect,
    Event,
    Failed,
    Forget,
    Intent,
    Keep,
    Leave,
    Perhaps,
    Said,
    Saved,
    Settle,
    Settled,
    Slept,
    VoiceEnded,
    WakeMe,
)
from assistant.respond.counting import BEAT, COUNT_END
from assistant.respond.dialogue import advance
from assistant.respond.dialogue_context import Place
from assistant.respond.gate import CHECKED
from assistant.respond.places import place_of
from assistant.respond.safety import works_on_leg
from assistant.respond.silence import QUIET
from assistant.respond.states import Counting, Opening, Screening, State
from assistant.respond.transitions import TABLE, legal
from assistant.routine import Library

END = "the end"
BEGINS, SPOKEN, COUNTED = "the session begins", "it has spoken", "the count ends"
DOUBT = "a doubt about safety"
SILENCE, TIME, BREAKS, GAP = "silence", "its time comes", "a part breaks", "the machine slept"
NOISE = "talk drowns words"
PASSED: Mapping[Check, float] = dict.fromkeys(CHECKED.values(), 0.0)
ASKED_OR_NOT: tuple[Mapping[Check, float], ...] = ({}, PASSED)  # the others are reached by answering
NEARLY = (*sorted(SAFETY), Intent.WAIT_FOR, Intent.END_SESSION)
"""Commands that are tried as nearly heard: those that hold, and one of the others, which are all asked about alike."""
MOST_BEATS = 200  # over three times the longest dose

_NAMES: Mapping[type[State], tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind) if one.name != "talk") for kind in TABLE
}

Change: TypeAlias = "tuple[str, str, str]"
"""From, on what, to: a state's class name, a command or an event, a state's class name or `END`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A state, with the times for which it waits."""

    state: State
    wakes: Mapping[str, float] = field(default_factory=dict)
    at_s: float = 0.0

    @property
    def kind(self) -> str:
        """Return the state's class name."""
        return type(self.state).__name__


def changes(library: Library, walked: Iterable[Step]) -> frozenset[Change]:
    """Return every change of state in the steps of a walk, with its beginnings, and the ends of the session."""
    found = {(Opening.__name__, BEGINS, node.kind) for node in _beginnings(library)}
    for node, label, after, effects in walked:
        if any(isinstance(effect, Leave) for effect in effects):
            found.add((node.kind, label, END))
        elif after.kind != node.kind:
            found.add((node.kind, label, after.kind))
    return frozenset(found)


def _borrowed(state: State) -> frozenset[Intent]:
    """Return the commands that only act as in the state behind a question, where they are tried."""
    return legal(state) - TABLE[type(state)].keys()


Step: TypeAlias = tuple[Node, str, Node, tuple[Effect, ...]]
"""A reached state, what is tried there, and what comes of it."""


def steps(library: Library, pack: LanguagePack) -> Iterator[Step]:
    """Yield every step of the walk; all of them take about a minute.

    Everything is tried once in a shape of a state. Met again with another timer, only that timer is tried.
    """
    examples = {intent: _examples(pack, intent) for intent in Intent}
    timers: dict[tuple[object, ...], set[str]] = {}  # that were tried in each shape
    waiting: deque[tuple[Node, bool, set[str]]] = deque()

    def meet(node: Node) -> None:
        shape = node.kind, *_shape(node.state, library)
        is_new = shape not in timers
        tried = timers.setdefault(shape, set())
        untried = node.wakes.keys() - tried - {BEAT, COUNT_END}
        tried |= untried
        if is_new or untried:
            waiting.append((node, is_new, untried))

    for node in _beginnings(library):
        meet(node)
    while waiting:
        node, is_new, untried = waiting.popleft()
        for label, event in (*(_events(node, examples) if is_new else ()), *_timers(node, untried)):
            after, effects = _step(node, event, library)
            yield node, label, after, effects
            if not any(isinstance(effect, Leave) for effect in effects):
                meet(after)
        if is_new and isinstance(node.state, Counting):
            after, effects = _to_its_end(node, library)
            yield node, COUNTED, after, effects
            meet(after)


def _events(node: Node, examples: Mapping[Intent, list[Example]]) -> Iterator[tuple[str, Event]]:
    now_s, here = node.at_s + 1.0, legal(node.state)
    own = here - _borrowed(node.state)
    for intent in Intent:
        for example in examples[intent] if intent in own else ():
            yield intent.value, Said(at_s=now_s, intent=intent, slots=example.slots, text=example.say)
    for intent in NEARLY:
        if intent in here:
            label = DOUBT if intent in SAFETY else f"nearly {intent.value}"
            yield label, Perhaps(at_s=now_s, intent=intent, text=examples[intent][0].say)
    yield SPOKEN, VoiceEnded(at_s=now_s, utterance=node.state.talk.next_utterance - 1, is_finished=True)
    yield BREAKS, Failed(at_s=now_s, room="capture", reason="unplugged")
    yield GAP, Slept(at_s=now_s, seconds=60.0)
    yield NOISE, Drowned(at_s=now_s)


def _timers(node: Node, tags: set[str]) -> Iterator[tuple[str, Event]]:
    for tag in sorted(tags):
        yield (SILENCE if tag == QUIET else TIME), Due(at_s=node.wakes[tag], tag=tag)


def _examples(pack: LanguagePack, intent: Intent) -> list[Example]:
    """Return the first example of a command, and those with other slots."""
    found: list[Example] = []
    for example in pack.commands[intent].examples:
        if all(example.slots != other.slots for other in found):
            found.append(example)
    return found


def _step(node: Node, event: Event, library: Library) -> tuple[Node, tuple[Effect, ...]]:
    state, effects = advance(node.state, event, library)
    if any(isinstance(effect, Settle) for effect in effects):  # which a session answers at once
        state, more = advance(state, Settled(at_s=event.at_s, is_saved=True), library)
        effects = (*effects, *more)
    wakes = {tag: at_s for tag, at_s in node.wakes.items() if not (isinstance(event, Due) and event.tag == tag)}
    for effect in effects:
        if isinstance(effect, WakeMe):
            wakes[effect.tag] = effect.at_s
        elif isinstance(effect, Forget):
            wakes.pop(effect.tag, None)
    return Node(state=state, wakes=wakes, at_s=event.at_s), effects


def _to_its_end(node: Node, library: Library) -> tuple[Node, tuple[Effect, ...]]:
    """Advance beat after beat until the count ends."""
    effects: tuple[Effect, ...] = ()
    for _ in range(MOST_BEATS):
        due = [(at_s, tag) for tag, at_s in node.wakes.items() if tag in {BEAT, COUNT_END}]
        if not due or not isinstance(node.state, Counting):
            break
        at_s, tag = min(due)
        node, effects = _step(node, Due(at_s=at_s, tag=tag), library)
    return node, effects


def _beginnings(library: Library) -> Iterator[Node]:
    """Yield all possible first events: a new or a known person, asked or not, an unfinished session or none."""
    routine = max(library.routines.values(), key=lambda one: len(one.steps)).id
    left = _left(library, routine)
    choices = product((None, routine), (True, False), ASKED_OR_NOT, (None, left), (True, False))
    for wanted, is_first, checks, saved, asks in choices:
        event = Began(
            at_s=0.0,
            routine=wanted,
            usual=routine,
            is_first_session=is_first,
            checks=checks,
            saved=saved,
            asks_rating=asks,
        )
        yield _step(Node(state=Opening()), event, library)[0]


def _left(library: Library, routine: str) -> Saved | None:
    """Return the place that a session stores when it is left at its first step."""
    began = Began(at_s=0.0, routine=routine, usual=routine, checks=PASSED)
    node, _ = _step(Node(state=Opening()), began, library)
    _, effects = _step(node, Said(at_s=1.0, intent=Intent.READY), library)
    return next((effect.saved for effect in effects if isinstance(effect, Keep)), None)


def _shape(state: State, library: Library) -> Iterator[object]:
    """Yield what may matter for the next events: places, questions and flags; not numbers, names and sentences."""
    talk = state.talk
    gate = talk.gate if place_of(state) is None else talk.gate.general
    yield from (gate, talk.asked, talk.has_denied)
    if not isinstance(getattr(state, "before", state), Screening):  # far from the ratings, and with its own way back
        yield from (talk.asks_rating, bool(talk.undo))
    for name in _NAMES[type(state)]:
        value = getattr(state, name)
        if isinstance(value, Place):
            is_open = bool(value.sides) and not value.closed[1 - value.side]
            yield value.at + 1 == len(value.steps), is_open, value.pains > 0
            yield works_on_leg(library, value.routine, value.step)
        elif isinstance(value, bool | Intent):
            yield value
        elif name == "answers":
            yield any(given != "no" for _, given in value)
        elif isinstance(value, tuple):
            yield len(value) if name != "lines" else len(value) > 1
        elif is_dataclass(value) or value is None:
            yield type(value).__name__
            yield from (getattr(value, flag.name) for flag in fields(value) if flag.type == "bool") if value else ()
