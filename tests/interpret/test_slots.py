"""Slots are read from people's own words; a number is never changed into another one."""

from __future__ import annotations

import pytest

from assistant.interpret import SlotReader
from assistant.messages import Intent


@pytest.fixture(scope="session")
def reader(loaded):
    return SlotReader(loaded.pack)


@pytest.mark.parametrize(
    ("intent", "text", "slots"),
    [
        (Intent.WAIT_FOR, "let me sit down for eleven minutes", {"duration": 660}),
        (Intent.WAIT_FOR, "two no make it three minutes", {"duration": 180}),
        (Intent.WAIT_FOR, "one more minute", {"duration": 60}),
        (Intent.WAIT_FOR, "not ten minutes five minutes", {"duration": 300}),
        (Intent.WAIT_FOR, "half an hour", {"duration": 1800}),
        (Intent.SHORT_SESSION, "my lift is here in ten", {"duration": 600}),
        (Intent.SHORT_SESSION, "no more than twelve minutes", {"duration": 720}),
        (Intent.SHORT_SESSION, "the taxi comes at six", {}),
        (Intent.SHORT_SESSION, "a short one please", {}),
        (Intent.MORE_REPS, "i could manage a dozen more", {"number": 12}),
        (Intent.MORE_REPS, "half a dozen more", {"number": 6}),
        (Intent.MORE_REPS, "a thousand more", {"number": 1000}),
        (Intent.MORE_REPS, "one more", {"number": 1}),
        (Intent.MORE_REPS, "more of this one", {}),
        (Intent.MORE_REPS, "let's go up to forty five", {"total": 45}),
        (Intent.MORE_REPS, "add ten to it", {"number": 10}),
        (Intent.FEWER_REPS, "make it fifteen instead of thirty six", {"number": 15}),
        (Intent.FEWER_REPS, "knock five off", {"fewer": 5}),
        (Intent.FEWER_REPS, "eight less", {"fewer": 8}),
        (Intent.FEWER_REPS, "bring it down to a dozen", {"number": 12}),
        (Intent.FEWER_REPS, "not so many", {}),
        (Intent.GO_TO, "step five no sorry step six", {"number": 6}),
        (Intent.GO_TO, "the second one", {"number": 2}),
        (Intent.GO_TO, "the one before the last", {"number": -2}),
        (Intent.GO_TO, "take me to the very last one", {"number": -1}),
        (Intent.GO_TO, "could i do number 7", {"number": 7}),
        (Intent.GO_TO, "the first thing i want is the kidney point", {"technique": "kidney point"}),
        (Intent.GO_TO, "that kidny thing", {"technique": "kidney point"}),
        (Intent.GO_TO, "not the pounding the pinching", {"technique": "leg pinch"}),
        (Intent.START_ROUTINE, "my legs are tired so the bedtime one", {"routine": "evening"}),
        (Intent.START_ROUTINE, "not the legs i'd rather the lower back one", {"routine": "lower back"}),
        (Intent.PICK_SIDE, "right before left", {"side": "right"}),
        (Intent.PICK_SIDE, "i'm standing right here so the left", {"side": "left"}),
        (Intent.PICK_SIDE, "both but left to start", {"side": "left"}),
        (Intent.SORER_SIDE, "it used to be the right now the left's worse", {"side": "left", "hurts": 1}),
        (Intent.FEWER_REPS, "half as many", {"half": 1}),
        (Intent.MORE_REPS, "double it", {"double": 1}),
        (Intent.PICK_SIDE, "only the left one please", {"side": "left", "only": 1}),
        (Intent.REPEAT, "sorry i didn't quite catch that", {"last": 1}),
        (Intent.NEXT, "another clue please", {"clue": 1}),
        (Intent.SORER_SIDE, "left more than right", {"side": "left"}),
        (Intent.SORER_SIDE, "right and left are as bad as each other", {"side": "both"}),
        (Intent.SORER_SIDE, "the right stabs the left is fine", {"side": "right"}),
        (Intent.RATE_PAIN, "between four and five let's say five", {"number": 5}),
        (Intent.RATE_PAIN, "it was seven and now it is four", {"number": 4}),
        (Intent.RATE_PAIN, "on a scale of zero to ten it's a six", {"number": 6}),
        (Intent.RATE_PAIN, "i'd rather not say", {"number": -1}),
        (Intent.NEXT, "skip these ten", {}),
    ],
)
def test_a_slot_is_read_from_own_words(reader, intent, text, slots):
    """The last value counts, unless a word dismisses it."""
    assert reader.read(intent, text) == slots


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (Intent.WAIT_FOR, "wait"),
        (Intent.WAIT_FOR, "give me twenty"),
        (Intent.WAIT_FOR, "wait a second"),
        (Intent.WAIT_FOR, "wait 1,000 seconds"),
        (Intent.MORE_REPS, "more than thirty six"),
        (Intent.MORE_REPS, "two and a half more"),
        (Intent.FEWER_REPS, "not the full thirty six"),
        (Intent.GO_TO, "the other one"),
        (Intent.GO_TO, "the pounding or the pinching"),
        (Intent.GO_TO, "the lower back"),
        (Intent.GO_TO, "step three and a half"),
        (Intent.START_ROUTINE, "start the good one"),
        (Intent.PICK_SIDE, "the one by the window"),
        (Intent.PICK_SIDE, "left or right i don't mind"),
        (Intent.RATE_PAIN, "not too bad"),
        (Intent.RATE_PAIN, "six and a half"),
    ],
)
def test_what_is_unclear_is_asked_about(reader, intent, text):
    """None: the value is needed or was meant, and nobody can say which."""
    assert reader.read(intent, text) is None


