"""Answers to how it feels: what is said in other words than yes and no, and what stays for the words of safety."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter, expand
from assistant.interpret.feelings import Feelings
from assistant.messages import Heard, Intent, Perhaps, Said
from assistant.respond.transitions import legal_in
from assistant.store.library import load
from assistant.wire import build

ASKED = legal_in("feeling_asked")
MEANT = {
    (Intent.YES, ""): "yeah, it's warm now|i think so|it's warm|nice and warm|that's sore enough|enough|it feels fine",
    (
        Intent.NO,
        "",
    ): "no it isn't|not really|still cold|not sore enough|it's not warm yet|i don't think so",
    (Intent.NO, "little"): "a little|a bit|nearly|it's getting there|sort of|could be warmer|a little sore",
    (Intent.NO, "unsure"): "i don't know|not sure|hard to say|maybe",
    (Intent.PICK_SIDE, "left"): "the left|left|yes, the left|my left side|i think the left|a little on the left",
    (Intent.PICK_SIDE, "right"): "the right one|right|the right cheek|maybe the right",
    (Intent.PICK_SIDE, "first"): "the first one",
    (Intent.PICK_SIDE, "this"): "the one we just did",
    (Intent.PICK_SIDE, "other"): "the other one",
    (Intent.SORER_SIDE, "left"): "the left is sorer|the left is a bit tighter|yes the left is worse",
    (Intent.SORER_SIDE, "both"): "both the same|they feel the same|no, they're the same|no difference|both are sore",
}
FOR_SAFETY = "it burns|it's sore and my leg is numb|ow it's sore|the left hurts|too sore|it hurts|stop|too hot"
NO_ANSWER = "more|the next bus is late|is it warm|ten more|sorer|yes no"


def sound(*transcripts: str) -> Heard:
    return Heard(text="", is_final=True, is_sure=False, score=0.0, at_s=0.0, end_s=1.0, transcripts=transcripts)


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    pack = load().pack
    return Interpreter(expand(pack), pack, build.meaning("en"))


@pytest.fixture(scope="module")
def feelings() -> Feelings:
    return Feelings(load().pack)


@pytest.mark.parametrize(("meant", "texts"), MEANT.items())
def test_answers_in_other_words(interpreter: Interpreter, meant: tuple[Intent, str], texts: str) -> None:
    """Each is the answer that it is; the slot says how."""
    for text in texts.split("|"):
        (event,) = interpreter.understand(heard_from_line(text, 1.0), ASKED, 1.0)
        assert isinstance(event, Said), text
        assert (event.intent, *event.slots.values()) == tuple(filter(None, meant)), text


def test_what_says_more_is_no_answer(feelings: Feelings) -> None:
    """Words of pain and danger, and other words, are read as everywhere."""
    for text in f"{FOR_SAFETY}|{NO_ANSWER}".split("|"):
        assert feelings.decide(heard_from_line(text, 1.0), ASKED, 1.0) is None, text


def test_feeling_nothing_is_asked_about(interpreter: Interpreter) -> None:
    """It may mean that nothing is sore, or that something is numb: only here a question, elsewhere danger."""
    heard = heard_from_line("i don't feel anything", 1.0)
    (event,) = interpreter.understand(heard, ASKED, 1.0)
    assert isinstance(event, Perhaps)
    assert event.intent is Intent.RED_FLAG
    (event,) = interpreter.understand(heard, legal_in("ready_prompt"), 1.0)
    assert isinstance(event, Said)
    assert event.intent is Intent.RED_FLAG


def test_a_doubt_about_safety_is_not_answered_by_a_feeling(feelings: Feelings) -> None:
    """To "are you hurt?" a little is no "not yet": behind a question these words are none of this."""
    behind = ASKED | legal_in("asked_back")
    assert feelings.decide(heard_from_line("a little", 1.0), behind, 1.0) is None


def test_sound_counts_where_its_readings_agree(feelings: Feelings) -> None:
    """One word alone, and two readings that differ, are left to the phrases."""
    assert feelings.decide(sound("a little warm", "a little warm"), ASKED, 1.0) is not None
    assert feelings.decide(sound("warm"), ASKED, 1.0) is None
    assert feelings.decide(sound("a little warm", "a little worm"), ASKED, 1.0) is None
