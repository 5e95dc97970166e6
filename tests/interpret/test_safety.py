"""Words of safety are found anywhere in a sentence, and their denial is understood."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from assistant.decode.typed_engine import heard_from_line
from assistant.interpret import Interpreter, Sounding
from assistant.interpret.safety import SafetySpotter
from assistant.messages import SAFETY, Heard, Intent, Perhaps, Said, Unsure
from assistant.respond.transitions import STATE_NAMES, legal_in
from assistant.safety_templates import SafetyWords

STOP, PAIN, HARD, FLAG, HELP = Intent.STOP, Intent.PAIN, Intent.TOO_HARD, Intent.RED_FLAG, Intent.EMERGENCY
HURT = "ouch my left thumb really hurts"


@pytest.fixture(scope="module")
def interpreter(loaded) -> Interpreter:
    return Interpreter(loaded.phrases, loaded.pack)


@pytest.fixture(scope="module")
def spotter(loaded) -> SafetySpotter:
    return SafetySpotter(loaded.pack.safety)


def typed(interpreter, text, legal=frozenset(Intent)):
    return interpreter.understand(heard_from_line(text, 1.0), legal, 1.0)


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("okay stop", (STOP,)),
        ("no stop", (STOP,)),
        ("no no no stop", (STOP,)),
        ("stop right there", (STOP,)),
        ("why don't you stop", (STOP,)),
        ("do not go on", (Intent.PAUSE,)),
        ("stop it hurts", (STOP, PAIN)),
        ("that hurts a lot", (PAIN,)),
        ("my shoulder hurts", (PAIN,)),
        ("no it hurts", (PAIN,)),
        ("ow my back", (PAIN,)),
        (HURT, (PAIN,)),
        ("i have got a terrible pain in my ribs", (PAIN,)),
        ("my arms can't do this", (HARD,)),
        ("stop i feel really dizzy", (STOP, FLAG)),
        ("i can't feel my left foot", (FLAG,)),
        ("call 911", (HELP,)),
        ("please help me i fell over", (HELP,)),
        ("help help", (HELP,)),
        ("i've never had pain like this", (PAIN,)),
        ("i haven't felt this dizzy before", (FLAG,)),
        ("never known such pain", (PAIN,)),
        ("it doesn't stop hurting", (PAIN,)),
        ("the pain isn't getting better", (PAIN,)),
        ("the numbness hasn't gone", (FLAG,)),
        ("i don't know why but my knee hurts", (PAIN,)),
        ("you never said it would hurt", (PAIN,)),
        ("it didn't hurt before but it does now", (PAIN,)),
    ],
)
def test_they_act_wherever_they_stand(interpreter, text, intents):
    """With adverbs, cries, any part of the body; a "stop" first, and the gravest."""
    events = typed(interpreter, text)

    assert [type(event) for event in events] == [Said] * len(intents)
    assert tuple(event.intent for event in events) == intents


@pytest.mark.parametrize(
    "text",
    [
        "it doesn't hurt",
        "it doesn't really hurt any more",
        "i can't say that it hurts",
        "i don't think it hurts",
        "no real pain so far",
        "the pain is gone",
        "don't stop",
        "i don't want to stop",
        "you don't have to stop for me",
        "not dizzy any more",
        "not nauseous",
        "i've never had any pain there",
        "it has stopped hurting",
        "it doesn't hurt like it did",
        "i don't feel dizzy now",
        "it isn't too hard",
        "nobody fell over",
        "the bus stop is over there",
    ],
)
def test_a_denial_is_nothing(interpreter, text):
    """Neither the word nor its opposite is obeyed."""
    assert [type(event) for event in typed(interpreter, text)] == [Unsure]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("stop pulling her hair", STOP),
        ("he says that his knee hurts", PAIN),
        ("does it hurt", PAIN),
        ("the nurse said she was dizzy", FLAG),
    ],
)
def test_another_sense_is_asked_back(interpreter, text, intent):
    """The refusal names the word."""
    (event,), refusal = interpreter.judge(heard_from_line(text, 1.0), frozenset(Intent), 1.0)

    assert isinstance(event, Perhaps)
    assert event.intent is intent
    assert refusal.shortfalls[0].rule == "another_sense"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("my heart won't stop racing", FLAG),
        ("the room does not stop spinning", FLAG),
        ("my hands keep on shaking", HARD),
        ("the bleeding is bad", FLAG),
    ],
)
def test_what_goes_on_holds_at_least(interpreter, text, intent):
    """An end that is denied is none."""
    (event,) = typed(interpreter, text)

    assert isinstance(event, Said | Perhaps)
    assert event.intent is intent


@pytest.mark.parametrize("text", ["it won't stop raining", "my nose keeps running", "no bleeding", "don't stop now"])
def test_what_goes_on_and_is_no_cry_is_none(interpreter, text):
    """The words that go on decide."""
    assert not any(getattr(event, "intent", None) in SAFETY for event in typed(interpreter, text))


@pytest.mark.parametrize("text", ["stop listening", "my left side hurts more"])
def test_a_whole_phrase_comes_first(interpreter, text):
    """It holds such a word, and means something else."""
    (event,) = typed(interpreter, text)

    assert isinstance(event, Said)
    assert event.intent in {Intent.SLEEP, Intent.SORER_SIDE}


@pytest.mark.parametrize("state", sorted(STATE_NAMES))
def test_they_act_in_every_state(interpreter, state):
    """Nothing that waits for something else is deaf to them."""
    assert [event.intent for event in typed(interpreter, "okay stop it hurts", legal_in(state))] == [STOP, PAIN]


def heard(text, *transcripts, is_sure=False, is_final=True):
    return Heard(text=text, is_final=is_final, is_sure=is_sure, score=9.0, at_s=1.0, end_s=2.0, transcripts=transcripts)


def test_an_open_transcript_of_the_ear_is_read_too(interpreter):
    """With no phrase that fits, or with one that says nothing of it."""
    refused = interpreter.understand(heard("", "ow my back"), frozenset(Intent), 2.0)
    taken = interpreter.understand(heard("i'm back", "ow my back", is_sure=True), frozenset(Intent), 2.0)

    assert [event.intent for event in (*refused, *taken)] == [PAIN, PAIN]


def test_they_act_before_the_end_of_an_utterance(interpreter):
    """Danger counts as a stop until then."""
    early = interpreter.understand(heard("", "oh i feel dizzy and", is_final=False), frozenset(Intent), 1.5)
    end = interpreter.understand(heard("", "oh i feel dizzy and sick"), frozenset(Intent), 2.0)

    assert [event.intent for event in early] == [STOP]
    assert [event.intent for event in end] == [FLAG]


def test_a_whole_command_is_no_cry_before_its_end(interpreter):
    """The good news of "sore enough" is none, also where the voice sinks behind it."""
    assert interpreter.understand(heard("", "sore enough", is_final=False), frozenset(Intent), 1.5) == ()


def test_a_lone_cry_that_no_phrase_fits_is_asked_about(interpreter):
    """Of any other word alone nothing is made, nor of one that the second reading lacks."""
    (event,) = interpreter.understand(heard("pounding", "hurting"), frozenset(Intent), 2.0)
    others = [
        interpreter.understand(heard("x", *texts), frozenset(Intent), 2.0) for texts in (("cat",), ("hurting", "hut"))
    ]

    assert isinstance(event, Perhaps)
    assert event.intent is PAIN
    assert [type(one) for (one,) in others] == [Unsure, Unsure]


def test_our_own_words_are_not_a_cry(interpreter):
    """A transcript that stands in the sentence that sounds; one more word is a person's."""
    sounding = Sounding("If it hurts, say stop.")
    ours, refusal = interpreter.judge(heard("", "it hurts say stop"), frozenset(Intent), 2.0, sounding)
    theirs = interpreter.understand(heard("", "ouch it hurts"), frozenset(Intent), 2.0, sounding)

    assert ours == ()
    assert refusal.shortfalls[0].rule == "own_voice"
    assert [event.intent for event in theirs] == [PAIN]


