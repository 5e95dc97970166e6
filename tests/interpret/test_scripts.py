"""Words of any script are matched: the matcher and the templates know letters, not the English alphabet."""

from __future__ import annotations

import unicodedata

import pytest

from assistant.interpret.match import Matcher
from assistant.interpret.phrases import expand_template
from assistant.messages import Heard, Intent, Phrase, Said

MEANINGS = {
    "멈춰": Intent.STOP,
    "다섯 번 더": Intent.MORE_REPS,
    "허리 아파": Intent.PAIN,
    "더 크게": Intent.LOUDER,
    "더 작게": Intent.QUIETER,
    "arrête": Intent.PAUSE,
    "c'est fini": Intent.DONE,
    "रुको ज़रा": Intent.WAIT_FOR,  # with marks, which are no letters
    "τέλος": Intent.END_SESSION,
}
PHRASES = [Phrase(text=text, intent=intent) for text, intent in MEANINGS.items()]


def understood(text):
    """The intent of a text, None where it is no command."""
    matcher = Matcher(PHRASES, skip_words=("좀", "s'il vous plaît"), numbers={5: "다섯"})
    heard = Heard(text=text, is_final=True, is_sure=True, score=100.0, at_s=0.0, end_s=0.0)
    event = matcher.understand(heard, frozenset(Intent), 0.0)
    return event.intent if isinstance(event, Said) else None


@pytest.mark.parametrize(("text", "intent"), MEANINGS.items())
def test_a_phrase_of_any_script_is_itself(text, intent):
    """Letters and marks of every script count."""
    assert understood(text) is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("멈춰!", Intent.STOP),
        ("  더   크게。", Intent.LOUDER),
        ("좀 더 크게", Intent.LOUDER),
        ("5 번 더", Intent.MORE_REPS),
        ("ARRÊTE, s'il vous plaît", Intent.PAUSE),
        ("C\N{RIGHT SINGLE QUOTATION MARK}est fini.", Intent.DONE),
        (unicodedata.normalize("NFD", "멈춰"), Intent.STOP),
        (unicodedata.normalize("NFD", "arrête"), Intent.PAUSE),
    ],
)
def test_punctuation_skip_words_digits_and_pieces_do_not_matter(text, intent):
    """Typed text is normalised first; some systems type a letter and its accent separately."""
    assert understood(text) is intent


@pytest.mark.parametrize(
    "text", ["여섯 번 더", "머리 아파", "더 그게", "멈춰라", "번 더", "더", "arreter", "", "…", "👍"]
)
def test_another_word_is_no_command(text):
    """One syllable makes another word: nothing near is guessed."""
    assert understood(text) is None


def test_a_template_may_be_written_in_any_script():
    """Marks belong to words, and a letter typed in pieces is put together."""
    pieces = unicodedata.normalize("NFD", "[더] 크게")

    assert [text for text, _ in expand_template("रुको ज़रा", {}, {})] == ["रुको ज़रा"]
    assert sorted(text for text, _ in expand_template(pieces, {}, {})) == ["더 크게", "크게"]
