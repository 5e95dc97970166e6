"""Every journey in tests/journeys/ is a conversation that must go as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter
from assistant.messages import Intent, Said
from assistant.testing import perform

JOURNEYS = sorted((Path(__file__).parent / "journeys").glob("*.txt"))


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda path: path.stem)
def test_journey(journey, loaded, tmp_path):
    """The conversation goes as it is written."""
    perform(journey, loaded, tmp_path)


def test_every_intent_is_said_in_a_journey(loaded):
    """Each intent occurs in a conversation, understood as what it is."""
    interpreter = Interpreter(loaded.phrases, loaded.pack)
    said = {
        line.partition(":")[2].strip()
        for journey in JOURNEYS
        for line in journey.read_text(encoding="utf-8").splitlines()
        if line.startswith(("you:", "you!:"))
    }
    heard = [heard_from_line(text, 0.0) for text in said]
    events = [event for one in heard for event in interpreter.understand(one, frozenset(Intent), 0.0)]

    assert {event.intent for event in events if isinstance(event, Said)} == set(Intent)
    assert len(JOURNEYS) >= 60
