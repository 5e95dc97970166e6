"""Answers to a safety question in any words: what is nothing but a no is one, and no trap is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret.check_answers import CheckAnswers
from assistant.messages import Heard, Intent
from assistant.respond.transitions import legal_in
from assistant.store.library import load
from assistant.wire.build import interpreter

NO = """no|nope|none|none of these|none of those|none of them|not that i know of|no i don't|nope, none|no, none of these
nothing like that|not me|nah|never|none at all|not at all|none of the above|none of it|no thank you|no to all of them
not to my knowledge|not as far as i know|not that i'm aware of|i don't|i don't have any of these|i have none of those
no i haven't|no i'm not|i'm not|no no|no, I'm fine|well no|um, no|none, thank god|definitely not|absolutely not
of course not|neither|nothing at all|none whatsoever|not one|not a single one|it's a no|all no|none apply|no sir
none of these apply to me|thankfully not|nope nothing like that|i've got none of those|no to both|neither of those"""
NEVER_NO = """no, yes|not none|no wait|know|none but the last one|no idea|no more|not now|no but my knee|not no|now
i don't think so|not really|probably not|hopefully not|i don't know|maybe no|nothing but the rash|nearly none|no pain
one of these|one|yes|yeah no|never say no|no one|not yet|okay|sure|none of your business|no sorry yes|not sure|no doubt
not none of these|no it's true|no, all of them|no i am pregnant|no longer|it's not a no|i'm not none of these|say no
none except the first|all but none|no hang on|i don't say no|no stop|no better|well|i'm fine|the next bus is late again
she said no to the wedding|no i was talking to my sister|my doctor said no"""
YES = """yes|yeah|yep|yes, the second one|the first one|i do|a bit|the last one|one of them|i'm afraid so|both
two of them|yes i am|uh huh|oh yes|yes please|a little|yes, i had a blood clot in march|some of them|i have"""
MAYBE = "maybe|i think so|not sure|i don't know|perhaps|no, yes|yeah no|not really|i don't think so|hard to say|no idea"
ABOUT = {
    "meant_no": "no, i meant no|i said no|no i said no|i meant none|i made a mistake, i meant no",
    "meant_yes": "wait, i meant yes|sorry, i meant yes|i said yes|wait yes|actually yes|no no i meant yes",
    "back": "undo|that was wrong|that's wrong|no, that was wrong|check again|ask me again|go back|you misheard me",
    "doctor": "my doctor agreed|my doctor said it's fine|i asked my doctor|yes but my doctor agreed|my gp said i can",
    "explain": "what does that mean|which one|what is osteoporosis|i don't understand|explain",
    "no_change": "nothing has changed|no change|same as before|nothing new",
}


def each(texts: str) -> list[str]:
    return [text.strip() for line in texts.splitlines() for text in line.split("|")]


@pytest.fixture(scope="module")
def answers() -> CheckAnswers:
    return CheckAnswers(load().pack)


def test_a_no_is_a_no_in_many_words(answers: CheckAnswers) -> None:
    """Every word of it says no, or is polite."""
    assert [text for text in each(NO) if answers.read(text) != "no"] == []


def test_no_trap_is_a_no(answers: CheckAnswers) -> None:
    """Neither is it a no that takes an answer back."""
    assert [text for text in each(NEVER_NO) if answers.read(text) in {"no", "meant_no", "no_change"}] == []


def test_a_yes_may_go_on(answers: CheckAnswers) -> None:
    """Its first words decide, or all of them."""
    assert [text for text in each(YES) if answers.read(text) != "yes"] == []


def test_what_is_not_clear_is_a_maybe(answers: CheckAnswers) -> None:
    """Also where a yes and a no stand side by side."""
    assert [text for text in each(MAYBE) if answers.read(text) != "maybe"] == []


@pytest.mark.parametrize("answer", ABOUT)
def test_words_about_an_answer(answer: str, answers: CheckAnswers) -> None:
    """It is taken back, a doctor decided, or it was not understood."""
    assert [text for text in each(ABOUT[answer]) if answers.read(text) != answer] == []


def by_ear(text: str, **changes: object) -> Heard:
    return replace(heard_from_line(text, 0.0), **changes)  # type: ignore[arg-type]  # fields of Heard


