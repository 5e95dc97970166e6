"""Text as plain words in one spelling, and sets of word sequences that are looked for in it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

from assistant.messages import Heard

Words: TypeAlias = Sequence[str]

GAP = "|"
"""Stands where words were taken out. No word has this character."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,:](?=\d)")
_NUMBER_AND_UNIT = re.compile(r"(?<=\d)(?=[^\W\d])")


def words_of(text: str) -> list[str]:
    """Return lower-case words of any script: letters, marks, digits, apostrophes; composes decomposed characters.

    "3.5" is one word, since it is one number; "15s" are two.
    """
    return list(_words_of(text))


@lru_cache(maxsize=4096)  # an utterance is read as words some hundred times, in the same few pieces
def _words_of(text: str) -> tuple[str, ...]:
    whole = unicodedata.normalize("NFC", text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    kept = {match.start() for match in _BETWEEN_DIGITS.finditer(whole)}
    plain = "".join(
        one if one == "'" or i in kept or unicodedata.category(one)[0] in "LMN" else " " for i, one in enumerate(whole)
    )
    return tuple(_NUMBER_AND_UNIT.sub(" ", plain).split())


class Spelling:
    """One spelling for words that people write or say in several ways: "dinnae" and "dont" are "don't"."""

    def __init__(self, spellings: Mapping[str, str]) -> None:
        """Take the words of the usual spelling for each other word."""
        self._usual = spellings

    def of(self, heard: Heard) -> Heard:
        """Return the same utterance in the usual spelling."""
        return replace(heard, text=self._one(heard.text), transcripts=tuple(map(self._one, heard.transcripts)))

    def _one(self, text: str) -> str:
        words = words_of(text)
        if self._usual.keys().isdisjoint(words):
            return text
        return " ".join(self._usual.get(word, word) for word in words)


class Sequences:
    """Sequences of words, such as "a couple" or "no sorry"; finds the longest at a place."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take each sequence as plain words; an empty one is left out."""
        self._all = {tuple(words_of(text)) for text in texts} - {()}
        self._longest = max(map(len, self._all), default=0)

    def starts(self, words: Words, at: int = 0) -> int:
        """The length of the longest sequence that begins at `at`, in words; 0: none does."""
        for length in range(min(self._longest, len(words) - at), 0, -1):
            if tuple(words[at : at + length]) in self._all:
                return length
        return 0

    def ends(self, words: Words, at: int | None = None) -> int:
        """The length of the longest sequence that ends before `at` (without it: at the end), in words; 0: none does."""
        end = len(words) if at is None else at
        for length in range(min(self._longest, end), 0, -1):
            if tuple(words[end - length : end]) in self._all:
                return length
        return 0

    def spans(self, words: Words) -> list[tuple[int, int]]:
        """Each sequence that stands in the words, from the left, longest first, none inside another: (start, end)."""
        found = []
        at = 0
        while at < len(words):
            length = self.starts(words, at)
            if length:
                found.append((at, at + length))
            at += length or 1
        return found

    def without(self, words: Words) -> list[str]:
        """Return the words with `GAP` for each sequence in them: the words around it become no neighbours."""
        kept = list(words)
        for start, end in reversed(self.spans(words)):
            kept[start:end] = [GAP]
        return kept

    def __or__(self, other: Sequences) -> Sequences:
        """The sequences of both."""
        return Sequences(" ".join(one) for one in self._all | other._all)

    def __contains__(self, words: Words) -> bool:
        """True if the words as a whole are one of the sequences."""
        return tuple(words) in self._all