def test_unknown_speech_is_ours_only_while_the_room_is_not_known(interpreter):
    """The rest of our first sentences behind the echo canceller; a person's command passes all the same."""
    early, later = Sounding("Say “start” when you are ready.", "", is_early=True), Sounding("Say “start”.")
    talk = heard("", "the tea is nearly cold by now")

    assert interpreter.understand(talk, frozenset(Intent), 2.0, early) == ()
    assert [type(event) for event in interpreter.understand(talk, frozenset(Intent), 2.0, later)] == [Unsure]
    (command,) = interpreter.understand(heard_from_line("louder", 1.0), frozenset(Intent), 1.0, early)
    assert command.intent is Intent.LOUDER


def test_a_language_without_them_has_its_phrases(loaded):
    """Nothing else acts."""
    plain = Interpreter(loaded.phrases, loaded.pack.model_copy(update={"safety": None}))

    assert [type(event) for event in typed(plain, HURT)] == [Unsure]
    assert typed(plain, "stop")[0].intent is STOP


def test_the_words_that_were_found_are_told(spotter):
    """For the screen and the trace."""
    (found,) = spotter.spot("well my left shoulder is really killing me")

    assert (found.intent, found.text, found.is_doubtful) == (PAIN, "killing me", False)


def test_only_safety_stands_in_the_file(loaded):
    """Another intent is a mistake of the author."""
    values = loaded.pack.safety.model_dump()
    values["intents"][Intent.NEXT] = values["intents"].pop(STOP)

    with pytest.raises(ValidationError, match="asks for no safety"):
        SafetyWords.model_validate(values)


def test_a_refused_hearing_without_words_stays_unsure(interpreter):
    """There is nothing to look at."""
    assert [type(e) for e in interpreter.understand(replace(heard("next")), frozenset(Intent), 2.0)] == [Unsure]
