"""One utterance is divided into at most two wishes; what stands around them is taken off, a negation never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.interpret import expand_template, split, wish_words
from assistant.interpret.match import Matcher
from assistant.interpret.wishes import bare, is_negated
from assistant.messages import Heard, Intent, Said


@pytest.fixture(scope="session")
def words(loaded):
    return wish_words(loaded.pack)


@pytest.fixture(scope="session")
def is_meant(loaded, words):
    """A text means something if it is a phrase, in any of its forms."""
    matcher = Matcher(loaded.phrases, loaded.pack.skip_words, loaded.pack.numbers, words)

    def ask(text):
        heard = Heard(text=text, is_final=True, is_sure=True, score=0.0, at_s=0.0, end_s=1.0)
        return isinstance(matcher.understand(heard, frozenset(Intent), 0.0), Said)

    return ask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pause and turn it down", ("pause", "turn it down")),
        ("next but slower", ("next", "slower")),
        ("okay i'm ready but count slower", ("okay i'm ready", "count slower")),
        ("wait two minutes then go to the next step", ("wait two minutes", "go to the next step")),
        ("no skip it", ("no", "skip it")),
        ("yes start the evening routine", ("yes", "start the evening routine")),
        ("hold on can you speak up", ("hold on", "can you speak up")),
        ("it's too hard let's move on", ("it's too hard", "let's move on")),
        ("continue and count for me this time", ("continue", "count for me this time")),
        ("five less and then switch sides please", ("five less", "switch sides please")),
        ("the right side first and only ten", ("the right side first", "only ten")),
    ],
)
def test_two_wishes_are_divided_in_their_order(text, expected, is_meant, words):
    """At a join, after an answer, and where a second sentence begins."""
    assert split(text, is_meant, words) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("next, no, repeat", "repeat"),
        ("step five no sorry step six", "step six"),
        ("slower no talk faster please", "talk faster please"),
        ("one more no actually let's end it", "let's end it"),
        ("louder i mean quieter", "quieter"),
        ("next no previous no repeat", "repeat"),
    ],
)
def test_after_a_correction_the_last_one_counts(text, expected, is_meant, words):
    """All that was said before it is left out."""
    assert split(text, is_meant, words) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "left or right",
        "is it left or right",
        "wait for one minute and a half",
        "one hundred and five more",
        "not so fast",
        "no more",
        "no pain at all",
        "no not yet",
        "there is no next one",
        "bend forward and pinch the legs",
        "that is what i said and nobody listened",
        "what can i say",
        "how do i do that",
        "i am back and forth all day",
    ],
)
def test_one_wish_stays_one(text, is_meant, words):
    """A number, words that stay together, a negation, a question, and talk."""
    assert len(split(text, is_meant, words)) == 1


def test_a_corrected_number_stays_in_its_sentence(is_meant, words):
    """The word "three" alone is a rating and no wait: the reader of slots takes the last number."""
    assert split("wait two no make it three minutes", lambda text: "wait" in text, words) == (
        "wait two no make it three minutes",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("um could you please slow down for me", "slow down"),
        ("okay so i'd like to go back now please", "go back"),
        ("let's move on if you don't mind", "move on"),
        ("not now", "not"),
        ("please", "please"),
        ("", ""),
    ],
)
def test_openers_and_tails_are_taken_off(text, expected, words):
    """As long as something is left."""
    assert bare(text, words) == expected


def expanded(loaded, templates):
    """Every text of the templates that says no "not" itself, as "if you don't mind" does."""
    pack = loaded.pack
    texts = {text for one in templates for text, _ in expand_template(one, pack.lists, pack.rules)}
    return sorted(text for text in texts if not set(pack.wishes.negations) & set(text.split()))


@given(data=st.data())
def test_a_negation_is_never_taken_off(loaded, words, data):
    """Whatever stands around it: no opener holds one, and no tail but one that says "if you don't mind"."""
    openers = st.sampled_from(expanded(loaded, loaded.pack.wishes.openers))
    tails = st.sampled_from(expanded(loaded, loaded.pack.wishes.tails))
    negation = data.draw(st.sampled_from(sorted(words.negations)))
    text = " ".join(
        [*data.draw(st.lists(openers, max_size=3)), negation, "ready", *data.draw(st.lists(tails, max_size=3))]
    )

    assert is_negated(text, words)


SOME = [
    "next",
    "no",
    "and",
    "then",
    "pause",
    "um",
    "please",
    "can",
    "you",
    "slower",
    "but",
    "not",
    "sorry",
    "i",
    "mean",
]


@given(text=st.lists(st.sampled_from(SOME), max_size=9))
def test_whatever_is_said_there_are_at_most_two_parts_of_its_own_words(text, is_meant, words):
    """No word is made up, none stands twice, and every part has some."""
    parts = split(" ".join(text), is_meant, words)
    said = [word for part in parts for word in part.split()]

    assert len(parts) <= 2
    assert all(parts)
    assert len(said) <= len(text)
    assert set(said) <= set(text)
