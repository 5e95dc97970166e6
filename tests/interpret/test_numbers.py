"""Numbers of any size are found in a text, in words or digits, with their unit of time."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.interpret.numbers import Numbers
from assistant.interpret.plain import words_of


@pytest.fixture(scope="session")
def numbers(loaded):
    return Numbers(loaded.pack.numbers, loaded.pack.quantities)


def values(numbers, text):
    """Each number with "s" behind it where it is a time in seconds."""
    return [f"{one.value}{'s' if one.has_unit else ''}" for one in numbers.read(words_of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twelve", ["12"]),
        ("a dozen", ["12"]),
        ("two dozen more", ["24"]),
        ("half a dozen", ["6"]),
        ("a couple of hundred", ["200"]),
        ("a thousand", ["1000"]),
        ("two thousand and five", ["2005"]),
        ("a couple of times", ["2"]),
        ("one hundred and five", ["105"]),
        ("a hundred and twenty", ["120"]),
        ("two hundred and fifty more", ["250"]),
        ("twenty-five", ["25"]),
        ("45", ["45"]),
        ("ten or twelve", ["10", "12"]),
        ("twelve and five", ["12", "5"]),
        ("ninety seconds", ["90s"]),
        ("15s", ["15s"]),
        ("half a minute", ["30s"]),
        ("another half minute", ["30s"]),
        ("a minute and a half", ["90s"]),
        ("minute and a half", ["90s"]),
        ("two and a half minutes", ["150s"]),
        ("two point five minutes", ["150s"]),
        ("1.5 minutes", ["90s"]),
        ("a quarter of an hour", ["900s"]),
        ("three quarters of an hour", ["2700s"]),
        ("an hour and a half", ["5400s"]),
        ("two minutes and thirty seconds", ["150s"]),
        ("a minute thirty", ["90s"]),
        ("two minutes and half an hour", ["120s", "1800s"]),
        ("five more minutes", ["300s"]),
        ("a full minute", ["60s"]),
        ("five to ten minutes", ["5", "600s"]),
        ("a twenty minute one", ["1200s", "1"]),
    ],
)
def test_a_number_is_read(numbers, text, expected):
    """Words, digits, multiples, halves and units; what stands beside a number is none of it."""
    assert values(numbers, text) == expected


@pytest.mark.parametrize(
    "text", ["", "half", "a half", "the minutes", "a few", "some more", "1:30", "1,000", "1.2.3", "²", "9" * 5_000]
)
def test_what_is_no_number_or_an_unreadable_one_is_none(numbers, text):
    """A part of it must not become another number: "1,000" is not one."""
    assert values(numbers, text) == []


@given(number=st.integers(0, 120), times=st.sampled_from(["", " seconds", " minutes", " hours"]))
def test_every_number_is_the_same_in_words_and_digits(numbers, loaded, number, times):
    """0 to 120, alone and with a unit."""
    in_words = numbers.read(words_of(f"wait {loaded.pack.numbers[number]}{times} please"))
    in_digits = numbers.read(words_of(f"wait {number}{times} please"))
    seconds = {"": 1, " seconds": 1, " minutes": 60, " hours": 3600}[times]

    assert [one.value for one in in_words] == [Fraction(number * seconds)]
    assert [one.value for one in in_digits] == [Fraction(number * seconds)]


@given(
    words=st.lists(
        st.sampled_from(
            [
                "a",
                "an",
                "half",
                "and",
                "of",
                "minutes",
                "hour",
                "two",
                "dozen",
                "hundred",
                "point",
                "five",
                "zero",
                "7",
                "2.5",
            ]
        )
    )
)
def test_no_order_of_number_words_is_an_error(numbers, words):
    """Each word belongs to at most one number, and all values are finite and not negative."""
    found = numbers.read(words)

    assert all(one.start < one.end and one.value >= 0 for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
