"""A sentence in a person's own words: typed, or as the ear wrote it down beside its phrases."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter
from assistant.messages import SAFETY, Heard, Intent, NotNow, Perhaps, Said, Unsure
from assistant.respond.transitions import legal_in
from assistant.wire import build

EVERYTHING = frozenset(Intent)


@pytest.fixture(scope="module")
def interpreter(loaded) -> Interpreter:
    """With what was learned of English."""
    return build.interpreter(loaded)


def typed(interpreter, text, legal=EVERYTHING):
    return interpreter.understand(heard_from_line(text, 1.0), legal, 1.0)


def sound(text, *transcripts, is_sure=False, misfit=0.0, is_final=True):
    """An utterance as the phonetic ear gives it: its nearest phrase, and what it wrote down."""
    return Heard(
        text=text,
        is_final=is_final,
        is_sure=is_sure,
        score=9.0,
        at_s=1.0,
        end_s=2.0,
        spare=-20.0,
        transcripts=transcripts,
        misfit=misfit,
    )


def meant(events):
    return [(type(event), event.intent, dict(getattr(event, "slots", {}))) for event in events]


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("um could you slow down a bit for me", Intent.SLOWER, {}),
        ("i can hardly hear you speak up", Intent.LOUDER, {}),
        ("how many repetitions are remaining", Intent.HOW_MANY_LEFT, {}),
        ("wait twelve minutes please", Intent.WAIT_FOR, {"duration": 720}),
        ("a dozen more of those", Intent.MORE_REPS, {"number": 12}),
        ("the one where you pinch your legs", Intent.GO_TO, {"technique": "leg pinch"}),
    ],
)
def test_own_words_are_done(interpreter, text, intent, slots):
    """With their numbers and names."""
    (event,) = typed(interpreter, text)

    assert isinstance(event, Said)
    assert event.intent is intent
    assert event.slots.keys() == slots.keys()
    assert intent is Intent.GO_TO or dict(event.slots) == slots


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("pause and turn it down", [Intent.PAUSE, Intent.QUIETER]),
        ("next but slower", [Intent.NEXT, Intent.SLOWER]),
        ("next no repeat", [Intent.REPEAT]),
        ("stop the timer", [Intent.STOP]),
        ("too hard let's skip this one", [Intent.TOO_HARD, Intent.NEXT]),
    ],
)
def test_two_wishes_and_corrections(interpreter, text, intents):
    """In their order; after a correction the last one counts; a calm wish may follow a cry."""
    assert [event.intent for event in typed(interpreter, text)] == intents


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ow my back how many left", Intent.PAIN),
        ("ow what number are we on", Intent.PAIN),
        ("ouch where exactly is the point", Intent.PAIN),
        ("my wrist hurts how hard should i press", Intent.PAIN),
        ("ow slower please", Intent.PAIN),
        ("stop how many left", Intent.STOP),
        ("i feel dizzy how long is this going to take", Intent.RED_FLAG),
    ],
)
def test_no_other_wish_silences_a_cry(interpreter, text, intent):
    """Whatever else is asked in the same breath."""
    events = typed(interpreter, text)

    assert isinstance(events[0], Said)
    assert events[0].intent is intent


@pytest.mark.parametrize(
    "text", ["next week we are off to spain", "i feel fine", "he quit his job in the summer", "the dinner is ready"]
)
def test_talk_is_nothing(interpreter, text):
    """Also where a word of a command stands in it."""
    assert [type(event) for event in typed(interpreter, text)] == [Unsure]


def test_a_number_that_cannot_be_done_is_never_another_one(interpreter):
    """It is asked for, or asked back without a time."""
    (event,) = typed(interpreter, "wait for three hours")

    assert event.intent is Intent.WAIT_FOR
    assert "duration" not in event.slots


def test_a_call_for_help_is_asked_about(interpreter):
    """It may mean the program."""
    assert meant(typed(interpreter, "help me")) == [(Perhaps, Intent.EMERGENCY, {})]


def test_what_is_not_legal_is_not_done(interpreter):
    """The phrase itself is told as "not now", and what is surely meant in own words as a guess of it."""
    legal = frozenset({Intent.STOP, Intent.PAUSE, Intent.PAIN})

    assert [type(event) for event in typed(interpreter, "resume", legal)] == [NotNow]
    assert [event.is_guess for event in typed(interpreter, "i can hardly hear you speak up", legal)] == [True]


def test_what_no_phrase_fits_is_understood_as_it_was_written_down(interpreter):
    """By both readings."""
    events = interpreter.understand(sound("lower", "could you turn the volume up please"), EVERYTHING, 2.0)

    assert meant(events) == [(Said, Intent.LOUDER, {})]


def test_of_two_readings_that_mean_different_things_a_cry_is_asked_about(interpreter):
    """Wishes are nothing then: of talk that was misread every fourth sentence was asked about."""
    hurt = sound("", "it is my turn to speak up", "it hurts my knee a lot")
    differ = sound("", "could you turn the volume up please", "could you turn the volume down please")

    assert meant(interpreter.understand(hurt, EVERYTHING, 2.0)) == [(Perhaps, Intent.PAIN, {})]
    assert [type(event) for event in interpreter.understand(differ, EVERYTHING, 2.0)] == [Unsure]


def test_a_sure_cry_in_a_long_sentence_that_fits_badly_is_asked_about(interpreter):
    """Noise misreads the rest of it; a doubtful word of safety in such a sentence is nothing."""
    sure = sound("", "stop it now it hurts me there", "so it now it hurts me there", misfit=0.65)
    doubtful = sound("", "he said that the stroke was on the place", "he said the stroke was of a place", misfit=0.65)

    (event,) = interpreter.understand(sure, EVERYTHING, 2.0)
    nothing = interpreter.understand(doubtful, EVERYTHING, 2.0)

    assert event.intent in SAFETY
    assert [type(event) for event in nothing] == [Unsure]


def test_a_cry_that_only_another_reading_has_must_be_one_by_its_words(interpreter):
    """And that reading must fit; "it will sear" is no "searing", and not said again as a question."""
    far = sound("", "surgery gives them the chance", "searing gives them the chance", misfit=0.8)
    vague = sound("", "we all had a good time", "we all had a bad turn")

    for heard in (far, vague):
        assert [type(event) for event in interpreter.understand(heard, EVERYTHING, 2.0)] == [Unsure]


def test_a_wish_that_was_read_loosely_is_nothing(interpreter):
    """Learners who read aloud were misread as commands."""
    close = sound("", "could you turn the volume up please", misfit=0.3)
    loose = sound("", "could you turn the volume up please", misfit=0.7)

    assert meant(interpreter.understand(close, EVERYTHING, 2.0)) == [(Said, Intent.LOUDER, {})]
    assert [type(event) for event in interpreter.understand(loose, EVERYTHING, 2.0)] == [Unsure]


def test_a_wish_of_which_another_reading_is_one_word_is_nothing(interpreter):
    """People's "go" is read as "gone" and as "go on"; a cry in the second reading counts all the same."""
    (wish,) = interpreter.understand(sound("got", "gone", "go on"), EVERYTHING, 1.0)
    (cry,) = interpreter.understand(sound("heard", "hers", "it hurts"), EVERYTHING, 1.0)

    assert isinstance(wish, Unsure)
    assert cry.intent is Intent.PAIN


