"""Talk that drowns every command: a count is held and it is said why; who goes on in spite of it is told, not held."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.messages import Drowned, Hush, Intent, Say
from assistant.respond.dialogue import advance
from assistant.respond.places import place_of
from assistant.respond.states import Paused
from assistant.respond.transitions import legal
from assistant.respond.unheard import AGAIN_S, ANEW_S

COUNTS = ("Counting", "Leading")


def replies(effects):
    return [effect.reply for effect in effects if isinstance(effect, Say)]


@pytest.mark.parametrize("state", COUNTS)
def test_a_count_that_nobody_can_stop_is_held(state, examples, library):
    """At its place, silently at once, with a reason; "resume" is the way on."""
    held, effects = advance(examples[state], Drowned(at_s=100.0), library)

    assert isinstance(held, Paused)
    assert place_of(held) == place_of(examples[state])
    assert Hush(how="now") in effects
    assert replies(effects)[0] in {"drowned_at", "drowned"}
    assert Intent.RESUME in legal(held)


@pytest.mark.parametrize(
    ("later_s", "is_held", "says"),
    [
        (AGAIN_S - 1, False, []),
        (AGAIN_S + 1, False, ["still_drowned"]),
        (ANEW_S + 1, True, ["drowned"]),
    ],
)
def test_who_counts_on_beside_a_television_is_told_now_and_then(later_s, is_held, says, examples, library):
    """A count that is held every four seconds cannot be finished."""
    counting = examples["Counting"]
    resumed = replace(counting, talk=replace(counting.talk, drowned_s=100.0))

    after, effects = advance(resumed, Drowned(at_s=100.0 + later_s), library)

    assert isinstance(after, Paused) is is_held
    assert replies(effects) == says


def test_nothing_else_is_moved_by_talk(examples, library):
    """A question waits, a pause stays, and nobody is spoken to."""
    for name, state in examples.items():
        if name not in COUNTS:
            assert advance(state, Drowned(at_s=100.0), library) == (state, ())
