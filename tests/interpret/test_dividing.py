"""A sentence is one wish, two, or one that takes the place of another: typed, with all that a session has."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Intent, Said
from assistant.wire.build import interpreter


@pytest.fixture(scope="module")
def wanted(loaded):
    """The intents that are done after a typed line, where everything is legal."""
    made = interpreter(loaded)

    def ask(text):
        events = made.understand(heard_from_line(text, 0.0), frozenset(Intent), 1.0)
        return [event.intent for event in events if isinstance(event, Said)]

    return ask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on to the following one and i want it softer", [Intent.NEXT, Intent.LIGHTER]),
        ("the left is bad can we do it softer there", [Intent.SORER_SIDE, Intent.LIGHTER]),
        ("do the leg routine with fewer words", [Intent.START_ROUTINE, Intent.TALK_LESS]),
        ("skip this and go to the kidney one", [Intent.NEXT, Intent.GO_TO]),
        ("stop how many are left", [Intent.STOP, Intent.HOW_MANY_LEFT]),
        ("i've finished how many are there still", [Intent.DONE, Intent.STEPS_LEFT]),
    ],
)
def test_a_likely_wish_is_done_beside_a_sure_one(wanted, text, expected):
    """Alone the second one would be asked back; the first one says that somebody is speaking to us."""
    assert wanted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("next no just go on", [Intent.RESUME]),
        ("go to the second one no the third", [Intent.GO_TO]),
        ("resume no hold on", [Intent.PAUSE]),
        ("carry on no wait", [Intent.PAUSE]),
        ("where am i meant to put my hands", [Intent.WHERE_IS]),
    ],
)
def test_only_what_stands_after_a_correction_counts(wanted, text, expected):
    """The last example holds no correction, though it holds its words."""
    assert wanted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("finished this one move on to the next", [Intent.DONE]),
        ("that side's done go to the other", [Intent.SWITCH_SIDES]),
        ("stop for one minute and then continue", [Intent.WAIT_FOR]),
        ("you rattle it off so fast talk slower please", [Intent.SPEAK_SLOWER]),
        ("no leave it", [Intent.NO]),
        ("the kidney point and the pounding", [Intent.CHOOSE]),
    ],
)
def test_one_wish_is_not_done_twice(wanted, text, expected):
    """A person who is done is led on by that; a wait ends by itself; nobody wishes a thing and its opposite."""
    assert wanted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("okay keep going", [Intent.RESUME]),
        ("no thank you", [Intent.NO]),
    ],
)
def test_what_is_meant_at_one_moment_only_is_not_meant_where_no_moment_is_told(wanted, text, expected):
    """At the end of a routine the first asks for more, and the second ends the session."""
    assert wanted(text) == expected
