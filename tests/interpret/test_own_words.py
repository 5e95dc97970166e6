"""Sentences in a person's own words, typed: two wishes, corrections and numbers, with all that a session has."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Intent, Perhaps, Said
from assistant.respond.transitions import legal_in
from assistant.wire.build import interpreter


@pytest.fixture(scope="module")
def events(loaded):
    """The events of a typed line in a state."""
    made = interpreter(loaded)
    return lambda text, state: made.understand(heard_from_line(text, 0.0), legal_in(state), 1.0)


@pytest.mark.parametrize(
    ("text", "state", "expected"),
    [
        ("pause and turn it down", "counting", [(Intent.PAUSE, {}), (Intent.QUIETER, {})]),
        ("next but slower", "counting", [(Intent.NEXT, {}), (Intent.SLOWER, {})]),
        ("repeat that and slower", "counting", [(Intent.REPEAT, {}), (Intent.SLOWER, {})]),
        ("repeat that and slower", "locating", [(Intent.REPEAT, {}), (Intent.SPEAK_SLOWER, {})]),
        ("okay i'm ready but count slower", "ready_prompt", [(Intent.READY, {}), (Intent.SLOWER, {})]),
        ("no skip it", "ready_prompt", [(Intent.NO, {}), (Intent.NEXT, {})]),
        (
            "wait two minutes then go to the next step",
            "counting",
            [(Intent.WAIT_FOR, {"duration": 120}), (Intent.NEXT, {})],
        ),
        ("next, no, repeat", "counting", [(Intent.REPEAT, {})]),
        ("go to step five no sorry step six", "counting", [(Intent.GO_TO, {"number": 6})]),
        ("it was seven and now it is four", "rating", [(Intent.RATE_PAIN, {"number": 4})]),
        ("between four and five let's say five", "rating", [(Intent.RATE_PAIN, {"number": 5})]),
        ("a dozen more please", "counting", [(Intent.MORE_REPS, {"number": 12})]),
        ("could you wait twelve minutes for me", "counting", [(Intent.WAIT_FOR, {"duration": 720})]),
        ("the one where you pinch your legs", "paused", [(Intent.GO_TO, {"technique": "leg pinch"})]),
        ("not ready", "ready_prompt", [(Intent.NO, {})]),
        ("no let's skip it", "ready_prompt", [(Intent.NO, {}), (Intent.NEXT, {})]),
        ("hold on which leg was that", "counting", [(Intent.PAUSE, {}), (Intent.WHICH_SIDE, {})]),
        ("i'm done what's next", "counting", [(Intent.DONE, {}), (Intent.WHATS_NEXT, {})]),
        ("say that again but slower", "paused", [(Intent.REPEAT, {"last": 1}), (Intent.SPEAK_SLOWER, {})]),
        ("i lost count what are we on", "paused", [(Intent.WHAT_COUNT, {})]),
    ],
)
def test_what_is_said_is_done_in_its_order(events, text, state, expected):
    """One event for each wish, with its slots."""
    done = [(event.intent, dict(event.slots)) for event in events(text, state) if isinstance(event, Said)]

    assert done == expected


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("give me forty minutes please", "counting"),
        ("i would say fourteen", "rating"),
        ("wait 1:30 minutes", "counting"),
    ],
)
def test_a_number_that_cannot_be_done_is_never_another_one(events, text, state):
    """It is asked about, or nothing: no number is in it."""
    found = events(text, state)

    assert [event for event in found if isinstance(event, Said) and event.slots] == []
    assert [event for event in found if isinstance(event, Perhaps) and event.slots] == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ooh that's a good kind of ache", Intent.SORE),
        ("mm it hurts so good", Intent.SORE),
        ("it's painful in a good way", Intent.SORE),
        ("that really hurts in a good way", Intent.PAIN),
        ("no good pain, it's sharp", Intent.PAIN),
        ("it hurts in a good way and i feel dizzy", Intent.RED_FLAG),
    ],
)
def test_a_pain_that_is_wanted_is_soreness_where_soreness_is_asked_for(loaded, text, intent):
    """Whatever is strong, denied or graver beside it stays what it is."""
    legal = frozenset(Intent)

    (event,) = interpreter(loaded).understand(heard_from_line(text, 0.0), legal, 1.0)

    assert event.intent is intent


@pytest.mark.parametrize("text", ["i fell asleep halfway last time go on from that", "soon come my pot will boil over"])
def test_a_bare_word_of_health_is_a_fact_in_the_check_only(loaded, text):
    """A count or a pause asks nobody about their health."""
    events = interpreter(loaded).understand(heard_from_line(text, 0.0), frozenset(Intent), 1.0)

    assert Intent.HEALTH not in {getattr(event, "intent", None) for event in events}
