"""Wishes that nobody has: offered to somebody, told as what can be said, or denied word for word."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Heard, Intent, Perhaps, Said
from assistant.wire.build import interpreter

EVERYTHING = frozenset(Intent)


@pytest.fixture(scope="module")
def made(loaded):
    """All that a session knows of English."""
    return interpreter(loaded)


@pytest.fixture
def typed(made):
    """The intents that a typed line does or asks about."""

    def intents(text):
        made.begin()
        events = made.understand(heard_from_line(text, 0.0), EVERYTHING, 1.0)
        return [event.intent for event in events if isinstance(event, Said | Perhaps)]

    return intents


@pytest.fixture
def spoken(made):
    """The same of what an ear wrote down in one or two readings, at its end or before."""

    def intents(text, *transcripts, is_final=True, spare=5.0, misfit=0.1):
        made.begin()
        score = 20.0 if text else 0.0
        heard = Heard(
            text=text,
            is_final=is_final,
            is_sure=bool(text),
            score=score,
            spare=spare if text else -1000.0,
            misfit=misfit,
            transcripts=transcripts,
            at_s=0.0,
            end_s=1.0,
        )
        return [event.intent for event in made.understand(heard, EVERYTHING, 1.0) if isinstance(event, Said)]

    return intents


@pytest.mark.parametrize(
    "text",
    [
        "do you want to skip this one",
        "so would you like some more",
        "does he need ten more",
        "did anyone want it louder",
        "you can say louder or quieter",
        "say repeat to hear it again",
        "to go on just say continue",
    ],
)
def test_what_somebody_is_offered_is_no_wish(typed, text):
    """A partner in the room, a broadcast, another assistant."""
    assert typed(text) == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("do you want to stop", Intent.STOP),
        ("do you want me to call an ambulance", Intent.EMERGENCY),
        ("would you like it if i stopped because it hurts", Intent.PAIN),
        ("do you need me to stand up", Intent.ASK),
        ("say that again", Intent.REPEAT),
        ("please say it slower", Intent.SPEAK_SLOWER),
        ("i would like to go on", Intent.RESUME),
        ("would you please slow down", Intent.SLOWER),
    ],
)
def test_a_cry_a_question_and_a_wish_stay_what_they_are(typed, text, intent):
    """Words of safety count wherever they stand; "would you please" asks for it."""
    assert typed(text)[:1] == [intent]


@pytest.mark.parametrize("text", ["too fast stop", "go slow stop", "be gentle stop", "it's too loud stop"])
def test_a_stop_behind_a_complaint_acts(made, text):
    """Only "not loud enough" and its kind is none."""
    made.begin()
    events = made.understand(heard_from_line(text, 0.0), EVERYTHING, 1.0)
    assert Intent.STOP in [event.intent for event in events if isinstance(event, Said)]


@pytest.mark.parametrize(
    "text",
    [
        "not louder",
        "i can't go faster",
        "don't repeat that",
        "you can't skip it",
        "we don't switch sides",
        "please don't turn it up",
    ],
)
def test_a_wish_right_behind_a_negation_is_none(typed, text):
    """It is not asked about either: the person has just said that it is not wanted."""
    assert typed(text) == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("i can't hear you", Intent.LOUDER),
        ("not so fast", Intent.SLOWER),
        ("no louder", Intent.LOUDER),
        ("don't go on", Intent.PAUSE),
        ("it's not loud enough", Intent.LOUDER),
    ],
)
def test_a_negation_that_is_part_of_a_wish_stays(typed, text, intent):
    """A command as a whole, an answer before a wish, and another wish than the one that is denied."""
    assert intent in typed(text)


def test_a_stop_that_may_be_a_step_waits_for_the_end_of_the_sentence(spoken):
    """The ear writes "skip this stop" for "skip this step" of most people; any other "stop" acts at once."""
    assert spoken("", "skip this stop", is_final=False) == []
    assert spoken("", "go to the next stop", is_final=False) == []
    assert spoken("stop", "stop", is_final=False) == [Intent.STOP]
    assert spoken("", "please stop", is_final=False) == [Intent.STOP]
    assert spoken("", "skip this stop") == [Intent.STOP]


def test_a_phrase_is_believed_where_the_ear_writes_another_word_for_one_of_its_own(spoken):
    """It writes "stop" for "step", "yo" for "yeah"; without such a reading the words count."""
    assert spoken("go to the next step", "go to the next stop") == [Intent.NEXT]
    assert spoken("yeah", "yo") == [Intent.YES]
    assert spoken("yeah", "deuce") == []


def test_the_second_reading_counts_where_it_is_the_phrase(spoken):
    """But it starts nothing against a first one that is another command, or denies it."""
    assert spoken("switch sides", "which side", "switch sides") == [Intent.SWITCH_SIDES]
    assert spoken("go back", "don't back", "go back", spare=12.0) == [Intent.PREVIOUS]
    assert spoken("go back", "don't back", "go back", spare=5.0) == []
    assert spoken("go on", "don't go on", "go on", spare=30.0) != [Intent.RESUME]


def test_a_cry_of_another_language_inside_a_sentence_is_misread_talk(spoken):
    """By itself, and with few words around it, it is a cry."""
    assert spoken("", "whoa please is in the door", "whoa pieces in the door") == []
    assert spoken("", "basta please", "basta please") == [Intent.STOP]
    assert spoken("", "the teacher said that basta", is_final=False) == []
