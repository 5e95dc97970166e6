"""Actions while somebody is still speaking, and the additions at the end of the utterance."""

from __future__ import annotations

import pytest

from assistant.interpret.early import NEVER_AFTER, Speaking
from assistant.interpret.match import Matcher
from assistant.messages import AT_ONCE, SAFETY, Heard, Intent, NotNow, Said
from assistant.respond.transitions import legal_in


@pytest.fixture(scope="module")
def matcher(loaded) -> Matcher:
    return Matcher(loaded.phrases, loaded.pack.skip_words, loaded.pack.numbers)


class Listener:
    """Hears utterances in one state until something acts; then as if the dialogue were held."""

    def __init__(self, matcher, state):
        self.matcher, self.speaking, self.legal = matcher, Speaking(), legal_in(state)

    def hear(self, text, *, at_s=1.0, is_final=True, is_sure=True):
        heard = Heard(text=text, is_final=is_final, is_sure=is_sure, score=9.0, at_s=at_s, end_s=at_s + 0.5)
        event = self.matcher.understand(heard, self.speaking.legal(heard, self.legal), at_s)
        decided = self.speaking.decide(heard, (event,), self.legal)
        told = next(iter(decided), None) if isinstance(decided, tuple) else None
        if isinstance(told, Said) and told.intent in AT_ONCE:
            self.legal = legal_in("paused")
        return told

    def so_far(self, text, *, at_s=1.0):
        return self.hear(text, at_s=at_s, is_final=False)


@pytest.fixture
def counting(matcher):
    """Somebody who listens in the middle of a count."""
    return Listener(matcher, "counting")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("stop", Intent.STOP),
        ("pause", Intent.PAUSE),
        ("wait", Intent.PAUSE),
        ("hold on", Intent.PAUSE),
        ("that hurts", Intent.PAIN),
        ("too hard", Intent.TOO_HARD),
    ],
)
def test_what_silences_acts_before_the_end_of_the_utterance(counting, text, intent):
    """At once and once: the end of the same utterance adds nothing."""
    early, end = counting.so_far(text), counting.hear(text)

    assert (early.intent, early.text, end) == (intent, text, None)


@pytest.mark.parametrize("end", ["start", "stop", "resume"])
def test_a_shout_within_an_utterance_acts_once(counting, end):
    """It begins later than the talk around it; whatever the end of that is taken for, nothing starts."""
    shout = counting.so_far("stop", at_s=1.2)

    assert shout.intent is Intent.STOP
    assert counting.hear(end, at_s=1.0) is None


@pytest.mark.parametrize("intent", sorted(set(Intent) - SAFETY - AT_ONCE))
def test_nothing_else_acts_early(matcher, loaded, intent):
    """Whatever is heard of a sentence so far; its end is judged as ever."""
    listener = Listener(matcher, "counting")
    text = loaded.pack.commands[intent].examples[0].say

    assert listener.so_far(text) is None
    assert isinstance(listener.hear(text), (Said, NotNow))


@pytest.mark.parametrize("text", ["my leg is numb", "i need a doctor"])
def test_danger_holds_first_and_ends_the_guidance_when_the_sentence_has_ended(counting, text):
    """No word takes the end back, so half a sentence must not bring it."""
    early, end = counting.so_far(text), counting.hear(text)

    assert (early.intent, early.text) == (Intent.STOP, text)
    assert end.intent in SAFETY - AT_ONCE


@pytest.mark.parametrize(
    ("early", "whole", "intent"),
    [
        ("stop", "stop listening", Intent.SLEEP),
        ("wait", "wait two minutes", Intent.WAIT_FOR),
        ("pause", "pause for one minute", Intent.WAIT_FOR),
        ("hold on", "ouch", Intent.PAIN),
        ("wait", "stop", Intent.STOP),
        ("too hard", "it hurts too much", Intent.PAIN),
    ],
)
def test_who_says_more_gets_more(counting, early, whole, intent):
    """A hold stays, and the rest is done too; that is no correction."""
    counting.so_far(early)

    end = counting.hear(whole)

    assert (end.intent, end.corrects) == (intent, False)


