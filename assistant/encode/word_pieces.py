"""Cuts a text into the word pieces that BERT's encoders were taught with. Pure.

The same as `BertTokenizer` with lower case: accents are dropped, every punctuation mark and symbol is a word of its
own, and a word becomes the longest pieces of the vocabulary, from left to right ("hurting" → "hurt", "##ing").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"
INSIDE = "##"
"""Begins a piece that stands inside a word."""
MOST_PIECES = 64  # chosen: a spoken sentence has about 8, the longest wording that we know has 24
LONGEST_WORD = 100  # letters, as in BERT: a longer word is unknown


class WordPieces:
    """A vocabulary, ready for cutting."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Take the pieces in the order of their numbers. Raises KeyError without the three signs of BERT."""
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._unknown, self._first, self._last = (self._numbers[sign] for sign in (UNKNOWN, FIRST, LAST))

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the text's pieces between the two signs, at most `MOST_PIECES` in all."""
        inside = [number for word in _words(text) for number in self._cut(word)]
        return [self._first, *inside[: MOST_PIECES - 2], self._last]

    def _cut(self, word: str) -> list[int]:
        """Return the longest pieces, from left to right; one unknown where a part is in no piece."""
        found: list[int] = []
        start = 0
        while start < len(word) <= LONGEST_WORD:
            sign = INSIDE if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if sign + word[start:end] in self._numbers), None)
            if end is None:
                return [self._unknown]
            found.append(self._numbers[sign + word[start:end]])
            start = end
        return found or [self._unknown]


def _words(text: str) -> Iterator[str]:
    """Yield runs of letters and digits, and each mark between them."""
    word = ""
    for sign in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(sign)
        if kind == "Mn" or (kind[0] == "C" and not sign.isspace()):
            continue
        if not sign.isspace() and kind[0] not in "PS":
            word += sign
            continue
        if word:
            yield word
        word = ""
        if not sign.isspace():
            yield sign
    if word:
        yield word
