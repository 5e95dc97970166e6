"""Our own sentence, coming back from the loudspeaker."""

from __future__ import annotations

import pytest

from assistant.interpret.own_voice import Sounding, is_own_voice
from assistant.messages import SAFETY, Intent


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("ready", "Say ready."),
        ("start the evening routine", "Hello. Say start the evening routine, or ask what routines there are."),
        ("twenty four left", "Twenty-four left."),
        ("skip this one", "Rest a moment. Say resume, skip this one, or end session."),
        ("that's it", "Good, that's it!"),
    ],
)
def test_words_that_stand_in_the_sentence_are_ours(text, spoken):
    """Word for word, whatever the capitals, commas and hyphens."""
    assert is_own_voice(text, Intent.READY, Sounding(spoken))


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("ready", "Already done."),
        ("next", "Say next-door neighbour, nextly."),
        ("this one skip", "Skip this one."),
        ("ready now", "Say ready."),
        ("pause", ""),
        ("", "Say ready."),
        ("resume end", "Say resume, or end session. Resume."),
    ],
)
def test_other_words_are_not_ours(text, spoken):
    """Parts of words, another order, more than we said, and silence."""
    assert is_own_voice(text, Intent.READY, Sounding(spoken)) is (text == "next")


@pytest.mark.parametrize("intent", sorted(SAFETY, key=lambda intent: intent.value))
def test_a_safety_word_always_passes(intent):
    """Whoever said it; our own prompts avoid these words instead."""
    assert not is_own_voice("stop", intent, Sounding("Say stop."))


@pytest.mark.parametrize(
    ("text", "intent", "reply", "is_ours"),
    [
        ("stop", Intent.STOP, "stopped", True),
        ("stop", Intent.STOP, "stopped_at", True),
        ("stop it", Intent.STOP, "stopped", False),
        ("stop", Intent.STOP, "paused_at", False),
        ("stop", Intent.RED_FLAG, "stopped", False),
        ("stop", Intent.STOP, "", False),
        ("", Intent.STOP, "stopped", False),
    ],
)
def test_a_command_over_its_own_answer_asks_for_nothing(text, intent, reply, is_ours):
    """It asks for nothing new; anything else over the same answer is obeyed."""
    assert is_own_voice(text, intent, Sounding("Stopped at one. Say resume.", reply)) is is_ours


def test_a_pause_over_paused_asks_for_nothing_but_other_words_for_it_do():
    """There we say nothing like "wait"."""
    assert is_own_voice("pause", Intent.PAUSE, Sounding("Paused. Say resume.", "paused"))
    assert not is_own_voice("wait", Intent.PAUSE, Sounding("Paused. Say resume.", "paused"))
