"""What `tuina list`, a prompt or a file calls a technique or a routine is understood wherever it can be asked for."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Intent, Said
from assistant.respond.transitions import STATE_NAMES, legal_in
from assistant.wire.build import interpreter


@pytest.fixture(scope="module")
def understands(loaded):
    """The intent and slots of a typed line in a state, or None."""
    made = interpreter(loaded)

    def ask(text, state):
        events = made.understand(heard_from_line(text, 0.0), legal_in(state), 1.0)
        found = [(event.intent, dict(event.slots)) for event in events if isinstance(event, Said)]
        return found[0] if len(found) == 1 else None

    return ask


def states_with(intent):
    return [name for name in STATE_NAMES if intent in legal_in(name)]


@pytest.mark.parametrize("state", states_with(Intent.GO_TO))
def test_every_technique_is_gone_to_by_what_it_is_called(understands, loaded, state):
    """Its names alone and after "go to", what a prompt calls it, and each description."""
    library = loaded.library
    wrong = []
    for one in library.techniques.values():
        words = library.words(one.id)
        said = [*words.spoken_names, words.name, *(f"go to {name}" for name in words.spoken_names)]
        for text in (*said, *(f"the {description} one" for description in words.descriptions)):
            found = understands(text, state)
            if found is None or library.technique_called(str(found[1].get("technique"))) != one.id:
                wrong.append((text, found))

    assert wrong == []


@pytest.mark.parametrize("state", states_with(Intent.START_ROUTINE))
def test_every_routine_is_started_by_what_it_is_called(understands, loaded, state):
    """Each name that `tuina list` shows, alone and with words around it, its title, and each description."""
    library = loaded.library
    wrong = []
    for one in library.routines.values():
        words = one.words[library.language]
        names = [text for name in words.spoken_names for text in (name, f"start the {name} routine", f"the {name} one")]
        for text in (*names, words.title, *(f"the {description} one" for description in words.descriptions)):
            found = understands(text, state)
            if found is None or library.routine_called(str(found[1].get("routine"))) != one.id:
                wrong.append((text, found))

    assert wrong == []


@pytest.mark.parametrize("state", states_with(Intent.GO_TO))
def test_every_step_is_gone_to_by_its_number(understands, state):
    """The numbers that `tuina list` and the prompts count with, and the last one."""
    numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight"]

    assert [understands(f"step {words}", state) for words in numbers] == [
        (Intent.GO_TO, {"number": number}) for number in range(1, 9)
    ]
    assert understands("the last one", state) == (Intent.GO_TO, {"number": -1})
    assert understands("the third technique", state) == (Intent.GO_TO, {"number": 3})