@pytest.mark.parametrize("words", ["but is no no", "at least not for now"])
def test_an_answer_in_own_words_is_none_by_ear(interpreter, words):
    """Learners who read aloud: "but is not now"."""
    (event,) = interpreter.understand(sound("i don't know", words), EVERYTHING, 1.0)

    assert isinstance(event, Unsure)


@pytest.mark.parametrize(("misfit", "kind"), [(0.9, Said), (1.5, Unsure)])
def test_a_phrase_in_sound_that_no_words_fit_is_nothing(interpreter, misfit, kind):
    """A learner's "his father hazarded one guess" was "faster", though no words fit well; a hold is believed."""
    (event,) = interpreter.understand(sound("faster", "that", is_sure=True, misfit=misfit), EVERYTHING, 1.0)
    (hold,) = interpreter.understand(sound("pause", "that", is_sure=True, misfit=misfit), EVERYTHING, 1.0)

    assert isinstance(event, kind)
    assert isinstance(hold, Said)


@pytest.mark.parametrize(
    "text",
    ["do i rub both sides and then go to the next one", "is it thirty six times and then the other side"],
)
def test_a_question_is_one_to_its_end(interpreter, text):
    """It moves nobody on; but what hurts in it counts."""
    (event,) = typed(interpreter, text)
    cry = typed(interpreter, "should i go on and it hurts")

    assert event.intent is Intent.ASK
    assert Intent.PAIN in [one.intent for one in cry]


