"""Words that are not obeyed are refused with a reason: which rule, how near they came, and what to."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter, Sounding
from assistant.interpret.match import ACCEPT, LONGEST_CHARS, MARGIN, WORD
from assistant.messages import Heard, Intent, NotNow, Refusal, Said, Shortfall, Unsure

EVERYTHING = frozenset(Intent)


@pytest.fixture
def interpreter(loaded):
    return Interpreter(loaded.phrases, loaded.pack)


def so_far(text, *, is_final):
    return Heard(text=text, is_final=is_final, is_sure=True, score=9.0, at_s=1.0, end_s=1.5)


@pytest.mark.parametrize(
    ("typed", "text", "rule", "needs", "word"),
    [
        ("", "", "no_words", None, ""),
        ("stp", "stop", "single_word", None, "stp"),
        ("a word " * 20, "", "too_many_letters", LONGEST_CHARS, ""),
        ("how much presure is it now", "how much longer is this", "likeness", ACCEPT, ""),
        ("i feel fine", "i feel faint", "strange_word", WORD, "fine"),
        ("go to step nien", "go to step nine", "another_number", None, "nine"),
    ],
)
def test_the_rule_that_refused_is_named(interpreter, typed, text, rule, needs, word):
    """With the phrase that came nearest, and the word that decided."""
    (event,), refusal = interpreter.judge(heard_from_line(typed, 1.0), EVERYTHING, 1.0)

    assert isinstance(event, Unsure)
    (short,) = refusal.shortfalls
    assert (refusal.text, short.rule, short.needs, short.word) == (text, rule, needs, word)
    assert needs is None or short.lacks > 0


def test_an_answer_must_be_said_exactly(interpreter):
    """A wrong yes costs more than a question asked twice."""
    _, refusal = interpreter.judge(heard_from_line("that right", 1.0), EVERYTHING, 1.0)

    assert refusal == Refusal(text="that's right", shortfalls=(Shortfall(rule="exact_only"),))


def test_a_tie_names_the_rival(interpreter):
    """A line that is as near to another meaning is nothing, and both are told."""
    _, refusal = interpreter.judge(heard_from_line("resme the count", 1.0), EVERYTHING, 1.0)
    (short,) = refusal.shortfalls

    assert short.rule == "likeness_ahead"
    assert short.needs == MARGIN
    assert short.had < MARGIN
    assert (refusal.text, refusal.rival) == ("resume the count", "reset the count")


def test_a_command_that_is_not_legal_now_says_so(interpreter):
    """It was understood: only the state is in its way."""
    (event,), refusal = interpreter.judge(heard_from_line("resume", 1.0), frozenset({Intent.STOP}), 1.0)

    assert isinstance(event, NotNow)
    assert refusal == Refusal(text="resume", shortfalls=(Shortfall(rule="not_legal"),))


def test_what_is_obeyed_has_no_refusal(interpreter):
    """Neither has what an engine is not sure of and cannot explain."""
    (said,), refusal = interpreter.judge(heard_from_line("next please", 1.0), EVERYTHING, 1.0)
    unsure = Heard(text="next", is_final=True, is_sure=False, score=0.0, at_s=0.0, end_s=1.0)

    assert isinstance(said, Said)
    assert refusal is None
    assert interpreter.judge(unsure, EVERYTHING, 1.0)[1] is None


def test_the_ears_own_reason_is_passed_on(interpreter):
    """It was made where the sound was judged."""
    why = Refusal(text="done", shortfalls=(Shortfall(rule="over_loop", needs=8.6, had=7.0),), rival="none")
    heard = Heard(text="done", is_final=True, is_sure=False, score=7.0, at_s=0.0, end_s=1.0, refusal=why)

    assert interpreter.judge(heard, EVERYTHING, 1.0)[1] is why


def test_our_own_sentence_is_refused_with_the_sentence(interpreter):
    """There is no event then, only the reason."""
    events, refusal = interpreter.judge(
        heard_from_line("resume", 1.0), EVERYTHING, 1.0, Sounding("Say “resume”, or “end session”.")
    )

    assert events == ()
    assert refusal.shortfalls == (Shortfall(rule="own_voice", word="Say “resume”, or “end session”."),)


def test_what_would_set_going_what_was_just_held_is_refused(interpreter):
    """While it is still being said there is no refusal: the end decides."""
    first = interpreter.judge(so_far("stop", is_final=False), EVERYTHING, 1.2)
    part = interpreter.judge(so_far("start the count", is_final=False), EVERYTHING, 1.3)
    last = interpreter.judge(so_far("start", is_final=True), EVERYTHING, 1.6)

    assert isinstance(first[0][0], Said)
    assert part == ((), None)
    assert last == ((), Refusal(text="start", shortfalls=(Shortfall(rule="was_held", word="stop"),)))
