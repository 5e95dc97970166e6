"""Finds which technique or routine a text names or describes: "the pounding", "the one where you pinch". Pure.

Names and descriptions are data of each technique and routine. A description is whole words in their order; up to two
other words may stand between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from assistant.interpret.plain import Sequences, words_of
from assistant.language import ListValue

MOST_BETWEEN = 2  # "rub [my sore] back"; chosen on the development texts
SLIP = 85.0  # likeness of a word with a typing error, of five letters or more: "kidny"; chosen
LEAST_LETTERS = 5


class Found(NamedTuple):
    """A name or description in a text."""

    value: str
    start: int
    end: int
    strength: int
    """Two for each word of the description, two where a word for such a thing follows ("the kidney technique"), and one
    where nothing is misspelt."""
    stands_alone: bool
    """True for several words, and for a spoken name without a typing error; "warm" alone is no wish."""


class Names:
    """The names and descriptions of one kind of thing. Keeps no state between calls."""

    def __init__(
        self, described: Sequence[ListValue], names: Sequence[ListValue], nouns: Sequence[str], dismissed: Sequences
    ) -> None:
        """Take each description with the name that it stands for, the spoken names among them, and other words.

        `nouns` are words for such a thing; what comes after a word of `dismissed` is not meant.
        """
        self._names = frozenset(tuple(words_of(one.say)) for one in names)
        self._described = tuple((tuple(words_of(one.say)), str(one.value)) for one in described)
        self._nouns, self._dismissed = Sequences(nouns), dismissed

    def find(self, words: Sequence[str]) -> str | None:
        """The name of the one thing that the words describe; None for none and for a doubt between two."""
        found = [one for one in self._all(words) if not self._is_dismissed(words, one)]
        found = [one for one in found if not any(_is_inside(one, other) for other in found)]
        strongest = max((one.strength for one in found), default=0)
        best = {one.value for one in found if one.strength == strongest}
        return best.pop() if len(best) == 1 else None

    def at(self, words: Sequence[str], start: int) -> Found | None:
        """Return the longest name or description that begins at this word, without words between; None for a doubt."""
        found = [
            Found(value, start, start + len(description), len(description), stands_alone=True)
            for description, value in self._described
            if len(words) >= start + len(description) and all(map(_is_like, words[start:], description))
        ]
        longest = max((one.end for one in found), default=0)
        best = {one.value: one for one in found if one.end == longest}
        return next(iter(best.values())) if len(best) == 1 else None

    def has_noun(self, words: Sequence[str], name: str) -> bool:
        """True where a word for such a thing follows: "how long is the legs routine", but not "how long is left"."""
        return any(self._nouns.starts(words, one.end) for one in self._all(words) if one.value == name)

    def is_only(self, words: Sequence[str], name: str, fillers: Sequences) -> bool:
        """True if the words are a description of this thing and nothing else but fillers and words for such things.

        One word that is no spoken name needs another one beside it: "the pounding".
        """
        said = [one for one in self._all(words) if one.value == name]
        said = [one for one in said if one.stands_alone or one.end - one.start < len(words)]
        used = {at for one in said for at in range(one.start, one.end)}
        for some in (fillers, self._nouns):
            used |= {at for start, end in some.spans(words) for at in range(start, end)}
        return bool(said) and len(used) == len(words)

    def _all(self, words: Sequence[str]) -> Iterator[Found]:
        for description, value in self._described:
            for start, word in enumerate(words):
                end = _end(description, words, start) if _is_like(word, description[0]) else 0
                if end:
                    is_exact = tuple(words[start:end]) == description
                    strength = 2 * (len(description) + bool(self._nouns.starts(words, end))) + is_exact
                    alone = len(description) > 1 or tuple(words[start:end]) in self._names
                    yield Found(value, start, end, strength, alone)

    def _is_dismissed(self, words: Sequence[str], one: Found) -> bool:
        return any(self._dismissed.ends(words, at) for at in (one.start, one.start - 1) if at > 0)


def _end(description: Sequence[str], words: Sequence[str], start: int) -> int:
    """Return the place after the description that begins at `start`; 0 where it does not stand there."""
    at = start + 1
    for wanted in description[1:]:
        near = range(at, min(at + MOST_BETWEEN + 1, len(words)))
        here = next((place for place in near if _is_like(words[place], wanted)), None)
        if here is None:
            return 0
        at = here + 1
    return at


def _is_like(word: str, wanted: str) -> bool:
    if word == wanted:
        return True
    return min(len(word), len(wanted)) >= LEAST_LETTERS and word[0] == wanted[0] and fuzz.ratio(word, wanted) >= SLIP


def _is_inside(one: Found, other: Found) -> bool:
    """True where a longer description of another thing holds this one: "back rub" in "lower back rub"."""
    within = other.start <= one.start and one.end <= other.end
    return one.value != other.value and within and one.end - one.start < other.end - other.start