@pytest.mark.parametrize(("early", "whole"), [("stop", "stop the session"), ("hold on", "hold on a moment")])
def test_more_words_for_the_same_are_the_same(counting, early, whole):
    """Nothing is said twice."""
    counting.so_far(early)

    assert counting.hear(whole) is None


def test_an_end_that_is_not_understood_is_dropped(counting):
    """It is held already; "not understood" would only be in the way."""
    counting.so_far("stop")

    assert counting.hear("stop that awful noise", is_sure=False) is None


@pytest.mark.parametrize("whole", ["slower", "next", "start over", "how many left"])
def test_a_command_that_was_mistaken_for_a_stop_corrects_it(counting, whole):
    """The dialogue is told that the hold was not asked for."""
    counting.so_far("stop")

    end = counting.hear(whole)

    assert end.corrects


def test_what_was_legal_before_the_hold_is_still_meant(matcher):
    """A routine can be named though the mistake has paused everything."""
    listener = Listener(matcher, "idle")
    listener.so_far("stop")

    end = listener.hear("start the evening routine")

    assert (end.intent, end.corrects) == (Intent.START_ROUTINE, True)


@pytest.mark.parametrize("intent", sorted(NEVER_AFTER))
@pytest.mark.parametrize("state", ["counting", "ready_prompt", "paused", "asleep", "screening"])
def test_what_would_set_a_count_going_is_not_believed_after_a_stop(matcher, loaded, state, intent):
    """A "stop" that ends as "start" is a stop."""
    for example in loaded.pack.commands[intent].examples:
        listener = Listener(matcher, state)
        listener.so_far("stop")

        assert listener.hear(example.say) is None


def test_another_utterance_is_judged_by_itself(counting):
    """Only what began at the same time is the same."""
    counting.so_far("stop", at_s=1.0)
    counting.hear("stop", at_s=1.0)

    assert counting.hear("resume", at_s=3.0).intent is Intent.RESUME
    assert counting.hear("stop", at_s=5.0).intent is Intent.STOP


def test_an_utterance_whose_end_never_comes_changes_nothing_of_the_next(counting):
    """An engine may have been started again."""
    counting.so_far("stop", at_s=1.0)

    again = counting.so_far("wait", at_s=7.0)
    end = counting.hear("wait two minutes", at_s=7.0)

    assert (again.intent, end.intent, end.corrects) == (Intent.PAUSE, Intent.WAIT_FOR, False)


def test_pain_is_heard_in_the_middle_of_a_stop(counting):
    """A second early hearing acts if it says more; a third of the same does not."""
    found = [counting.so_far(text) for text in ("stop", "that hurts", "it hurts", "pause")]

    assert [one and one.intent for one in found] == [Intent.STOP, Intent.PAIN, None, None]
    assert counting.hear("that hurts") is None


def test_a_second_wish_corrects_no_hold_that_was_meant():
    """After "pause and turn it down" the pause stays; "volume down" alone says that nobody wanted one."""
    speaking, before, after = Speaking(), legal_in("counting"), legal_in("paused")
    pause, quieter = (Said(at_s=1.0, intent=intent) for intent in (Intent.PAUSE, Intent.QUIETER))

    def ended(*events):
        for is_final, told, legal in ((False, (pause,), before), (True, events, after)):
            heard = Heard(text="", is_final=is_final, is_sure=True, score=9.0, at_s=1.0, end_s=1.5)
            decided = speaking.decide(heard, told, legal)
        return [(event.intent, event.corrects) for event in decided]

    assert ended(pause, quieter) == [(Intent.QUIETER, False)]
    assert ended(quieter) == [(Intent.QUIETER, True)]
