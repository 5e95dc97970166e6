"""Text on its way to a voice."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speak.clean_text import LONGEST, clean_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Press until it's slightly sore. Say ready.", "Press until it's slightly sore. Say ready."),
        ("twenty-four,\n\tleft!", "twenty-four, left!"),
        ("\x010A silent", "0A silent"),
        ("[[h@l'oU]] there", "h@l'oU there".replace("@", "")),
        ("[<b>[x]<b>]", "x"),
        ('<audio src="/etc/hostname"/>stop', "stop"),
        ("a < b", "a b"),
        ("salt & pepper", "salt and pepper"),
        ("**bold** `code` #1 ~x~ a\\b|c", "bold code 1 x abc"),
        ("zero\u200bwidth\u202eturned\ue000", "zerowidthturned"),
        ("\ud800lone", "lone"),
        ("ﬁve", "five"),
        ("nach außen, plötzlich, 36 %", "nach außen, plötzlich, 36 %"),
        ("세 번 눌러요", "세 번 눌러요"),
        ("हिन्दी", "हिन्दी"),
        ("e" + "\u0301" * 50, "é" + "\u0301" * 2),
        ("--- ... !", ""),
        ("", ""),
    ],
)
def test_only_what_can_be_spoken_is_left(text, plain):
    """Control characters, phoneme brackets, tags and marks of markup go; words of any language stay."""
    assert clean_text(text) == plain


def test_a_long_text_is_cut_between_words():
    """At most 500 characters, and no half word at the end."""
    plain = clean_text("kneading " * 200)

    assert 480 < len(plain) <= LONGEST
    assert set(plain.split()) == {"kneading"}


def test_a_long_word_is_cut_anyway():
    """A word of a million letters cannot reach a voice."""
    assert len(clean_text("x" * 1_000_000)) == LONGEST


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_can_smuggle_anything(text):
    """Whatever the text, what is left is one line, at most 500 characters, without brackets or unseen characters."""
    plain = clean_text(text)

    assert len(plain) <= LONGEST
    assert not set("[]<>{}\\|*_`#~^&@\n\r\t") & set(plain)
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in plain)
    assert clean_text(plain) == plain
