import pytest

from assistant.decode.typed_engine import LONGEST_LINE, heard_from_line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("next", "next"),
        ("  Next!  \n", "next"),
        ("HOW many   are left?", "how many are left"),
        ("don't stop", "don't stop"),
        ("don’t stop", "don't stop"),
        ("'next'", "next"),
        ("twenty-one", "twenty-one"),
        ("go to step 5.", "go to step 5"),
        ("ｎｅｘｔ", "next"),  # noqa: RUF001 - full-width letters, as an East Asian keyboard writes them
        ("stop\x00\x1b[31m", "stop 31m"),
        ("stop\ud800", "stop"),
        ("다음 단계!", "다음 단계"),
    ],
)
def test_a_line_is_heard_as_plain_words(line, words):
    """Case, punctuation, control characters and odd spaces do not matter."""
    heard = heard_from_line(line, 3.0)

    assert heard.text == words
    assert (heard.is_final, heard.is_sure, heard.at_s, heard.end_s) == (True, True, 3.0, 3.0)


@pytest.mark.parametrize("line", ["", "   ", "\n", "?!", "'-'", "\x00"])
def test_a_line_without_words_is_not_sure(line):
    """Nothing typed is nothing heard."""
    heard = heard_from_line(line, 0.0)

    assert (heard.text, heard.is_sure) == ("", False)


def test_a_very_long_line_is_cut():
    """A pasted book costs no more than a sentence."""
    assert len(heard_from_line("stop " * 1_000_000, 0.0).text) <= LONGEST_LINE
