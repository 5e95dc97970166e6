"""The meaning of the whole sentence, against a rule that one part of it meets: typed, with all that a session has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Intent, Perhaps, Said
from assistant.wire.build import interpreter


@pytest.fixture(scope="module")
def events_of(loaded):
    """The events of a typed line, where everything is legal."""
    made = interpreter(loaded)

    def ask(line, **by_ear):
        made.begin()
        return made.understand(replace(heard_from_line(line, 0.0), **by_ear), frozenset(Intent), 1.0)

    return ask


@pytest.fixture(scope="module")
def wanted(events_of):
    return lambda text: [event.intent for event in events_of(text) if isinstance(event, Said)]


@pytest.mark.parametrize(
    "text",
    [
        "this leg has had enough let's swap to the other one",
        "that's enough here let's move over to my right leg",
    ],
)
def test_a_mild_cry_is_asked_about_where_the_whole_surely_wishes_something_else(events_of, text):
    """A question about a cry holds the count, so nothing is lost if it was one."""
    (event,) = events_of(text)
    assert isinstance(event, Perhaps)
    assert event.intent is Intent.STOP


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("please stop counting so fast", Intent.STOP),
        ("stop the timer", Intent.STOP),
        ("okay stop and switch the side", Intent.STOP),
        ("that hurts let's change over to the other leg", Intent.PAIN),
        ("it's too strong i want to go on to the next one", Intent.TOO_HARD),
        ("enough of that please go on to the next one", Intent.STOP),
    ],
)
def test_the_word_stop_and_graver_cries_act_whatever_else_is_wished(wanted, text, expected):
    """Nor is a cry asked about beside a wish that leaves or lessens what hurts."""
    assert wanted(text)[0] is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("can you do this with less pressure", [Intent.LIGHTER]),
        ("yes that's me done", [Intent.DONE]),
        ("leave that and go on to the next one", [Intent.NEXT]),
        ("go on then my usual one", [Intent.START_USUAL]),
        ("wait twenty seconds then begin", [Intent.WAIT_FOR]),
        ("no we're finished here for today", [Intent.END_SESSION]),
    ],
)
def test_what_is_said_around_one_wish_is_no_second_one(wanted, text, expected):
    """An answer or a go-ahead that the wish holds already, and half a sentence that only seems to ask."""
    assert wanted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what does this routine consist of", [Intent.WHATS_IN_IT]),
        ("jump to the calf pinching one", [Intent.GO_TO]),
    ],
)
def test_a_sure_meaning_comes_before_a_question_and_a_choice(wanted, text, expected):
    """A question may end with a preposition, and two names that describe one technique choose no two."""
    assert wanted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jump to the calf pinching and the pounding", [Intent.CHOOSE]),
        ("hold on which leg was that", [Intent.PAUSE, Intent.WHICH_SIDE]),
        ("no skip it", [Intent.NO, Intent.NEXT]),
        ("talk quieter and how hard do i press", [Intent.QUIETER, Intent.HOW_HARD]),
        ("the next one and is it normal that it gets warm", [Intent.NEXT, Intent.ASK]),
    ],
)
def test_two_wishes_stay_two(wanted, text, expected):
    """A hold before a question, an answer before a step, and a question that is one by its form."""
    assert wanted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("freeze it there a minute my phone is ringing", Intent.PAUSE),
        ("softer please i'm leaning on it much too heavy", Intent.LIGHTER),
    ],
)
def test_a_wish_that_holds_or_lessens_is_done_for_a_mild_cry_in_it(wanted, text, expected):
    """The words alone would be a stop and too hard; the whole surely asks for as much."""
    assert wanted(text) == [expected]


def test_words_of_pain_late_in_a_sure_wish_are_asked_about(events_of):
    """The question holds the count; at the beginning the same words act."""
    (event,) = events_of("delete all you know about me with the sore sides and all")
    assert isinstance(event, Perhaps)
    assert event.intent is Intent.PAIN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i understood the words but please describe it more exactly", [Intent.MORE_DETAIL]),
        ("this one but from the beginning", [Intent.RESTART_STEP]),
    ],
)
def test_a_reason_beside_a_sure_wish_is_no_wish(wanted, text, expected):
    """By itself half of each is likely to be a wish."""
    assert wanted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tell me again what to do and do the breathing with me", [Intent.REPEAT, Intent.BREATHE]),
        ("finish this session and tell me when the last one was", [Intent.END_SESSION, Intent.HISTORY]),
        ("count aloud again and a bit slower if you please", [Intent.COUNT_ALOUD, Intent.SLOWER]),
    ],
)
def test_two_wishes_are_found_by_what_both_halves_mean(wanted, text, expected):
    """Words that seldom end a wish ("what to do"), and an "if" or "when" in the other one, keep none of them back."""
    assert wanted(text) == expected


def test_a_welcome_ache_is_soreness_typed_and_pain_by_ear(wanted, events_of):
    """What was heard may be misread, so there the words of pain count; what is no welcome ache is pain in both."""
    ache = "ooh it aches a little but pleasantly so"
    events = events_of(ache, text="", is_sure=False, spare=-20.0, transcripts=(ache,))
    by_ear = [event.intent for event in events]

    assert wanted(ache) == [Intent.SORE]
    assert by_ear == [Intent.PAIN]
    assert wanted("it was pleasant but now it hurts") == [Intent.PAIN]


def test_a_cry_behind_a_question_is_asked_about(events_of):
    """Whatever the whole surely asks; a question about pain is answered."""
    (cry,) = events_of("should i go on and it hurts")
    (question,) = events_of("does it have to hurt")

    assert (type(cry), cry.intent) == (Perhaps, Intent.PAIN)
    assert (type(question), question.intent) == (Said, Intent.ASK)
