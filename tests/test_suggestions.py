"""Suggestions are understood: every phrase in double quotes, in every state in which it is spoken.

The dialogue is walked: every state that is met is tried with every command, every mishearing, every silence and every
fault, and the sentences that come of it belong to the state that follows. Met again after other sentences, a state is
tried with the commands about words only: all commands there took four times as long, and reached ten more of 1,788
places of a sentence, none with a phrase in quotes.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict, deque
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

import assistant
from assistant.messages import (
    SAFETY,
    Began,
    Drowned,
    Due,
    Failed,
    Intent,
    NotNow,
    Perhaps,
    Recovered,
    Said,
    Say,
    Settled,
    Slept,
    Unsure,
    VoiceEnded,
)
from assistant.messages.events import Part
from assistant.respond.counting import BEAT, COUNT_END
from assistant.respond.dialogue import GET_READY, advance
from assistant.respond.holds import REST
from assistant.respond.places import place_at, place_of
from assistant.respond.silence import QUIET
from assistant.respond.snapshot import snapshot_of
from assistant.respond.states import Opening, Talk
from assistant.respond.transitions import legal
from assistant.routine import Area
from assistant.speak.wording import Wording
from tests.fakes.checks import CHECKS

QUOTED = re.compile("“([^”]*)”")
ADVICE = {"clipped", "hum", "keyboard", "ear", "input", "lines"}  # said once, and never over
ROOMS = tuple(part for part in get_args(Part) if part not in ADVICE)
ROUTINE = "lower-back"  # techniques with and without sides; the legs routine is the other one that is walked
MADE_OF_PARTS = (
    r"help_[a-z_]+",  # of each state
    rf"(failed|recovered)_({'|'.join(get_args(Part))})",
    r"(mean|waits)_[a-z_]+",  # of each command, and of each way to say a time
    r"verdict_(urgent|same_day|ask_doctor|no_leg|leave_out)",
    r"answer_(no|doctor)",
    r"(routines|also|chosen|in_it|then|without)_[123]",
    rf"enough_({'|'.join(get_args(Area))})",
)


def beginnings(library):
    """A new and a known person, asked or not, with and without something left, with and without pain."""
    left = snapshot_of(replace(place_at(library, ROUTINE, 1), done=(7, 0), pains=1), Talk())
    for routine in (None, ROUTINE, "legs"):
        for screened in ("never", "old", "passed", "passed_no_leg"):
            for saved, is_first in ((None, True), (None, False), (left, False)):
                yield Began(
                    at_s=0.0,
                    routine=routine,
                    usual=ROUTINE,
                    checks=CHECKS[screened],
                    saved=saved,
                    is_first_session=is_first,
                    asks_rating=saved is None,
                    can_save=not is_first,
                )


ABOUT_WORDS = (Intent.REPEAT, Intent.HELP, Intent.UNDO, Intent.YES, Intent.NO)
"""Commands whose answers hang on the sentences before them."""


def events(state, pack, intents):
    for intent in intents:
        for slots in sorted({tuple(sorted(one.slots.items())) for one in pack.commands[intent].examples})[:3]:
            if intent in legal(state):
                yield Said(at_s=9.0, intent=intent, slots=dict(slots), text=intent.value)
    yield from (NotNow(at_s=9.0, intent=intent) for intent in (Intent.START_ROUTINE, Intent.NEXT, Intent.YES))
    last = getattr(state, "awaiting", state.talk.next_utterance - 1)
    yield VoiceEnded(at_s=9.0, utterance=last, is_finished=True)
    yield Unsure(at_s=9.0)
    for intent in NEARLY:
        slots = pack.commands[intent].examples[0].slots if intent in legal(state) else {}
        yield Perhaps(at_s=9.0, intent=intent, slots=slots, text="quit")
    yield Perhaps(at_s=9.0, intent=Intent.WAIT_FOR, text="wait minutes")
    yield from (Due(at_s=99.0, tag=tag) for tag in (QUIET, REST, GET_READY, BEAT, COUNT_END))
    yield from (kind(at_s=9.0, room=room, **more) for room in ROOMS for kind, more in FAULTS)
    yield Slept(at_s=9.0, seconds=60.0)
    yield Drowned(at_s=99.0)
    yield from (Settled(at_s=9.0, is_saved=is_saved) for is_saved in (True, False))


NEARLY = (*sorted(SAFETY - {Intent.TOO_HARD}), Intent.END_SESSION, Intent.NEXT, Intent.WAIT_FOR)
FAULTS = ((Failed, {"reason": "gone"}), (Recovered, {}))


def shape(state):
    """Return what may matter for any words: place, rough progress, open question; not counts."""
    place, inner = place_of(state), getattr(state, "back", None) or getattr(state, "before", None)
    return (
        type(state).__name__,
        type(inner).__name__,
        (place.at + 1 == len(place.steps), len(place.steps) > 1, bool(place.sides), place.n > 0) if place else None,
        min(place.pains, 2) if place else 0,
        *(getattr(state, flag, None) for flag in ("trouble", "is_open", "does", "goes_on", "clue", "word")),
        len(getattr(state, "questions", ())),
        state.talk.asks_rating,
    )


def spoken_before(state):
    """Return what matters for words about words: what was said last, and what was not understood."""
    last = state.talk.last[-1:] and state.talk.last[-1].reply
    return state.talk.misses == 1, state.talk.help_page % 2, last


@pytest.fixture(scope="module")
def spoken(loaded):
    """Reply → sentence → the names of the states in which it is spoken, with what is legal there."""
    wording, found = Wording(loaded.pack), defaultdict(set)
    waiting, met = deque((Opening(), event) for event in beginnings(loaded.library)), set()
    while waiting:
        before, event = waiting.popleft()
        state, effects = advance(before, event, loaded.library)
        for effect in effects:
            if isinstance(effect, Say):
                found[effect.reply, wording.sentence(effect)].add((type(state), legal(state)))
        kind = shape(state)
        if (kind, spoken_before(state)) not in met:
            intents = ABOUT_WORDS if kind in met else Intent
            met |= {kind, (kind, spoken_before(state))}
            waiting.extend((state, following) for following in events(state, loaded.pack, intents))
    return found


def test_every_suggested_phrase_is_understood_where_it_is_suggested(spoken, loaded):
    """Each phrase in double quotes belongs to a command that is legal in every state in which it is spoken."""
    means = {phrase.text: phrase.intent for phrase in loaded.phrases}
    suggested = [
        (reply, phrase, kind.__name__, means.get(phrase) in understood)
        for (reply, sentence), kinds in spoken.items()
        for phrase in (found.lower() for found in QUOTED.findall(sentence))
        for kind, understood in kinds
    ]

    assert [one[:3] for one in suggested if not one[3]] == []
    assert len(suggested) > 200


QUESTIONS = {
    *("all_right", "are_you_hurt", "is_pain_gone", "say_ready_to_go_on", "ease_off"),
    *("doubt_stop", "doubt_pain", "doubt_red_flag", "doubt_emergency", "mean_end_session", "mean_next"),
}
HELD = {"paused", "paused_at", "stopped", "stopped_at", "say_resume", "take_your_rest", "pain_stays", "pain_outside"}


def test_a_yes_counts_after_every_question_and_after_nothing_else_in_a_hold(spoken):
    """A request for yes or no is spoken only where both are legal; the ways to go on only where they are not."""
    answers = {Intent.YES, Intent.NO}
    places = {reply: set.union(*(kinds for (one, _), kinds in spoken.items() if one == reply)) for reply, _ in spoken}
    open_in = {reply: {answers <= understood for _, understood in kinds} for reply, kinds in places.items()}

    assert {reply: open_in[reply] for reply in QUESTIONS} == {key: {True} for key in QUESTIONS}
    assert {reply: open_in[reply] for reply in HELD} == {key: {False} for key in HELD}


def test_what_it_tells_to_say_stands_in_quotes(loaded):
    """Else nobody would notice a suggestion that is not understood."""
    texts = [*loaded.pack.replies.values()]
    for technique in loaded.library.techniques:
        texts += loaded.library.words(technique).texts().values()

    bare = [text for text in texts if re.search(r"\b[Ss]ay\b(?! “| a number| start, and| that )", text)]

    assert bare == []


def test_every_reply_is_used_and_every_used_reply_exists(spoken, loaded):
    """No sentence that nobody says; no key that has no sentence."""
    sources = Path(assistant.__file__).parent.rglob("*.py")
    nodes = [node for path in sources for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    said = {reply for reply, _ in spoken}

    unused = {key for key in loaded.pack.replies if key not in words | said}

    assert {key for key in unused if not any(re.fullmatch(part, key) for part in MADE_OF_PARTS)} == set()
    assert said <= set(loaded.pack.replies)


def test_help_names_what_it_promises(spoken, loaded):
    """First what to do when it hurts; then every state that can be asked has two pages of at most three phrases."""
    keys = {key for key in loaded.pack.replies if re.fullmatch(r"help_[a-z_]+", key)} - {"help_pain"}
    said = {reply for reply, _ in spoken}

    assert keys - said == set()
    assert all(1 <= len(QUOTED.findall(loaded.pack.replies[key])) <= 3 for key in keys)
