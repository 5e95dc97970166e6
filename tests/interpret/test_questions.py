"""Questions in people's own words get a topic, the technique that they name, and the word that they ask for."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Guess, Interpreter, expand
from assistant.interpret.questions import QuestionReader
from assistant.interpret.ranking import with_one_question
from assistant.interpret.weighing import ACT
from assistant.messages import Intent, Perhaps, Said
from assistant.respond.transitions import legal_in
from assistant.store.library import load
from assistant.wire import build


@pytest.fixture(scope="module")
def reader() -> QuestionReader:
    return QuestionReader(load().pack, build.meaning("en"))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("would it be all right to sit for this bit", "posture"),
        ("is it this thumb or that thumb", "hand"),
        ("do i circle to the left or to the right", "direction"),
        ("do i let my breath out now", "breathing"),
        ("shall i have some cream on my hands", "oil"),
        ("may my sister do my back for me", "helper"),
        ("how many days a week is sensible", "how_often"),
        ("i've a stent may i do this", "condition"),
        ("what on earth is this good for", "why"),
    ],
)
def test_a_question_has_its_topic(reader, text, topic):
    """Sentences that stand in no wordings."""
    assert reader.read(text)["topic"] == topic


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("which foot goes in front in the push to the calf", "feet"),
        ("am i allowed to repeat this twice a week", "how_often"),
        ("how long should i keep rubbing", "dose"),
        ("does it count as one, left and right together", "dose"),
        ("is it supposed to be sore", "feel"),
        ("my hip makes a noise, is it normal", "normal"),
        ("where do these exercises come from", "about"),
        ("must i keep to this order", "order"),
    ],
)
def test_words_that_tell_the_topic_prevail(reader, text, topic):
    """Over what was learned; a question with such words and words of the massage is answered in any state."""
    assert reader.read(text)["topic"] == topic


@pytest.mark.parametrize("state", ["counting", "ready_prompt", "paused", "finished"])
def test_a_question_about_the_massage_is_never_met_with_silence(state):
    """A question that no topic holds is said not to be known; talk that asks something else is left alone."""
    pack = load().pack
    interpreter = Interpreter(expand(pack), pack, build.meaning("en"))
    for text in ("which foot goes in front in the push to the calf", "do squirrels have a sacrum like my back bone"):
        (event,) = interpreter.understand(heard_from_line(text, 1.0), legal_in(state), 1.0)
        assert isinstance(event, Said), text
        assert event.intent is Intent.ASK, text
    (event,) = interpreter.understand(heard_from_line("where did they put the remote", 1.0), legal_in(state), 1.0)
    assert not isinstance(event, Said)


@pytest.mark.parametrize(
    ("text", "technique"),
    [
        ("how low do i go in the pinching one", "leg pinch"),
        ("do i sit for the cross push", "cross push"),
        ("can i pinch my thumb", None),
        ("is it all right to hit over the kidneys", None),
    ],
)
def test_a_technique_is_named_by_its_name_only(reader, text, technique):
    """A word that may mean something else leaves the question with the technique that is being done."""
    assert reader.read(text).get("technique") == technique


def test_a_word_that_is_asked_for_is_found(reader):
    """Only in a question about a word, whatever its topic seems to be."""
    assert reader.read("what is a lumbar vertebra")["term"] == "lumbar"
    assert reader.read("what's the base of the palm")["term"] == "palm_base"
    assert "term" not in reader.read("how far down the calf do i push")


def test_nothing_learned_is_nothing_known():
    """A language without wordings has no topics: the answer is an honest one."""
    assert QuestionReader(load().pack, None).read("do i sit")["topic"] == "unknown"


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    pack = load().pack
    return Interpreter(expand(pack), pack, build.meaning("en"))


def understood(interpreter, text):
    (event,) = interpreter.understand(heard_from_line(text, 1.0), legal_in("ready_prompt"), 1.0)
    return event


def test_a_question_that_begins_like_a_wish_stays_a_question(interpreter):
    """The words "can i" are taken off a wish, and belong to a question."""
    event = understood(interpreter, "can i lean on the door while i do it")

    assert isinstance(event, Said)
    assert (event.intent, event.slots["topic"]) == (Intent.ASK, "support")


def test_a_word_is_explained_by_itself(interpreter):
    """A short question with a rare word is sure."""
    event = understood(interpreter, "what is qi")

    assert (event.intent, event.slots["term"]) == (Intent.ASK, "qi")


@pytest.mark.parametrize("text", ["is it normal that my foot goes numb", "should i call an ambulance"])
def test_a_question_about_danger_is_no_mere_question(interpreter, text):
    """The dialogue holds and asks, or ends: who asks it may be in danger."""
    event = understood(interpreter, text)

    assert isinstance(event, (Said, Perhaps))
    assert event.intent in {Intent.RED_FLAG, Intent.EMERGENCY}


def test_a_doubt_between_two_questions_is_one_question():
    """The likeliest, as sure as both; unless one is sure by itself, or none of them is answered by its topic."""
    where, ask, none = Guess(Intent.WHERE_IS, 0.4), Guess(Intent.ASK, 0.3), Guess(None, 0.6)
    sure = Guess(Intent.WHERE_IS, ACT)

    assert with_one_question((none, where, ask)) == (Guess(Intent.WHERE_IS, 0.7), none)
    assert with_one_question((none, ask, sure._replace(confidence=0.2)))[-1] == Guess(Intent.ASK, 0.5)
    assert with_one_question((sure, ask)) == (sure,)
    assert with_one_question((none, where)) == (none, where)


@pytest.mark.parametrize(
    "text", ["is it too much to do this every day", "do i press with two fingers or grab a lump of it"]
)
def test_a_question_tells_no_complaint_and_no_fact_of_health(interpreter, text):
    """It is answered; who asks it feels nothing now."""
    assert understood(interpreter, text).intent is Intent.ASK


def test_a_question_may_stand_behind_a_statement(reader):
    """Its subject must be ours all the same."""
    assert reader.is_for_us("my skin is not red at all do i carry on", has_topic=False)
    assert not reader.is_for_us("he said do i look like a taxi", has_topic=False)
    assert not reader.is_for_us("my skin is not red at all", has_topic=False)


def test_a_topic_in_doubt_has_a_second_one():
    """Not a sure one, and none below which nobody knows what is asked."""

    class Told:
        def __init__(self, *shares):
            self._shares = shares

        def topics(self, _text):
            return tuple(zip(("oil", "clothes"), self._shares, strict=True))

    def read(*shares):
        return QuestionReader(load().pack, Told(*shares)).read("hm hm hm")

    assert (read(0.5, 0.3)["topic"], read(0.5, 0.3)["second"]) == ("oil", "clothes")
    assert "second" not in read(0.7, 0.3)
    assert "second" not in read(0.5, 0.05)
    assert read(0.15, 0.14) == {"topic": "unknown"}