@pytest.mark.parametrize(
    ("heard", "intent"),
    [
        (by_ear("none of these", runner_up="one of these", margin=6.0), Intent.NO),
        (by_ear("none of these", runner_up="one of these", margin=2.0), None),
        (by_ear("no", runner_up="go", margin=1.2), Intent.NO),
        (by_ear("none of these", transcripts=("one of these",), runner_up="x", margin=9.0), None),
        (by_ear("x", is_sure=False, transcripts=("none of those",), misfit=0.5), Intent.NO),
        (by_ear("x", is_sure=False, transcripts=("none of those",), misfit=0.8), None),
        (by_ear("x", is_sure=False, transcripts=("none of those", "one of those"), misfit=0.5), None),
        (by_ear("x", is_sure=False, transcripts=("yes the last one",), misfit=0.8), Intent.YES),
        (by_ear("x", is_sure=False, transcripts=("no",), misfit=0.1), None),
        (by_ear("none of them", transcripts=("not all of them",), runner_up="one of them", margin=14.0), None),
        (by_ear("no", transcripts=("i know of one",), runner_up="on", margin=6.0), None),
        (by_ear("no", transcripts=("now",), runner_up="on", margin=6.0), None),
        (by_ear("no", transcripts=("no", "now"), runner_up="on", margin=6.0), None),
        (by_ear("no", transcripts=("no",), misfit=1.5, runner_up="on", margin=6.0), None),
        (by_ear("nope", transcripts=("no",), runner_up="not", margin=1.4), Intent.NO),
        (by_ear("none", transcripts=("none",), runner_up="numb", margin=1.7), None),
        (by_ear("x", is_sure=False, transcripts=("not as far as i know", "not is far"), misfit=0.1), Intent.NO),
        (by_ear("x", is_sure=False, transcripts=("no not at all", "no not that all"), misfit=0.5), None),
        (by_ear("x", is_sure=False, transcripts=("i have one of these",), misfit=0.1), Intent.YES),
        (by_ear("x", is_sure=False, transcripts=("sometimes",), misfit=0.1), Intent.MAYBE),
        (by_ear("x", is_sure=False, transcripts=("one",), misfit=0.1), None),
    ],
)
def test_only_a_believed_answer_counts_by_ear(heard: Heard, intent: Intent | None, answers: CheckAnswers) -> None:
    """A no needs to be ahead, its readings to agree, and words without a phrase to fit."""
    legal = frozenset({Intent.YES, Intent.NO, Intent.MAYBE, Intent.CHANGE_ANSWER})
    found = answers.decide(heard, 1.0, legal, None)
    event = found.events[0] if found else None

    assert (event.intent if type(event).__name__ == "Said" else None) is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what is numbness", Intent.MORE_DETAIL),
        ("what do you mean numbness", Intent.MORE_DETAIL),
        ("what is happening i am numb", Intent.RED_FLAG),
        ("what is that i am really dizzy", Intent.RED_FLAG),
    ],
)
def test_a_question_about_a_word_of_danger_is_explained_and_no_more(loaded, text, intent):
    """Only where nothing else is said: a person in danger may ask what happens to them."""
    made = interpreter(loaded)

    (event,) = made.understand(heard_from_line(text, 0.0), legal_in("screening"), 1.0)

    assert event.intent is intent


BEHIND_THE_CHECK = {
    "yes": """wait, i meant yes|i should have said yes|actually, that was a yes|my mistake, it's yes
        hang on, i have one of those""",
    "no": "no wait, i meant no|i meant to say no",
    None: """i gave a wrong answer|can i change my answer|that no was wrong|i forgot one of your questions
        i said no but i lied""",
    "talk": "i said no to him|what was the question|that was wrong|no no i meant tomorrow|she said yes|that was good",
}


@pytest.mark.parametrize("answer", BEHIND_THE_CHECK)
@pytest.mark.parametrize(
    "state", ["counting", "leading", "own_pace", "instructing", "feeling_asked", "pain_hold", "paused"]
)
def test_an_answer_is_changed_behind_the_check(loaded, state, answer):
    """Wherever a step is; who only speaks of a wrong answer is asked, and talk changes none."""
    made, wrong = interpreter(loaded), []
    for text in each(BEHIND_THE_CHECK[answer]):
        made.begin()
        (event,) = made.understand(heard_from_line(text, 0.0), legal_in(state), 1.0)
        is_one = getattr(event, "intent", None) is Intent.CHANGE_ANSWER
        slots = {"doubt": 1} if answer is None else {"answer": answer}
        if is_one == (answer == "talk") or (is_one and event.slots != slots):
            wrong.append((text, event))

    assert wrong == []


@pytest.mark.parametrize(
    ("misfit", "texts", "slots"),
    [
        (0.2, ("i gave a wrong answer", "i gave a wrong answer"), {"doubt": 1}),
        (0.2, ("sorry that was a yes",), {"answer": "yes"}),
        (0.2, ("i gave a wrong answer", "i gave her a long answer"), None),
        (2.0, ("i gave a wrong answer",), None),
    ],
)
def test_a_wrong_answer_is_told_by_ear(answers: CheckAnswers, misfit, texts, slots) -> None:
    """Its readings agree, and fit."""
    heard = by_ear("x", is_sure=False, transcripts=texts, misfit=misfit)
    found = answers.taken_back(heard, 1.0, {Intent.CHANGE_ANSWER})

    assert (found.events[0].slots if found else None) == slots


DENIED = """no my dear nothing of that kind|no i have not had anything like it
nothing of the sort has ever happened to me|no, i don't suffer from anything like that
there has been no trouble of that sort|no, my legs are quite fine
no, i'm as fit as a fiddle|never in my life|i'm not aware of any of that"""
NOT_DENIED = """no, i have had that|nothing but that|no, not that|it's nothing|i can't feel anything|not like that
i cannot feel it at all|i have not felt anything there|i have no such feeling|nothing serious|no i do have such a thing
i haven't been at all|no, not all of these|i can't do anything of the kind|no feeling of any kind"""


def test_a_clause_denies_all_that_was_asked(answers: CheckAnswers) -> None:
    """In any words; what cannot be felt or done is a sign, and any other word is no denial."""
    assert [text for text in each(DENIED) if answers.read(text) != "no"] == []
    assert [text for text in each(NOT_DENIED) if answers.read(text) in {"no", "meant_no", "no_change"}] == []
