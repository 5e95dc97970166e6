"""Questions are answered from the technique's own file, then from the language's, and move nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.messages import Intent, Said, Say
from assistant.respond.dialogue import advance
from assistant.respond.places import place_of
from assistant.respond.states import Counting
from assistant.respond.transitions import TABLE

TOPICS = [
    line.removeprefix("# topic ")
    for line in (Path(__file__).parents[2] / "grammars/en/wordings/ask.txt").read_text(encoding="utf-8").splitlines()
    if line.startswith("# topic ")
]
LEAST_KINDS = 12  # of questions that each technique answers itself


def texts(effects):
    return [str(one.values.get("text", one.reply)) for one in effects if isinstance(one, Say)]


def asked(**slots):
    return Said(at_s=101.0, intent=Intent.ASK, slots=slots, text="anything")


def test_each_technique_answers_its_own_questions(library):
    """At least twelve kinds for each, all of them kinds that are understood."""
    for name in library.techniques:
        answers = library.words(name).answers
        assert len(answers) >= LEAST_KINDS
        assert set(answers) <= set(TOPICS)


def test_each_topic_has_an_answer_or_words_to_explain(library):
    """None is understood and then left without an answer of the language."""
    assert set(TOPICS) - set(library.answers.topics) == {"what_is"}
    assert library.answers.terms


@pytest.mark.parametrize("state", [kind.__name__ for kind, row in TABLE.items() if Intent.ASK in row])
def test_a_question_moves_nobody(state, examples, library):
    """Something is said, and the place and what goes on stay as they are; an open question stays open."""
    before = examples[state]
    after, effects = advance(before, asked(topic="posture"), library)

    assert texts(effects)
    assert type(after) is type(before)
    assert place_of(after) == place_of(before)


def test_a_doubtful_question_gets_a_sentence_of_the_second_answer(examples, library):
    """Behind the first one; nothing twice, and while it counts the first sentence alone."""
    waiting, counting = examples["ReadyPrompt"], examples["Counting"]
    first, second = library.answers.topics["food"], library.answers.topics["nails"]

    assert texts(advance(waiting, asked(topic="food", second="nails"), library)[1]) == [*first, second[0]]
    assert texts(advance(waiting, asked(topic="food", second="food"), library)[1]) == list(first)
    assert texts(advance(counting, asked(topic="food", second="nails"), library)[1]) == [first[0]]
    assert texts(advance(waiting, asked(topic="nothing known", second="nails"), library)[1]) == list(second)


def test_the_named_technique_comes_before_the_present_one(examples, library):
    """And the present one before one that is only described."""
    at_kidney = examples["ReadyPrompt"]
    own = list(library.words("kidney-point").answers["hand"])
    named = list(library.words("leg-pinch").answers["hand"])

    assert texts(advance(at_kidney, asked(topic="hand"), library)[1]) == own
    assert (
        texts(advance(at_kidney, asked(topic="hand", technique="leg pinch", likely="leg pinch"), library)[1]) == named
    )
    assert texts(advance(at_kidney, asked(topic="hand", likely="leg pinch"), library)[1]) == own
    assert texts(advance(examples["Idle"], asked(topic="hand", likely="leg pinch"), library)[1]) == named


def test_while_it_counts_one_sentence_is_enough(examples, library):
    """It must fit between two numbers."""
    assert len(library.words("kidney-point").answers["hand"]) > 1
    assert isinstance(examples["Counting"], Counting)
    assert len(texts(advance(examples["Counting"], asked(topic="hand"), library)[1])) == 1


def test_what_nobody_knows_is_told_so(examples, library):
    """Not silence, and not another topic's answer."""
    said = texts(advance(examples["Paused"], asked(topic="no such topic"), library)[1])

    assert said == ["do_not_know"]


def test_while_it_hurts_a_doctor_is_named(examples, library):
    """No answer about pressure or feeling is given to somebody in pain."""
    assert texts(advance(examples["PainHold"], asked(topic="feel"), library)[1])[0] == "ask_a_doctor"
