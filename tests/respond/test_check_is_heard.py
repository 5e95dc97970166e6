"""A question of the safety check counts as answered when it was heard to its end, and the answer is believed."""

from __future__ import annotations

from assistant.messages import Began, Hush, Intent, Perhaps, Said, Say, VoiceEnded
from assistant.respond.dialogue import advance
from assistant.respond.states import EndedUrgent, Opening


def first_question(library):
    """The check of a person who was never asked, before its first question is over."""
    began, _ = advance(Opening(), Began(at_s=0.0, routine="full", usual="full"), library)
    return advance(began, Said(at_s=1.0, intent=Intent.READY, text="start"), library)[0]


def test_a_no_counts_only_when_the_group_was_heard_to_its_end(small):
    """A question that was not asked yet cannot be answered with no; a yes counts."""
    asked = first_question(small)
    early, effects = advance(asked, Said(at_s=2.0, intent=Intent.NO, text="no"), small)
    stopped, _ = advance(asked, Said(at_s=2.0, intent=Intent.YES, text="yes"), small)
    heard, cue = advance(early, VoiceEnded(at_s=9.0, utterance=early.awaiting, is_finished=True), small)
    on, _ = advance(heard, Said(at_s=10.0, intent=Intent.NO, text="no"), small)

    assert (early.questions, effects) == (asked.questions, ())
    assert isinstance(stopped, EndedUrgent)
    assert [effect.reply for effect in cue if isinstance(effect, Say)] == ["yes_or_no"]
    assert on.questions == asked.questions[1:]


def test_an_answer_that_was_not_believed_is_asked_again(small):
    """The same group is asked again, and after a second one there is no session."""
    asked = first_question(small)
    opened, _ = advance(asked, VoiceEnded(at_s=9.0, utterance=asked.awaiting, is_finished=True), small)

    again, effects = advance(opened, Perhaps(at_s=10.0, intent=Intent.NO, text="no wait"), small)
    reopened, _ = advance(again, VoiceEnded(at_s=20.0, utterance=again.awaiting, is_finished=True), small)
    over, _ = advance(reopened, Perhaps(at_s=21.0, intent=Intent.NO, text="no wait"), small)
    assert again.questions == asked.questions
    assert Hush(how="now") in effects
    assert type(over).__name__ == "EndedUrgent"
