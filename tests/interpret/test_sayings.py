"""Whole sentences that act as a command: what is near to them, and what safety hears, stays what it is."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter, expand
from assistant.interpret.sayings import NOWHERE
from assistant.messages import Intent, Said
from assistant.respond.transitions import TABLE, legal_in
from assistant.store.library import load
from assistant.wire import build


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    pack = load().pack
    return Interpreter(expand(pack), pack, build.meaning("en"))


@pytest.mark.parametrize(
    ("text", "state", "intent"),
    [
        ("do i need to see a doctor first", "ready_prompt", Intent.EXPERT_ADVICE),
        ("i need to see a doctor", "ready_prompt", Intent.EMERGENCY),
        ("i have to go", "counting", Intent.END_SESSION),
        ("see you later", "finished", Intent.END_SESSION),
        ("lovely", "finished", Intent.END_SESSION),
        ("i need a little more time", "counting", Intent.PAUSE),
        ("something else", "counting", Intent.CHOOSE),
        ("let go", "counting", Intent.PAUSE),
        ("oh leave that", "counting", Intent.PAUSE),
        ("my hands are off", "ready_prompt", Intent.PAUSE),
        ("leave it", "asked_back", Intent.CANCEL),
        ("not now", "asked_back", Intent.NO),
        ("am i nearly done", "counting", Intent.HOW_MANY_LEFT),
        ("i need to sit down", "counting", Intent.PAUSE),
        ("do i need to sit down", "counting", Intent.ASK),
        ("yep that's the spot", "locating", Intent.READY),
        ("it's worse than before", "counting", Intent.PAIN),
        ("no it's worse now", "pain_asked", Intent.PAIN),
        ("the left is worse", "counting", Intent.SORER_SIDE),
        ("ring for an ambulance", "counting", Intent.EMERGENCY),
    ],
)
def test_a_whole_sentence_is_a_command(interpreter: Interpreter, text: str, state: str, intent: Intent) -> None:
    """In the states where it is meant so."""
    (event,) = interpreter.understand(heard_from_line(text, 1.0), legal_in(state), 1.0)
    assert isinstance(event, Said)
    assert event.intent is intent


@pytest.mark.parametrize("text", ["see you later", "lovely", "that's all folks he said", "i have to go to the shop"])
def test_talk_in_a_count_ends_nothing(interpreter: Interpreter, text: str) -> None:
    """A goodbye may be said to somebody who leaves the room."""
    events = interpreter.understand(heard_from_line(text, 1.0), legal_in("counting"), 1.0)
    assert not any(isinstance(event, Said) and event.intent is Intent.END_SESSION for event in events)


def test_no_state_takes_what_only_a_measurement_does() -> None:
    """Else sayings of that state would be left out in it."""
    assert [kind.__name__ for kind, row in TABLE.items() if set(row) >= NOWHERE] == []
