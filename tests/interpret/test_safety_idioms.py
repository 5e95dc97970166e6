"""Words of safety in idioms and dialect: a stranger wrote 260 of them, and 71 did nothing or the opposite."""

from __future__ import annotations

import pytest

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret.phrases import expand_template
from assistant.interpret.safety import SafetySpotter
from assistant.language import ListValue
from assistant.messages import SAFETY, Intent, Perhaps, Said
from assistant.wire.build import interpreter

HELD = SAFETY | {Intent.PAUSE}


@pytest.fixture(scope="module")
def intents(loaded):
    """The intents that are done or asked about where everything is possible."""
    heard_by = interpreter(loaded)

    def ask(text: str) -> set[Intent]:
        events = heard_by.understand(heard_from_line(text, 1.0), frozenset(Intent), 1.0)
        return {event.intent for event in events if isinstance(event, (Said, Perhaps))}

    return ask


@pytest.mark.parametrize(
    "text",
    [
        "dinnae go on",
        "dont go on",
        "knock it on the head now",
        "not another one please",
        "call it off",
        "for crying out loud stop",
        "oh my god my coccyx",
        "that's well sore",
        "something grabbed me there",
        "i've cricked my neck",
        "that makes me wince",
        "ah it went click and i daren't move",
        "i cannae keep this up",
        "this is more than i bargained for",
        "my thumbs have given up the ghost",
        "my knees don't go that far",
        "i've gone a bit light in the head",
        "my legs are like jelly",
        "they won't hold me",
        "the words are coming out all wonky",
        "my tongue's thick",
        "everything is turning round me",
        "never mind your questions get a doctor to me",
        "send a crew round",
        "fetch the warden",
        "blue lights please",
        "it doesn't half sting down there",
        "my elbows have had it",
        "that's a bit on the heavy side",
        "it aches and not in a good way",
        "terminate this",
        "my waters just broke",
        "he ain't breathing get an ambulance",
    ],
)
def test_they_hold_stop_or_are_asked_about(intents, text):
    """Never nothing, and never what sets something going."""
    assert intents(text) & HELD
    assert intents(text) <= HELD


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("that's too strong for me tell me how hard it ought to be", Intent.TOO_HARD),
        ("my chest is feeling heavy", Intent.RED_FLAG),
    ],
)
def test_a_question_or_another_tense_hides_no_complaint(intents, text, wanted):
    """Both were understood as something harmless, or nothing."""
    assert wanted in intents(text)


def test_every_phrase_of_safety_is_found_where_it_is_all_that_is_said(loaded):
    """700 of 6,000 were never found: a part of the body ("my heart is racing") or a filler stands in them."""
    words = loaded.pack.safety
    spotter = SafetySpotter(words)
    lists = {"part": (ListValue(say="knee", value="knee"),)}
    missed = [
        text
        for sense in words.intents.values()
        for template in (*sense.say, *sense.ask)
        for text, _ in expand_template(template, lists, words.rules)
        if not spotter.spot(text)
    ]
    assert missed == []


@pytest.mark.parametrize(
    "text",
    [
        "can we go to er the neck one",
        "i drag my thumb along the calf",
        "my thumb doesn't move on the skin",
        "nothing comes after this one",
        "ooh my neck is so relaxed",
        "now i lift both hands off",
        "please help me choose a routine",
        "i can't tell where my ankle bone is",
        "one hand grabs the other",
        "my shoulders are like jelly so relaxed",
        "i am very tired so a short one please",
    ],
)
def test_words_of_a_massage_are_no_sure_danger(loaded, text):
    """A reader found them right after their phrases could be found; at most they are asked about."""
    events = interpreter(loaded).understand(heard_from_line(text, 1.0), frozenset(Intent), 1.0)

    assert not {event.intent for event in events if isinstance(event, Said)} & SAFETY


@pytest.mark.parametrize(
    "text",
    [
        "i feel a tingling down the leg",
        "it is numb along the outside of my foot",
        "pins and needles over the whole foot",
    ],
)
def test_a_place_behind_danger_takes_nothing_from_it(loaded, text):
    """It tells where: tingling goes down the leg."""
    events = interpreter(loaded).understand(heard_from_line(text, 1.0), frozenset(Intent), 1.0)

    assert [event.intent for event in events if isinstance(event, (Said, Perhaps))] == [Intent.RED_FLAG]


@pytest.mark.parametrize("text", ["i never fainted in my life", "never been dizzy in my life"])
def test_what_never_was_is_no_danger(intents, text):
    """Alone, "in my life" compares nothing: with "so much in my life" the words are a cry."""
    assert not intents(text) & HELD


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("it's sore but it's the good kind of sore", Intent.SORE),
        ("that's a good kind of sore", Intent.SORE),
        ("it's sore and no the good kind", Intent.PAIN),
        ("it's pulling on my scar and it's sore", Intent.PAIN),
        ("a good kind of sore but it burns", Intent.PAIN),
    ],
)
def test_a_good_soreness_is_one_that_nothing_speaks_against(intents, text, wanted):
    """Both halves are read: a denial or another complaint keeps it pain."""
    assert intents(text) == {wanted}
