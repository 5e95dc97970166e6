"""The English commands: what people say is understood, what they say to others is not."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from assistant.decode.phonetic.engine import PhoneticEngine
from assistant.errors import BadTemplate
from assistant.interpret import expand
from assistant.language import LanguagePack
from assistant.messages import SAFETY, Intent, Phrase
from assistant.store.library import load

SENTENCES = Path(__file__).parent / "data" / "sentences.txt"
LEAST = 5  # ways to say a thing
MOST = 2_450  # phrases in all: each one costs the ear time at every frame
EASILY_CONFUSED = [
    ("stop", "skip", "next"),
    ("stop", "start", "ready"),
    ("speed up", "speak up", "louder"),
    ("finish", "finished", "done"),
    ("too slow", "too sore", "too_hard"),
    ("lighter", "louder", "louder"),
    ("forget me", "forget it", "cancel"),
]
LEFT_OUT = ["quicker", "more", "go", "left", "right", "eleven", "how hard", "quick"]
TALK = [
    "there is a stop sign at the corner",
    "please hold on to the rail",
    "five more days until the holiday",
    "say stop at any time to end the session",
    "step three of eight now switch to your left hand",
    "would you like to start the evening routine",
    "yeah my cousin said the same thing",
]


@pytest.fixture(scope="module")
def pack() -> LanguagePack:
    return load().pack


@pytest.fixture(scope="module")
def meanings(pack: LanguagePack) -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in expand(pack):
        found[phrase.text].append(phrase)
    return found


def spoken() -> list[tuple[str, str, dict[str, int | str]]]:
    rows = []
    for line in SENTENCES.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        intent, _, rest = line.partition(": ")
        text, _, slot = rest.partition(" | ")
        name, _, value = slot.partition("=")
        rows.append((intent, text, {name: int(value) if value.isdecimal() else value} if name else {}))
    return rows


@pytest.mark.parametrize(
    ("intent", "text", "slots"), spoken(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_people_said_is_understood(
    intent: str, text: str, slots: dict[str, int | str], meanings: dict[str, list[Phrase]]
) -> None:
    """Each sentence of the development recordings is a phrase with its intent and slots, and nothing else."""
    assert [(phrase.intent.value, dict(phrase.slots)) for phrase in meanings[text]] == [(intent, slots)]


@pytest.mark.parametrize("intent", Intent, ids=lambda intent: intent.value)
def test_examples_are_understood_and_near_misses_are_not(
    intent: Intent, pack: LanguagePack, meanings: dict[str, list[Phrase]]
) -> None:
    """Every command's file says what it must and must not catch, and offers at least five ways to say it."""
    command = pack.commands[intent]

    understood = [
        (example.say, [(phrase.intent, dict(phrase.slots)) for phrase in meanings.get(example.say, [])])
        for example in command.examples
    ]

    assert understood == [(example.say, [(intent, example.slots)]) for example in command.examples]
    assert [miss for miss in command.near_misses if any(one.intent is intent for one in meanings.get(miss, []))] == []
    assert len(command.examples) >= LEAST
    assert len(expand(pack, {intent})) >= LEAST


def test_no_phrase_means_two_things(meanings: dict[str, list[Phrase]]) -> None:
    """Every text has one intent with one set of slots."""
    assert [text for text, found in meanings.items() if len(found) > 1] == []


def test_the_phrases_are_few_enough_and_can_be_spoken(meanings: dict[str, list[Phrase]]) -> None:
    """Lower-case words with single spaces, no digits, not too many."""
    assert len(meanings) < MOST
    assert all(text == " ".join(text.lower().split()) for text in meanings)
    assert all(character.isalpha() or character in " '" for text in meanings for character in text)


@pytest.mark.parametrize("text", [*LEFT_OUT, *TALK])
def test_what_is_said_to_others_is_no_command(text: str, meanings: dict[str, list[Phrase]]) -> None:
    """Bare sides and numbers above ten, sound-alikes that were left out, and talk in the room."""
    assert text not in meanings


@pytest.mark.parametrize(("one", "other", "means"), EASILY_CONFUSED)
def test_sound_alikes_that_people_say_are_both_there(
    one: str, other: str, means: str, meanings: dict[str, list[Phrase]]
) -> None:
    """Two sound-alikes that people say are both phrases: the margin between them decides, not the lack of one."""
    assert meanings[one][0].intent is not meanings[other][0].intent
    assert meanings[other][0].intent.value == means


def test_yes_and_no_are_words_and_not_truth_values(pack: LanguagePack, meanings: dict[str, list[Phrase]]) -> None:
    """The trap of YAML: an unquoted yes is no boolean here."""
    assert pack.commands[Intent.YES].intent is Intent.YES
    assert meanings["yes"][0].intent is Intent.YES
    assert meanings["no"][0].intent is Intent.NO


def test_everything_that_begins_with_stop_stops(meanings: dict[str, list[Phrase]]) -> None:
    """No ending of a sentence takes "stop" away, but for "stop listening", which holds the session too."""
    others = [
        text for text, found in meanings.items() if text.split()[0] == "stop" and found[0].intent is not Intent.STOP
    ]

    assert others == ["stop listening"]
    assert meanings["stop listening"][0].intent is Intent.SLEEP


