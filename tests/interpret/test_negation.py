"""Openers and tails are taken off before a text is matched; a word that turns the meaning round never is."""

from __future__ import annotations

import pytest

from assistant.interpret import wish_words
from assistant.interpret.match import Matcher
from assistant.interpret.wishes import is_negated
from assistant.messages import Heard, Intent, Said

EVERYTHING = frozenset(Intent)


@pytest.fixture(scope="session")
def matcher(loaded):
    return Matcher(loaded.phrases, loaded.pack.skip_words, loaded.pack.numbers, wish_words(loaded.pack))


def heard(text):
    return Heard(text=text, is_final=True, is_sure=True, score=90.0, at_s=0.0, end_s=1.0)


def meaning(matcher, text):
    """The intent of a text, or None."""
    event = matcher.understand(heard(text), EVERYTHING, 1.0)
    return event.intent if isinstance(event, Said) else None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("um can you slow down for me", Intent.SLOWER),
        ("okay so i'd like to go back now please", Intent.PREVIOUS),
        ("let's move on if you don't mind", Intent.NEXT),
        ("could you please count for me this time", Intent.COUNT_ALOUD),
        ("can you stop", Intent.STOP),
        ("okay stop right now", Intent.STOP),
    ],
)
def test_what_stands_around_a_command_is_taken_off(matcher, text, intent):
    """Openers and tails of the language pack, and no more than is needed."""
    assert meaning(matcher, text) is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("not ready", Intent.NO),
        ("i'm not ready yet", Intent.NO),
        ("i'm not done", Intent.NO),
        ("do not go on", Intent.PAUSE),
        ("don't start yet", Intent.PAUSE),
        ("once more", Intent.REPEAT),
        ("i am not in position", None),
        ("do not skip this one", None),
        ("never mind that it is too slow", None),
        ("don't switch sides", None),
        ("it isn't too hard", None),
        ("dont count faster", None),
        ("so hard", None),
    ],
)
def test_a_negation_is_never_swallowed(matcher, text, intent):
    """A text that says "not" means a phrase that says it, or nothing."""
    assert meaning(matcher, text) is intent


@pytest.mark.parametrize("negation", ["not", "don't", "do not", "never", "no", "i did not say"])
def test_no_phrase_means_the_same_with_a_negation_before_it(matcher, loaded, negation):
    """Of all phrases: what is understood instead, if anything, says so too."""
    words = wish_words(loaded.pack)

    swallowed = [
        (text, event.text)
        for phrase in loaded.phrases
        if isinstance(event := matcher.understand(heard(text := f"{negation} {phrase.text}"), EVERYTHING, 1.0), Said)
        and not is_negated(event.text, words)
    ]

    assert swallowed == []
