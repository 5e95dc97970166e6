import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.decode.vosk_grammar import MOST_PHRASES, build_grammar, is_sayable, is_word, missing_words
from assistant.errors import EngineError
from assistant.messages import Intent, Phrase

VOCABULARY = {"stop", "next", "go", "back", "don't", "twenty-one", "아파", "<eps>", "#0", "!SIL"}


def knows(word):
    """A model of a few words, and of Vosk's own symbols."""
    return word in VOCABULARY


def says(*texts, intent=Intent.NEXT):
    """Phrases of one intent."""
    return [Phrase(text=text, intent=intent) for text in texts]


def test_the_grammar_is_json_of_the_phrases():
    """Each phrase is in it once; without [unk] in the model the decoys follow."""
    grammar = build_grammar(says("next", "go back", "next"), knows, ["stop", "next", "strange", "two words"])

    assert json.loads(grammar.text) == ["next", "go back", "stop"]


def test_unk_takes_the_place_of_the_decoys():
    """A model that has [unk] needs no decoys."""
    grammar = build_grammar(says("next"), lambda word: word in ("next", "stop", "[unk]"), ["stop"])

    assert json.loads(grammar.text) == ["next", "[unk]"]


def test_a_phrase_with_two_meanings_keeps_both():
    """The same words may mean two things; interpret decides."""
    grammar = build_grammar([*says("next"), *says("next", intent=Intent.DONE)], knows)

    assert grammar.meanings == {"next": {Intent.NEXT, Intent.DONE}}


def test_beginnings_of_longer_phrases_are_known():
    """After one of these the person may go on, to what these intents want."""
    phrases = [*says("go", "stop", intent=Intent.NEXT), *says("go back", intent=Intent.PREVIOUS)]

    assert build_grammar(phrases, knows).begins == {"go": {Intent.PREVIOUS}}


def test_a_phrase_with_an_unknown_word_is_left_out():
    """It could never be heard; the others can."""
    grammar = build_grammar(says("next", "go xyzzy"), knows)

    assert list(grammar.meanings) == ["next"]


@pytest.mark.parametrize("phrases", [[], says("xyzzy"), says(""), says("<eps>")])
def test_a_grammar_without_phrases_is_refused(phrases):
    """Vosk dies of an empty list, so it never sees one."""
    with pytest.raises(EngineError):
        build_grammar(phrases, knows)


def test_losing_every_way_to_stop_is_refused():
    """A session that cannot be stopped by voice must not begin."""
    with pytest.raises(EngineError, match="every phrase for stop "):
        build_grammar([*says("next"), *says("halt", intent=Intent.STOP)], knows)


def test_too_many_phrases_are_refused():
    """A grammar of a dictionary's size is a mistake."""
    with pytest.raises(EngineError, match="more than"):
        build_grammar(says("next") * (MOST_PHRASES + 1), knows)


@pytest.mark.parametrize("word", ["stop", "don't", "twenty-one", "아파", "да", "é", "e\u0301", "5"])
def test_letters_of_any_script_are_words(word):
    """Marks, digits, apostrophes and hyphens belong to words."""
    assert is_word(word)


@pytest.mark.parametrize(
    "word", ["", "<eps>", "#0", "!SIL", "[unk]", "<s>", "stop\0x", 'st"op', "st\\op", "'", "-", "a\nb", "x" * 41, "a,b"]
)
def test_symbols_and_control_characters_are_not(word):
    """Words that Vosk or JSON might misread never get in."""
    assert not is_word(word)


@pytest.mark.parametrize("text", ["", " ", "next ", "go  back", "go\tback", "next " * 60 + "x"])
def test_a_phrase_is_words_with_single_spaces(text):
    """Anything else is not as Phrase promises."""
    assert not is_sayable(text)


def test_missing_words_are_named():
    """Unknown words and things that are no words."""
    assert missing_words("go xyzzy <eps> back", knows) == ["xyzzy", "<eps>"]


@given(st.lists(st.text(max_size=30), max_size=20))
def test_whatever_the_phrases_the_grammar_is_safe(texts):
    """A non-empty JSON list of plain words, or an error of our own."""
    try:
        grammar = build_grammar(says(*texts), lambda _: True)
    except EngineError:
        assert not any(map(is_sayable, texts))
        return
    phrases = json.loads(grammar.text)
    assert phrases
    assert all(is_sayable(text) for text in phrases if text != "[unk]")


def test_a_word_of_safety_can_be_heard_amid_anything():
    """It stands in the grammar by itself, and means nothing by itself where no phrase is that word."""
    phrases = [*says("it hurts", intent=Intent.PAIN), *says("next it")]

    grammar = build_grammar(phrases, lambda word: word in ("it", "hurts", "next", "[unk]"))

    assert json.loads(grammar.text) == ["it hurts", "next it", "hurts", "[unk]"]
    assert grammar.urgent == {"hurts"}
    assert "hurts" not in grammar.meanings