@pytest.mark.parametrize(
    ("intent", "text", "slots"),
    [
        (Intent.WAIT_FOR, "wait forty minutes", {"duration": 2400}),
        (Intent.WAIT_FOR, "wait zero seconds", {"duration": 0}),
        (Intent.RATE_PAIN, "fourteen", {"number": 14}),
        (Intent.SHORT_SESSION, "i have ten seconds", {"duration": 10}),
    ],
)
def test_a_number_beyond_the_limits_stays_what_it_is(reader, intent, text, slots):
    """It is understood, and it is not possible: the dialogue can say so."""
    assert reader.read(intent, text) == slots
    assert not reader.is_possible(intent, slots)


@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        (Intent.WAIT_FOR, {"duration": 1200}),
        (Intent.RATE_PAIN, {"number": -1}),
        (Intent.GO_TO, {"number": 99}),
        (Intent.MORE_REPS, {"number": 200}),
        (Intent.PICK_SIDE, {"side": "left"}),
        (Intent.NEXT, {}),
    ],
)
def test_what_can_be_done_is_possible(reader, intent, slots):
    """A step that is not there is the routine's matter; the dialogue says how many there are."""
    assert reader.is_possible(intent, slots)


def test_every_phrase_of_the_grammar_has_the_slots_that_its_template_gives_it(reader, loaded):
    """Free text and templates agree, so a phrase means the same however it was understood.

    Four slots are read elsewhere: a part of the body, a question's topic, an answer of the safety check, a fact.
    """
    kinds = {"technique": loaded.library.technique_called, "routine": loaded.library.routine_called}

    def same(intent, slots):
        return {name: kinds[name](str(value)) if name in kinds else value for name, value in slots.items()}

    wrong = [
        (phrase.text, read, dict(phrase.slots))
        for phrase in loaded.phrases
        if {"body_part", "topic", "answer", "about"}.isdisjoint(phrase.slots)
        and (
            (read := reader.read(phrase.intent, phrase.text)) is None
            or same(phrase.intent, read) != same(phrase.intent, phrase.slots)
        )
    ]

    assert wrong == []


def test_everything_by_which_a_technique_or_routine_is_told_finds_it(reader, loaded):
    """Name, title, id, spoken names, descriptions, alone and with words for such a thing around them."""
    library = loaded.library
    wrong = []
    for intent, slot, things, called in (
        (Intent.GO_TO, "technique", library.techniques, library.technique_called),
        (Intent.START_ROUTINE, "routine", library.routines, library.routine_called),
    ):
        for one in things.values():
            words = one.words[library.language]
            name = words.name if intent is Intent.GO_TO else words.title
            for said in (name, one.id.replace("-", " "), *words.spoken_names, *words.descriptions):
                alone = (said,) if " " in said or said in words.spoken_names else ()
                for text in (*alone, f"the {said} {slot}", f"go to {said}"):
                    found = dict(reader.named(text)).get(intent, {}).get(slot)
                    if found is None or called(found) != one.id:
                        wrong.append((text, found))

    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "my kidneys were examined",
        "the pounding stopped",
        "the legs of the table",
        "",
        "go",
        "warm",
        "night",
        "completed",
    ],
)
def test_a_sentence_that_only_holds_a_name_is_none(reader, text):
    """A name alone is a wish; a sentence about it may be anything."""
    assert reader.named(text) == ()
