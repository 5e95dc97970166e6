"""The rules that make a technique and a routine valid, and the estimates of their length."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from assistant.durations import minutes, step_seconds, technique_seconds
from assistant.routine import (
    Library,
    Routine,
    RoutineWords,
    Span,
    Step,
    Technique,
    TechniqueWords,
    misfits,
)
from assistant.screening import Question, SafetyCheck
from assistant.sentence import MOST_WORDS_A_SENTENCE, speakable


def words(**changes: Any) -> TechniqueWords:
    given: dict[str, Any] = {
        "name": "tap the knee",
        "spoken_names": ("knee tap",),
        "posture": "Sit down.",
        "hands": "Use one hand.",
        "where": "The knee.",
        "landmarks": ("The round bone.", "Half-way down the leg."),
        "action": "Tap {count} times.",
        "sensation": "It feels light.",
        "cautions": ("Only as much as feels comfortable.",),
        **changes,
    }
    return TechniqueWords(**given)


def technique(**changes: Any) -> Technique:
    given: dict[str, Any] = {
        "id": "knee-tap",
        "source": "made for tests",
        "postures": ("sit",),
        "dose": Span(least=10, most=40, usual=30),
        "tempo_bpm": Span(least=20, most=80, usual=60),
        "sides": "none",
        "words": {"en": words()},
        **changes,
    }
    return Technique(**given)


def library(*steps: Step, **changes: Any) -> Library:
    routine = Routine(id="taps", words={"en": RoutineWords(title="Taps", spoken_names=("taps",))}, steps=steps)
    made = technique(**changes)
    words, explained = {"en": ("Is anything wrong?",)}, {"en": ("Is it?",)}
    question = Question(id="any", asked_for=("general",), if_yes="urgent", words=words, explained=explained)
    later = {"en": ("Is a leg new?",)}
    screening = SafetyCheck(source="made for tests", questions=(question,), since=question, since_legs=later)
    return Library(language="en", techniques={made.id: made}, routines={"taps": routine}, screening=screening)


def test_a_span_keeps_its_order_and_clamps() -> None:
    """The usual value lies inside, and any number finds its nearest place."""
    span = Span(least=10, most=40, usual=30)

    assert (span.clamp(3), span.clamp(12.6), span.clamp(99)) == (10, 13, 40)
    with pytest.raises(ValidationError, match="least <= usual <= most"):
        Span(least=10, most=20, usual=30)


@pytest.mark.parametrize(
    "text",
    [
        "Tap the knee 10 times.",
        "Tap it & go.",
        "<b>Tap</b>.",
        "Tap\x01it.",
        "Tap \u202eit.",
        "Tap it @ home.",
        "Tap/rub.",
        "Tap {count it.",
        " ".join(["tap"] * (MOST_WORDS_A_SENTENCE + 1)) + ".",
    ],
)
def test_what_a_voice_cannot_say_is_refused(text: str) -> None:
    """Digits, signs, markup, control characters and sentences beyond one breath."""
    with pytest.raises(ValueError, match="voice cannot say|one breath holds"):
        speakable(text)


@pytest.mark.parametrize(
    "text", ["Tap the knee, lightly.", "Don't stop: go on?", "두드리세요.", " ".join(["tap"] * 22) + ". " + "tap " * 22]
)
def test_what_a_voice_can_say_is_kept(text: str) -> None:
    """Any script, a breath for each sentence."""
    assert speakable(text) == text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dose": Span(least=10, most=61, usual=30)}, "dose.most is 61, the most is 60"),
        ({"tempo_bpm": Span(least=20, most=121, usual=60)}, "tempo_bpm.most is 121, the most is 120"),
        ({"cues": ("right", "left")}, "with 2 cues the most is 30"),
        ({"cues": ("tap",)}, "with 1 cues the most is 60"),
        ({"sides": "each"}, "words.en.switch is missing"),
        ({"turns_at": "half"}, "words.en.turns has 0 sentences, turns_at is half"),
        ({"words": {"en": words(turns=("Up.", "Down."))}}, "words.en.turns has 2 sentences, turns_at is never"),
        ({"sides": "in_turn", "dose": Span(least=10, most=41, usual=30)}, "dose.most is 41, in turn it must be even"),
        ({"time_s": {"posture": 1.0}}, "greater than or equal to 1.5"),
        ({"words": {"en": words(action="Tap it.")}}, "words.en.action does not say {count}"),
        ({"words": {"en": words(hands="Use {count} hands.")}}, "words.en.hands says {count}"),
        ({"words": {"en": words(hands="Use the {side} hand.")}}, "words.en.hands says {side}"),
        ({"words": {"en": words(cautions=("Mind the {thing}.",))}}, "words.en.cautions.0 says {thing}"),
        ({"words": {}}, "at least 1"),
        ({"postures": ("fly",)}, "'stand', 'sit'"),
        ({"id": "Knee Tap"}, "pattern"),
    ],
)
def test_a_technique_beyond_the_limits_is_refused(changes: dict[str, Any], reason: str) -> None:
    """A file may not lengthen a dose, hurry a person, or say what cannot be filled."""
    with pytest.raises(ValidationError) as caught:
        technique(**changes)

    assert reason in str(caught.value)


def test_a_technique_of_two_sides_may_name_them() -> None:
    """The side and the other side are filled where each side is done."""
    made = technique(sides="each", words={"en": words(hands="Use the {side} hand.", switch="To the {other_side}.")})

    assert made.words["en"].texts()["switch"] == "To the {other_side}."


def test_texts_hold_everything_that_is_said() -> None:
    """Each text by its place, and no spoken names."""
    assert set(words().texts()) == {
        *("name", "posture", "hands", "where", "landmarks.0", "landmarks.1", "action", "sensation", "cautions.0"),
    }


def test_a_technique_takes_its_count_its_instruction_and_its_position() -> None:
    """Thirty taps at sixty a minute are thirty seconds, and another thirty on the other side."""
    one = technique()
    both = technique(sides="each", words={"en": words(switch="The other knee.")})

    assert technique_seconds(one) == 25 + 10 + 30
    assert technique_seconds(both) == 25 + 2 * (10 + 30)
    assert technique_seconds(one, repetitions=10, tempo_bpm=30) == 25 + 10 + 20


def test_a_routine_takes_what_its_steps_take_with_their_own_doses() -> None:
    """Overrides of a step count."""
    made = library(Step(technique="knee-tap"), Step(technique="knee-tap", repetitions=10, tempo_bpm=20))

    assert step_seconds(made, "taps", 1) == 25 + 10 + 30
    assert minutes(made, "taps") == 2


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step(technique="ear-tap"), "steps.0.technique 'ear-tap' is not known"),
        (Step(technique="knee-tap", repetitions=41), "steps.0.repetitions is 41, 'knee-tap' takes 10 to 40"),
        (Step(technique="knee-tap", tempo_bpm=19), "steps.0.tempo_bpm is 19, 'knee-tap' takes 20 to 80"),
        (Step(technique="knee-tap", first_side="left"), "steps.0.first_side is given"),
    ],
)
def test_a_step_that_does_not_fit_its_technique_is_told(step: Step, reason: str) -> None:
    """A routine may choose within a technique's limits, not beyond them."""
    made = library(step)

    assert [reason in one for one in misfits(made.routines["taps"], made.techniques)] == [True]


def test_names_are_found_as_people_say_them() -> None:
    """The article, the word "routine", case and hyphens do not matter; another name is none."""
    made = library(Step(technique="knee-tap"))

    assert made.routine_called("The Taps routine") == "taps"
    assert made.technique_called("Knee-tap") == "knee-tap"
    assert made.routine_called("tap") is None
    assert made.technique_called("") is None
