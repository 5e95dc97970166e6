"""Reply keys and values become sentences."""

from __future__ import annotations

import pytest

from assistant.messages import Beat, Cue, Say
from assistant.speak.wording import Wording, placeholders


@pytest.fixture
def words(loaded):
    return Wording(loaded.pack)


def say(reply, **values):
    return Say(utterance=1, reply=reply, values=values)


def test_numbers_are_spoken_as_words(words):
    """Every voice reads them alike."""
    assert words.sentence(say("step", n=1, of=8, technique="pinch the legs")) == (
        "Technique one of eight: pinch the legs."
    )


def test_a_number_beyond_the_words_is_written_in_digits(words):
    """It is heard, if not nicely."""
    assert "999" in words.sentence(say("step", n=999, of=8, technique="x"))


def test_a_technique_may_name_the_side_and_the_count(words, loaded):
    """Its sentence is a value that has placeholders itself."""
    pack = loaded.pack.model_copy(update={"replies": {"action": "{text}"}})

    spoken = Wording(pack).sentence(say("action", text="{side} hand, {count} times.", side="left", count=36))

    assert spoken == "Left hand, thirty six times."


def test_a_sentence_begins_with_a_capital(words, loaded):
    """Also when it begins with a value; the rest is as written."""
    pack = loaded.pack.model_copy(update={"replies": {"left": "{n} left on the Gate of Life."}})

    assert Wording(pack).sentence(say("left", n=2)) == "Two left on the Gate of Life."


@pytest.mark.parametrize("values", [{}, {"n": 1, "of": 8}])
def test_a_missing_value_is_a_bug_and_not_a_strange_sentence(words, values):
    """So is an unknown reply."""
    with pytest.raises(KeyError):
        words.sentence(say("step", **values))
    with pytest.raises(KeyError):
        words.sentence(say("no_such_reply"))


def test_a_beat_is_its_number_and_its_cue(words):
    """Words as the language has them."""
    assert words.beat(Beat(at_s=0.0, n=21, of=36, period_s=1.0)) == words._pack.numbers[21]
    assert words.beat(Beat(at_s=0.0, n=2, of=36, period_s=1.0, cue="right")) == "two, right"


def test_a_cue_is_a_word_or_a_number(words):
    """The count-in counts, the second half of a repetition says where."""
    assert (words.cue(Cue(at_s=0.0, word=3)), words.cue(Cue(at_s=0.0, word="left"))) == ("three", "left")


def test_what_a_template_needs_is_told():
    """For the checker of files."""
    assert placeholders("{n} of {of}, {n} done, {{as it is}}") == {"n", "of"}
    with pytest.raises(ValueError, match="brace|'}'|'{'"):
        placeholders("{n of")


def test_every_reply_can_be_spoken_when_its_values_are_there(loaded):
    """No reply keeps a brace."""
    for reply, template in loaded.pack.replies.items():
        values = dict.fromkeys(placeholders(template), 3)

        spoken = Wording(loaded.pack).sentence(Say(utterance=1, reply=reply, values=values))

        assert "{" not in spoken, reply
        assert spoken[:1] == spoken[:1].upper(), reply
