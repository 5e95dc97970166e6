"""Free readings: what was said, phone by phone, without any phrase. Used to learn pronunciations, never to act.

It takes the best token of every frame, not the best path of the phone loop: the loop knows the 40 phones of a
dictionary, and the model writes others as well (`yes` is `ɟ ͡ ʝ e s`), which only an unconstrained reading shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from rapidfuzz.distance import Levenshtein

from assistant.decode.phonetic.lexicon import Lexicon, Sounds
from assistant.decode.phonetic.posteriors import BOUNDARY, Frames, Posteriors
from assistant.decode.phonetic.sentences import Sentences
from assistant.messages import Pcm

PhoneReading: TypeAlias = tuple[str, ...]
"""One item for each word that the model separated: its phones, joined by spaces."""

AT_A_BOUNDARY = 0.5  # phones; between two cuts of equal cost the model's own word boundary decides
QUIET = 2  # quiet frames between two phones when a reading becomes frames: as many phones may be inserted there
NO_PHONES = frozenset({"%", ",", "~"})  # tokens of the model that stand for no sound


class Reader:
    """Reads recordings, and compares the readings with the phrases that an engine has learned."""

    def __init__(self, posteriors: Posteriors, lexicon: Lexicon, texts: Sequence[str], sentences: Sentences) -> None:
        """Take the parts of an engine."""
        self._posteriors = posteriors
        self._lexicon = lexicon
        self._texts = texts
        self._sentences = sentences
        self._index = {token: i for i, token in enumerate(posteriors.tokens)}

    def read(self, pcm: Pcm) -> PhoneReading:
        """Return the free reading of int16 mono at 16 000 Hz, at most 30 s; empty where no phone is heard."""
        return free_reading(self._posteriors(pcm), self._posteriors.tokens)

    def shared_out(self, reading: PhoneReading, text: str) -> dict[str, str]:
        """Align the reading with the text: each word with its phones, joined by spaces; empty if there are too few.

        A word that occurs twice keeps its last part.
        """
        words = text.split()
        parts = cut(self._sounds(reading), [self._lexicon.pronunciations(word) for word in words])
        return {word: self._phones(part) for word, part in zip(words, parts, strict=False)}

    def is_known(self, word: str, phones: str) -> bool:
        """True if the lexicon already holds this pronunciation of the word."""
        return phones in {self._phones(known) for known in self._lexicon.pronunciations(word)}

    def distances(self, reading: PhoneReading) -> dict[str, int]:
        """Return for every competing text its edit distance to the reading, in phones."""
        flat = tuple(phone for word in self._sounds(reading) for phone in word)
        x = as_frames(flat, self._posteriors.edge + 1, quiet=(self._posteriors.blank, self._posteriors.edge))
        return {
            text: round(-score) for text, score in zip(self._texts, self._sentences.scores(x).tolist(), strict=True)
        }

    def length(self, text: str) -> int:
        """Return the number of phones in the text's shortest pronunciation."""
        return sum(min(map(len, self._lexicon.pronunciations(word)), default=0) for word in text.split())

    def _sounds(self, reading: PhoneReading) -> tuple[Sounds, ...]:
        return tuple(tuple(self._index[phone] for phone in word.split()) for word in reading)

    def _phones(self, sounds: Sounds) -> str:
        return " ".join(self._posteriors.tokens[i] for i in sounds)


def free_reading(x: Frames, tokens: Sequence[str]) -> PhoneReading:
    """Return the best token of every frame without repeats; drops tokens that are no sound (padding, punctuation)."""
    words: list[list[str]] = [[]]
    last = ""
    for n in x[:, : len(tokens)].argmax(1).tolist():
        token = tokens[n]
        if token != last and token == BOUNDARY:
            words.append([])
        elif token != last and is_phone(token):
            words[-1].append(token)
        last = token
    return tuple(" ".join(word) for word in words if word)


def difference(one: PhoneReading, other: PhoneReading) -> float:
    """Return the share of phones in which two readings differ, 0 to 1."""
    return Levenshtein.normalized_distance(_flat(one), _flat(other))


def _flat(reading: PhoneReading) -> list[str]:
    return [phone for word in reading for phone in word.split()]


def is_phone(token: str) -> bool:
    """True if the model's token is a letter or a mark of the phonetic alphabet."""
    return not token.startswith("<") and not token.isspace() and token not in NO_PHONES


def cut(reading: Sequence[Sounds], words: Sequence[Sequence[Sounds]]) -> tuple[Sounds, ...]:
    """Align a reading's phones with words, each given by its known pronunciations; empty if there are too few phones.

    Each word gets the phones nearest to it, at least one.
    """
    flat = tuple(phone for word in reading for phone in word)
    bounds = set(np.cumsum([len(word) for word in reading]).tolist())
    best: dict[int, tuple[float, tuple[Sounds, ...]]] = {0: (0.0, ())}
    for known in words:
        after: dict[int, tuple[float, tuple[Sounds, ...]]] = {}
        for begin, (cost, parts) in best.items():
            for end in range(begin + 1, len(flat) + 1):
                part = flat[begin:end]
                nearest = min((Levenshtein.distance(part, one) for one in known), default=len(part))
                total = cost + nearest - (AT_A_BOUNDARY if end in bounds else 0.0)
                if end not in after or total < after[end][0]:
                    after[end] = total, (*parts, part)
        best = after
    return best.get(len(flat), (0.0, ()))[1]


def as_frames(phones: Sounds, columns: int, *, quiet: Sequence[int]) -> Frames:
    """Return frames in which the model would be sure of each phone: every difference costs 1, in nats.

    Scoring a command set on these frames gives every text's distance at once. `quiet` is blank and edge.
    """
    step = QUIET + 1
    x = np.full((QUIET + step * len(phones), columns), -1.0, np.float32)
    x[:, list(quiet)] = 0.0
    for i, phone in enumerate(phones):
        x[QUIET + i * step] = -1.0
        x[QUIET + i * step, phone] = 0.0
    return x
