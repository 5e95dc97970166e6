"""A command that was nearly heard: asked about where a question costs less than a mistake; ends by an exact "yes"."""

from __future__ import annotations

import pytest

from assistant.messages import ASKED_BACK, Due, Forget, Intent, Leave, Perhaps, Said, Unsure
from assistant.respond.dialogue import GET_READY, advance
from assistant.respond.places import place_of
from assistant.respond.silence import QUIET
from assistant.respond.states import Confirm, PainHold, Paused
from assistant.respond.transitions import TABLE

STATES = [kind.__name__ for kind in TABLE]
ASKABLE = ["Idle", "Offered", "ResumeOffer", "ReadyPrompt", "Locating", "OwnPace", "Paused", "PauseAsked", "Finished"]


def said(intent: Intent) -> Said:
    return Said(at_s=103.0, intent=intent, text=intent.value)


def nearly(intent: Intent) -> Perhaps:
    return Perhaps(at_s=101.0, intent=intent, text="quit")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("intent", Intent)
def test_a_command_that_was_nearly_heard_ends_nothing(state, intent, examples, library):
    """In every state: it is asked about where that is worth it, and else it is unknown speech."""
    before = examples[state]

    after, effects = advance(before, nearly(intent), library)

    is_asked = state in ASKABLE and intent in ASKED_BACK
    assert type(after) is (Confirm if is_asked else type(before))
    assert place_of(after) == place_of(before)
    assert not [effect for effect in effects if isinstance(effect, Leave)]
    assert is_asked or (after, effects) == advance(before, Unsure(at_s=101.0), library)


@pytest.mark.parametrize("state", ASKABLE)
def test_only_an_exact_yes_ends_what_was_nearly_heard(state, examples, library):
    """No, never mind and silence lead back, a pause without its question; so does what is not understood."""
    before = examples[state]
    asked, _ = advance(before, nearly(Intent.END_SESSION), library)

    _, ended = advance(asked, said(Intent.YES), library)
    unsure, _ = advance(asked, Unsure(at_s=102.0), library)
    again, _ = advance(asked, nearly(Intent.END_SESSION), library)
    answers = [advance(asked, said(intent), library) for intent in (Intent.NO, Intent.CANCEL)]
    once, _ = advance(asked, Due(at_s=110.0, tag=QUIET), library)
    twice = advance(once, Due(at_s=120.0, tag=QUIET), library)

    assert [effect.reason for effect in ended if isinstance(effect, Leave)] == ["asked"]
    assert type(unsure) is type(again) is type(once) is Confirm
    for after, effects in (*answers, twice):
        assert type(after) is (Paused if isinstance(before, Paused) else type(before))
        assert place_of(after) == place_of(before)
        assert not [effect for effect in effects if isinstance(effect, Leave)]


def test_what_holds_a_session_holds_it_behind_the_question_too(examples, library):
    """A "stop" or pain is not lost because something was asked."""
    asked, _ = advance(examples["OwnPace"], nearly(Intent.END_SESSION), library)

    stopped, _ = advance(asked, said(Intent.STOP), library)
    hurt, _ = advance(asked, said(Intent.PAIN), library)

    assert isinstance(stopped, Paused)
    assert stopped.is_own_pace
    assert isinstance(hurt, PainHold)
    assert place_of(stopped) == place_of(examples["OwnPace"])


def test_who_is_asked_is_not_in_position_yet(examples, library):
    """A count that would begin by itself waits for a word."""
    _, effects = advance(examples["ReadyPrompt"], nearly(Intent.END_SESSION), library)

    assert Forget(tag=GET_READY) in effects
