"""The time until somebody counts: words and answers from the first word to the first number."""

from __future__ import annotations

import pytest

from assistant.messages import Past, Say
from assistant.respond.gate import DAY_S
from assistant.speak.wording import Wording
from tests.respond.conftest import Talker

WORDS_A_MINUTE = 150
MOST_S = 110.0  # of speech alone; rendered, with the pauses, it is 132 s (docs/benchmarks.md)
KNOWN_S = 30.0  # as wanted, of speech alone
ANSWERS = {
    "Teaching": ("stop", "that hurts", "pause"),
    "PaceAsked": ("yes",),
    "Offered": ("start",),
    "Screening": ("no",),
    "ReadyPrompt": ("ready",),
}


@pytest.fixture
def until_the_count(library, interpreter, loaded):
    """Answers at once, and returns the seconds of speech and the number of answers up to the first number."""

    def walk(**began):
        words, answers, said = [], 0, []
        wording = Wording(loaded.pack)

        def on_step(before, event, effects, after):
            words.extend(wording.sentence(one) for one in effects if isinstance(one, Say))

        talker = Talker(library, interpreter, on_step)
        talker.begin(routine="full", **began)
        while type(talker.state).__name__ != "Counting":
            talker.hear_out()
            name = type(talker.state).__name__
            if name in ANSWERS:
                answer = ANSWERS[name][said.count(name) % len(ANSWERS[name])]
                said.append(name)
                talker.say(answer)
                answers += 1
        return sum(len(one.split()) for one in words) * 60 / WORDS_A_MINUTE, answers

    return walk


def test_a_new_person_counts_soon(until_the_count):
    """Advice, lesson, safety check and the first technique."""
    seconds, _ = until_the_count(is_first_session=True, checks={})

    assert seconds <= MOST_S


def test_a_known_person_counts_soon(until_the_count):
    """Two days later: one question, and a technique that is known by its name."""
    passed = dict.fromkeys(("checked_general", "checked_back", "checked_legs"), 2 * DAY_S)
    past = Past(sessions=2, known={"gate-of-life": 2})
    seconds, answers = until_the_count(is_first_session=False, checks=passed, past=past, asks_rating=True)

    assert seconds <= KNOWN_S
    assert answers == len(("start", "no", "ready"))
