"""A verdict that refuses says which bars were not met, and by how much: the same numbers that refused it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.decode.phonetic.phrasebook import Phrasebook
from assistant.decode.phonetic.rules import (
    AMID_TALK,
    AMID_TALK_WORDS,
    LEAD,
    LEAD_PHONES,
    LONG,
    REFUSED,
    SPEECH,
    USUAL,
    Bar,
    Evidence,
    bar,
    judged,
)
from assistant.messages import Intent, Phrase

CLEAR = Evidence(over_loop=15.0, margin=4.0, misfit=0.5, phones=5, speech=1.0)
NATS = st.floats(-60.0, 60.0)
EVIDENCE = st.builds(
    Evidence,
    over_loop=NATS,
    margin=NATS,
    misfit=st.floats(0.0, 20.0),
    phones=st.integers(1, 30),
    speech=st.sampled_from([0.1, SPEECH, 1.0]),
    lead=NATS,
    is_amid_talk=st.booleans(),
    over_words=NATS,
)


@pytest.mark.parametrize(
    ("change", "rule", "needs", "had"),
    [
        ({"speech": 0.2}, "speech", SPEECH, 0.2),
        ({"over_loop": 7.0}, "over_loop", USUAL.over_loop, 7.0),
        ({"over_loop": 7.0, "misfit": 0.1}, "over_loop_exact", USUAL.over_loop_exact, 7.0),
        ({"phones": 12, "misfit": 0.2}, "over_loop_long", USUAL.each * 12, 15.0),
        ({"over_loop": 9.0, "is_amid_talk": True, "misfit": 0.4}, "over_loop_amid_talk", AMID_TALK, 9.0),
        ({"margin": 0.25}, "ahead", USUAL.margin, 0.25),
        ({"is_amid_talk": True, "over_words": 0.25}, "common_words", AMID_TALK_WORDS, 0.25),
        ({"misfit": 2.7}, "misfit", 12.5, 13.5),
        ({"phones": LEAD_PHONES, "lead": 0.25}, "piece_ahead", LEAD, 0.25),
    ],
)
def test_the_bar_that_failed_is_named_with_what_it_asked_and_what_there_was(change, rule, needs, had) -> None:
    """One bar at a time, of a phrase that is believed otherwise."""
    found = judged(replace(CLEAR, **change), USUAL)

    assert [one.rule for one in found.shortfalls] == [rule]
    assert (found.shortfalls[0].needs, found.shortfalls[0].had) == (pytest.approx(needs), pytest.approx(had))
    assert found.spare == (REFUSED if rule == "speech" else pytest.approx(-found.shortfalls[0].lacks))


def test_several_bars_are_told_the_one_that_lacks_most_first() -> None:
    """A short word in noise misses most of them."""
    found = judged(replace(CLEAR, over_loop=-2.0, margin=0.9), USUAL)

    assert [one.rule for one in found.shortfalls] == ["over_loop", "ahead"]
    assert found.spare == pytest.approx(-10.6)


def test_what_is_believed_has_no_shortfall() -> None:
    """Nothing is missing of a clear word."""
    assert judged(CLEAR, USUAL).shortfalls == ()


@given(EVIDENCE, st.sampled_from([*Intent]))
def test_refused_and_short_of_a_bar_is_the_same(evidence: Evidence, intent: Intent) -> None:
    """The spare is below zero exactly where a bar is told, and it is what the worst of them lacks."""
    asked: Bar = bar([intent], evidence.phones)
    found = judged(evidence, asked)

    assert (found.spare < 0) == bool(found.shortfalls)
    assert all(len(str(one.needs)) and one.lacks >= 0 for one in found.shortfalls)
    if found.shortfalls and found.shortfalls[0].rule != "speech":
        assert max(one.lacks for one in found.shortfalls) == found.shortfalls[0].lacks == pytest.approx(-found.spare)


def test_a_piece_of_a_command_is_refused_with_the_nearest_command() -> None:
    """The word "six" alone is only a piece of "add six": the rival is what could have been meant."""
    book = Phrasebook([Phrase(text="add six", intent=Intent.MORE_REPS), Phrase(text="skip", intent=Intent.NEXT)])
    scores = {"six": -1.0, "skip": -20.0}
    given_scores = np.array([scores.get(text, -90.0) for text in book.texts], np.float32)

    verdict = book.judge(given_scores, [4] * len(book.texts), loop=-30.0, free=0.0, speech=1.0)

    assert verdict.refusal is not None
    assert (verdict.refusal.text, verdict.refusal.rival) == ("six", "skip")
    assert [one.rule for one in verdict.refusal.shortfalls] == ["piece"]


def test_a_verdict_that_is_sure_has_no_refusal_and_loses_it_to_common_words() -> None:
    """The second judgement says so where the first one did not."""
    book = Phrasebook([Phrase(text="continue please", intent=Intent.RESUME), Phrase(text="skip", intent=Intent.NEXT)])
    given_scores = np.array([-1.0 if text == "continue please" else -90.0 for text in book.texts], np.float32)
    verdict = book.judge(given_scores, [LONG + 8] * len(book.texts), loop=-60.0, free=0.0, speech=1.0)

    again = book.judge_again(verdict, over_words=-9.0)

    assert verdict.refusal is None
    assert again.refusal is not None
    assert [one.rule for one in again.refusal.shortfalls] == ["common_words"]
    assert not again.is_sure
