"""A text becomes the word pieces of BERT's vocabulary."""

from __future__ import annotations

import pytest

from assistant.decode.frequent_words import most_frequent
from assistant.encode.sentence_encoder import PIECES
from assistant.encode.word_pieces import MOST_PIECES, WordPieces


@pytest.fixture(scope="module")
def vocabulary():
    return PIECES.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def cut(vocabulary):
    """Return a function that gives the pieces of a text, without the signs at both ends."""
    pieces = WordPieces(vocabulary)
    return lambda text: [vocabulary[number] for number in pieces.numbers(text)[1:-1]]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("stop it hurts", ["stop", "it", "hurts"]),
        ("my sacrum's aching", ["my", "sac", "##rum", "'", "s", "aching"]),
        ("Ça va, l'été?", ["ca", "va", ",", "l", "'", "et", "##e", "?"]),
        ("don't!stop", ["don", "'", "t", "!", "stop"]),
        ("150 v8", ["150", "v", "##8"]),
        ("ouch\tow\n", ["ou", "##ch", "ow"]),
        ("☃—☃", ["[UNK]"] * 3),
        ("стоп", ["[UNK]"]),
        ("a\u0000b", ["ab"]),
        ("x" * 101, ["[UNK]"]),
        ("", []),
    ],
)
def test_a_text_is_cut_as_bert_cuts_it(cut, text, pieces):
    """The longest pieces from left to right; marks stand alone, accents are dropped, strange signs are unknown."""
    assert cut(text) == pieces


def test_a_text_without_end_is_cut_off(vocabulary):
    """No more pieces than the model has places for, with both signs."""
    numbers = WordPieces(vocabulary).numbers("ow " * 1_000)

    assert len(numbers) == MOST_PIECES
    assert [vocabulary[at] for at in (numbers[0], numbers[1], numbers[-1])] == ["[CLS]", "ow", "[SEP]"]


def test_every_number_of_a_piece_is_its_place(vocabulary):
    """The model's table has a row for each line of the file."""
    assert len(vocabulary) == len(set(vocabulary)) == 24_922


def test_no_word_of_english_letters_and_digits_is_unknown(cut):
    """Every letter and digit is a piece, at the start of a word and inside; and so is every common word."""
    signs = "abcdefghijklmnopqrstuvwxyz0123456789"

    assert [sign for sign in signs if cut(f"{sign} zq{sign}q")[0] != sign] == []
    assert [sign for sign in signs if "[UNK]" in cut(f"zq{sign}{sign}q")] == []
    assert [word for word in most_frequent("en", 500) if word.isalpha() and cut(word) != [word]] == []
