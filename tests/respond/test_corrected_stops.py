"""A command that corrects a stop heard too early, in every state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.interpret.early import NEVER_AFTER
from assistant.messages import AT_ONCE, SAFETY, Hush, Intent, Say
from assistant.respond.dialogue import advance
from assistant.respond.places import place_of
from assistant.respond.states import Counting, Leading, Opening, Paused
from assistant.respond.transitions import TABLE, legal
from assistant.speak.wording import placeholders
from tests.fakes.every_intent import SLOTS, replies, said

TALKING = [kind.__name__ for kind in TABLE if kind is not Opening]


@pytest.mark.parametrize("state", TALKING)
@pytest.mark.parametrize("early", sorted(AT_ONCE))
def test_what_corrects_a_stop_that_was_heard_too_early_sets_no_count_going(state, early, examples, library, loaded):
    """In every state, whatever it is; a step that was held stays held, and it is said how to go on."""
    before = examples[state]
    held, _ = advance(before, said(early), library)
    for intent in set(Intent) - NEVER_AFTER - AT_ONCE - SAFETY:
        for slots in SLOTS.get(intent, ({},)):
            after, effects = advance(held, replace(said(intent, slots), corrects=True), library)

            says = [effect for effect in effects if isinstance(effect, Say)]
            assert not isinstance(after, (Counting, Leading)), intent
            assert [one for one in says if placeholders(loaded.pack.replies[one.reply]) - one.values.keys()] == []
            if isinstance(after, Paused) and place_of(held):
                assert says[-1].reply == "say_resume"


@pytest.mark.parametrize("state", ["Idle", "Offered", "ResumeOffer", "Rating", "Finished"])
@pytest.mark.parametrize("early", [Intent.STOP, Intent.PAUSE, Intent.TOO_HARD])
def test_where_nothing_was_going_on_a_mistaken_stop_leaves_no_trace(state, early, examples, library):
    """The command is obeyed as if nothing else had been heard: the same state follows, by the same sentences."""
    before = examples[state]
    held, _ = advance(before, said(early), library)
    for intent in legal(before) - NEVER_AFTER - AT_ONCE - SAFETY - {Intent.WHAT_HEARD}:  # which tells it
        plain, wanted = advance(before, said(intent), library)
        after, effects = advance(held, replace(said(intent), corrects=True), library)

        assert type(after) is type(plain)
        assert place_of(after) == place_of(plain)
        assert replies(effects) == replies(wanted)
        assert Hush(how="now") in effects