def test_pain_words_belong_to_safety(meanings: dict[str, list[Phrase]]) -> None:
    """No phrase with a word of pain means anything else, except to ask about it, to answer, or to tell of soreness."""
    words = {"hurts", "hurt", "pain", "painful", "ouch", "ow", "numb", "dizzy", "faint", "burning", "sore"}

    elsewhere = [
        (text, found[0].intent)
        for text, found in meanings.items()
        if words & set(text.split()) and found[0].intent not in SAFETY
    ]

    assert [text for text, intent in elsewhere if intent not in {Intent.SORER_SIDE, Intent.SORE}] == [
        "should it hurt",
        "no pain",
        "no pain at all",
    ]
    assert all("left" in text or "right" in text for text, intent in elsewhere if intent is Intent.SORER_SIDE)


def test_bare_numbers_only_answer_the_rating(meanings: dict[str, list[Phrase]], pack: LanguagePack) -> None:
    """Zero to ten alone are a rating; no other number stands alone."""
    bare = {
        phrase.slots["number"]: phrase.intent for number in pack.numbers.values() for phrase in meanings.get(number, [])
    }

    assert bare == dict.fromkeys(range(11), Intent.RATE_PAIN)


def test_times_are_seconds(pack: LanguagePack) -> None:
    """Every minute up to thirty, and times whose words are near to others, in seconds."""
    waits = {phrase.text: phrase.slots["duration"] for phrase in expand(pack, {Intent.WAIT_FOR})}
    shorts = {phrase.text: phrase.slots.get("duration") for phrase in expand(pack, {Intent.SHORT_SESSION})}

    assert waits["wait thirty seconds"] == 30
    assert waits["pause for one minute"] == 60
    assert waits["give me twenty minutes"] == 1200
    assert {*range(5, 65, 5), 90, 150, *range(60, 1860, 60), 3600} <= set(waits.values())
    assert shorts["i only have fifteen minutes"] == 900
    assert shorts["make it short"] is None


def test_a_side_is_left_right_or_for_the_sorer_one_both(pack: LanguagePack) -> None:
    """The side slot is left, right or, for the sorer side, both."""
    picked = {phrase.slots["side"] for phrase in expand(pack, {Intent.PICK_SIDE})}
    sorer = {phrase.slots["side"] for phrase in expand(pack, {Intent.SORER_SIDE})}

    assert picked == {"left", "right"}
    assert sorer == {"left", "right", "both"}


def test_every_word_can_be_pronounced(pack: LanguagePack) -> None:
    """The phonetic engine knows how each word of each phrase sounds."""
    engine = PhoneticEngine()

    assert engine.unknown_words(expand(pack)) == ()


def test_every_step_and_every_count_can_be_said(pack: LanguagePack) -> None:
    """Steps one to twenty, and the last one; counts one to sixty, and the round ones above."""
    steps = {phrase.slots["number"] for phrase in expand(pack, {Intent.GO_TO}) if "number" in phrase.slots}
    counts = {phrase.slots["number"] for phrase in expand(pack, {Intent.MORE_REPS}) if "number" in phrase.slots}

    assert steps == {-1, *range(1, 21)}
    assert counts == {*range(1, 61), 70, 80, 90, 100}


def test_every_routine_and_technique_can_be_asked_for_by_each_of_its_names() -> None:
    """Every spoken name finds its routine or technique again."""
    loaded = load()
    phrases = expand(loaded.pack, {Intent.START_ROUTINE, Intent.GO_TO})
    routines = {str(phrase.slots["routine"]) for phrase in phrases if "routine" in phrase.slots}
    techniques = {str(phrase.slots["technique"]) for phrase in phrases if "technique" in phrase.slots}

    assert {loaded.library.routine_called(name) for name in routines} == set(loaded.library.routines)
    assert {loaded.library.technique_called(name) for name in techniques} == set(loaded.library.techniques)


def test_numbers_are_words_from_zero_to_a_hundred_and_twenty(pack: LanguagePack) -> None:
    """All there, all different, no digits."""
    assert set(pack.numbers) == set(range(121))
    assert len(set(pack.numbers.values())) == 121
    assert pack.numbers[36] == "thirty six"
    assert pack.numbers[120] == "one hundred and twenty"


def test_a_grammar_with_an_unknown_list_is_an_error(pack: LanguagePack) -> None:
    """A template cannot silently lose a slot."""
    broken = pack.model_copy(update={"lists": {}})

    with pytest.raises(BadTemplate, match="which is not known"):
        expand(broken)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("This is safe.", "safe"),
        ("It CURES your back.", "cures"),
        ("Now push through it.", "push through"),
        ("You're fine.", "you're fine"),
        ("Get a clear diagnosis from a doctor.", None),
        ("Press safely-ish: no, unsafely.", "safely"),
        ("Use only as much pressure as feels comfortable.", None),
    ],
)
def test_words_that_are_never_said_are_found(pack: LanguagePack, text: str, word: str | None) -> None:
    """Whole words, any case."""
    assert pack.forbidden_in(text) == word