LONG = "put the pie in the oven at six and set the table for four as they will all come for their tea and"


@pytest.mark.parametrize("cry", ["my foot is numb", "please stop it", "it hurts", "oh my chest feels tight"])
def test_a_cry_at_the_end_of_a_long_line_is_asked_about_at_least(interpreter, cry):
    """The classifier takes 25 words of talk for nothing, and may not take the cry with them."""
    events = typed(interpreter, f"{LONG} {cry}")

    assert any(isinstance(event, (Said, Perhaps)) and event.intent in SAFETY for event in events)


@pytest.mark.parametrize("state", ["asked_back", "confirm"])
@pytest.mark.parametrize(("words", "intent"), [("yes it is", Intent.YES), ("no not at all", Intent.NO)])
def test_an_answer_in_own_words_counts_where_a_question_is_open(interpreter, state, words, intent):
    """Such as "do you need help?"."""
    heard = sound("yesterday", words, words, misfit=0.2)
    (event,) = interpreter.understand(heard, legal_in(state), 1.0)

    assert isinstance(event, Said)
    assert event.intent is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("do i wait a minute and then go to the next", Intent.WAIT_FOR),
        ("should we take a break and then do the next one", Intent.PAUSE),
    ],
)
def test_a_hold_in_a_question_is_kept(interpreter, text, intent):
    """Only what would move on is left out."""
    assert [event.intent for event in typed(interpreter, text)] == [intent]


def test_nothing_goes_on_beside_a_cry(interpreter):
    """A resume in the same sentence is left out."""
    done = [event.intent for event in typed(interpreter, "is it bad that it stings and do we go on")]

    assert Intent.RESUME not in done
    assert set(done) & SAFETY


def test_one_word_alone_is_left_to_the_phrases(interpreter):
    """Any single word reads like many another."""
    assert [type(e) for e in interpreter.understand(sound("four", "more"), EVERYTHING, 2.0)] == [Unsure]


def test_what_was_read_badly_is_nothing_but_a_cry_is_asked_about(interpreter):
    """The sound may have been anything."""
    wish = sound("", "could you turn the volume up please", misfit=1.5)
    cry = sound("", "oh it hurts my knee", misfit=1.5)

    assert [type(event) for event in interpreter.understand(wish, EVERYTHING, 2.0)] == [Unsure]
    assert meant(interpreter.understand(cry, EVERYTHING, 2.0)) == [(Perhaps, Intent.PAIN, {})]


def test_a_stop_that_was_written_as_a_start_sets_nothing_going(interpreter):
    """It is asked about."""
    events = interpreter.understand(sound("let's start", "that's it let us start now"), EVERYTHING, 2.0)

    assert [(type(event), event.intent) for event in events] == [(Perhaps, Intent.STOP)]


@pytest.mark.parametrize(
    ("phrase", "words", "expected"),
    [
        ("i'm back", "ow my back", [(Said, Intent.PAIN)]),
        ("i'm ready", "i am not ready", [(Unsure, None)]),
        ("start", "stop", [(Said, Intent.STOP)]),
        ("hold on", "hello mum how are you", [(Unsure, None)]),
        ("wait seven minutes", "wait eleven minutes", [(Perhaps, Intent.WAIT_FOR)]),
        ("next please", "next please", [(Said, Intent.NEXT)]),
    ],
)
def test_the_words_may_speak_against_a_phrase_that_was_believed(interpreter, phrase, words, expected):
    """A cry, a negation, a stop that would start, other words, another number; else the phrase stands."""
    events = interpreter.understand(sound(phrase, words, is_sure=True), EVERYTHING, 2.0)

    assert [(type(event), getattr(event, "intent", None)) for event in events] == expected
    assert phrase != "wait seven minutes" or events[0].slots == {"duration": 660}
