"""Finds the numbers in a text, in words or digits, with their unit of time: "a minute and a half". Pure.

The words come from the language pack (numbers.yaml, quantities.yaml); nothing here is English but its examples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from assistant.interpret.plain import words_of
from assistant.language import Quantities

_BASE = 10
_MOST_DIGITS = 6  # "100000"; a longer number is none that anybody says here
_SMALLEST_POWER = 100  # "two hundred and five": from here on a scale takes a smaller number after it


class Quantity(NamedTuple):
    """One number in a text."""

    value: Fraction
    """In seconds where it has a unit; else the number itself."""
    has_unit: bool
    start: int
    """The place of its first word."""
    end: int
    """The place after its last word."""
    unit_s: int = 0
    """Seconds of its smallest unit; 0: it has none."""

    @property
    def whole(self) -> int | None:
        """The value as a whole number; None where it is none."""
        return int(self.value) if self.value.denominator == 1 else None


class Numbers:
    """Reads numbers. Keeps no state between calls."""

    def __init__(self, numbers: Mapping[int, str], quantities: Quantities) -> None:
        """Take the words of 0 to 120, and the words that make other numbers of them."""
        self._words = quantities
        self._small = {
            tuple(words_of(words)): number
            for number, words in numbers.items()
            if not set(words_of(words)) & set(quantities.scales)
        }
        self._longest = max(map(len, self._small), default=0)

    def read(self, words: Sequence[str]) -> tuple[Quantity, ...]:
        """Each number of the text, in order. A number that cannot be read ("3:20:10") is none."""
        found: list[Quantity] = []
        at = 0
        while at < len(words):
            here = self._at(words, at)
            if here is None:
                at += 1
                continue
            joined = self._joined(words, found[-1], here) if found else None
            found[-1:] = [joined] if joined else [*found[-1:], here]
            at = here.end
        return tuple(found)

    def _at(self, words: Sequence[str], at: int) -> Quantity | None:
        whole = self._whole(words, at)
        if whole is None and _is_in(words, at, self._words.articles):
            after = self._past_adjectives(words, at + 1)
            if _is_in(words, after, self._words.fractions):
                return self._part(words, Fraction(1), after, at)
            whole = self._scaled(words, after) or self._one_of(words, after)
        elif whole is None and self._and_half(words, at + 1)[0]:
            whole = self._one_of(words, at)  # "minute and a half"
        if whole is None:
            return self._part(words, Fraction(1), at, at)
        return self._part(words, *whole, at) or self._measured(words, *whole, at)

    def _past_adjectives(self, words: Sequence[str], at: int) -> int:
        while _is_in(words, at, self._words.adjectives):
            at += 1
        return at

    def _one_of(self, words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
        """Return one, and the place of its unit: "a minute"."""
        return (Fraction(1), at) if _is_in(words, at, self._words.units) else None

    def _part(self, words: Sequence[str], times: Fraction, at: int, start: int) -> Quantity | None:
        """Return a fraction of one of something: "half a minute", "three quarters of an hour", "half a dozen"."""
        if not _is_in(words, at, self._words.fractions):
            return None
        value = times / self._words.fractions[words[at]]
        at += 1
        at += _is_in(words, at, self._words.of_words)
        at += _is_in(words, at, self._words.articles)
        if _is_in(words, at, self._words.scales):
            return self._with_unit(words, value * self._words.scales[words[at]], at + 1, start)
        if _is_in(words, at, self._words.units):
            return self._with_unit(words, value, at, start)
        return None

    def _measured(self, words: Sequence[str], value: Fraction, at: int, start: int) -> Quantity:
        """Return a whole number, with what makes it more: a half before its unit or after it."""
        half, at = self._and_half(words, at)
        found = self._with_unit(words, value + half, at, start)
        if half or not found.has_unit:
            return found
        half, end = self._and_half(words, found.end)
        if half and not _is_in(words, end, self._words.units):
            return found._replace(value=found.value + half * found.unit_s, end=end)
        return found

    def _and_half(self, words: Sequence[str], at: int) -> tuple[Fraction, int]:
        """Return the value of "and a half", and the place after it; nothing where it is not there."""
        after = at + _is_in(words, at, self._words.and_words)
        if after == at:
            return Fraction(0), at
        after += _is_in(words, after, self._words.articles)
        if not _is_in(words, after, self._words.fractions):
            return Fraction(0), at
        is_new = self._part(words, Fraction(1), after, after) and not _is_in(words, after + 1, self._words.units)
        return (Fraction(0), at) if is_new else (Fraction(1, self._words.fractions[words[after]]), after + 1)

    def _with_unit(self, words: Sequence[str], value: Fraction, at: int, start: int) -> Quantity:
        place = self._past_adjectives(words, at + _is_in(words, at, self._words.of_words))
        if _is_in(words, place, self._words.units):
            unit_s = self._words.units[words[place]]
            return Quantity(value * unit_s, has_unit=True, start=start, end=place + 1, unit_s=unit_s)
        return Quantity(value, has_unit=False, start=start, end=at)

    def _whole(self, words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
        """Return the number that begins here and the place after it: "two hundred and five", "2.5"."""
        found = self._plain(words, at) or self._scaled(words, at)
        if found is None:
            return None
        value, at = found
        if value < _SMALLEST_POWER and _is_in(words, at, self._words.scales):
            return self._below(words, value * self._words.scales[words[at]], at + 1)
        if value.denominator == 1 and _is_in(words, at, self._words.point):
            digits, end = self._digits(words, at + 1)
            return (Fraction(f"{value}.{digits}"), end) if digits else (value, at)
        return self._below(words, value, at)

    def _below(self, words: Sequence[str], value: Fraction, at: int) -> tuple[Fraction, int]:
        """Add "and five" to a hundred."""
        if value < _SMALLEST_POWER or value % _SMALLEST_POWER:
            return value, at
        after = self._plain(words, at + _is_in(words, at, self._words.and_words))
        if after is None or not 0 < after[0] < _SMALLEST_POWER or words[at].isdigit():
            return value, at
        return value + after[0], after[1]

    def _scaled(self, words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
        """Return the number of "hundred and five", "couple", "couple of hundred"."""
        if not _is_in(words, at, self._words.scales):
            return None
        value, at = Fraction(self._words.scales[words[at]]), at + 1
        after = at + _is_in(words, at, self._words.of_words)
        if _is_in(words, after, self._words.scales) and value < self._words.scales[words[after]]:
            value, at = value * self._words.scales[words[after]], after + 1
        return self._below(words, value, at)

    def _plain(self, words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            number = self._small.get(tuple(words[at : at + length]))
            if number is not None:
                return Fraction(number), at + length
        if at < len(words) and len(words[at]) <= _MOST_DIGITS and words[at][0].isdigit():
            with suppress(ValueError):
                return Fraction(words[at]), at + 1
        return None

    def _digits(self, words: Sequence[str], at: int) -> tuple[str, int]:
        digits = ""
        while (found := self._plain(words, at)) is not None and found[0] < _BASE:
            digits, at = digits + str(int(found[0])), found[1]
        return digits, at

    def _joined(self, words: Sequence[str], one: Quantity, other: Quantity) -> Quantity | None:
        """Return one time of "two minutes and thirty seconds", "a minute thirty"; None where they are two numbers."""
        between = tuple(words[one.end : other.start])
        if not one.has_unit or (between and not (len(between) == 1 and between[0] in self._words.and_words)):
            return None
        smaller = [unit for unit in self._words.units.values() if unit < one.unit_s]
        if other.has_unit:
            unit_s = other.unit_s if other.unit_s in smaller else 0
            more = other.value
        else:
            unit_s = 0 if between or other.value < _BASE else max(smaller, default=0)  # "a twenty minute one"
            more = other.value * unit_s
        if not unit_s or more >= one.unit_s:
            return None
        return one._replace(value=one.value + more, end=other.end, unit_s=unit_s)


def _is_in(words: Sequence[str], at: int, known: Mapping[str, int] | tuple[str, ...]) -> bool:
    return at < len(words) and words[at] in known
