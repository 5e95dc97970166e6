"""Makes assistant/decode/phonetic/open_words.npz: the words that the ear writes where no phrase of the list fits.

Run it again when the texts, the commands or the dictionary change:   python scripts/open_words.py
Takes a minute. The same texts give the same bytes; a test compares the file with them. word_table.py reads it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.phone_loop import Tables, read_tables
from assistant.decode.phonetic.posteriors import BLANK, BOUNDARY
from assistant.decode.phonetic.spelling import phone_names

COMMON = 3_000
GENERAL = 0.3
WORD = re.compile(r"[a-z][a-z']*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    single: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]


def count(texts: Iterable[tuple[str, float]]) -> Counts:
    """Count words and pairs of words; the empty word stands at both ends of a text."""
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text, weight in texts:
        words = text.split()
        for word in [*words, ""]:
            single[word] += weight
        for pair in pairwise(["", *words, ""]):
            pairs[pair] += weight
    return Counts(single=single, pairs=pairs)


def model(counts: Counts, rarity: Mapping[str, float], words: list[str], general=GENERAL) -> dict:
    at = {word: n for n, word in enumerate(words)}
    total = sum(counts.single.values())
    common = np.array([0.0 if not word else math.exp(-rarity.get(word, 18.0)) for word in words])
    common /= common.sum()
    single = np.array([counts.single.get(word, 0.0) for word in words]) / total
    p = (1 - general) * single + general * common
    after: dict[int, dict[int, float]] = {n: {} for n in range(len(words))}
    for (word, following), n in counts.pairs.items():
        after[at[word]][at[following]] = n
    cost, backoff = -np.log(p), np.zeros(len(words))
    followers, follower, follower_cost = [], [], []
    for n in range(len(words)):
        seen = dict(sorted(after[n].items()))
        c, kinds = sum(seen.values()), len(seen)
        left = kinds / (c + kinds) if kinds else 1.0
        backoff[n] = -math.log(left)
        followers.append(kinds)
        follower += seen
        follower_cost += [-math.log((1 - left) * held / c + left * p[other]) for other, held in seen.items()]
    return dict(cost=cost.astype(np.float16), backoff=backoff.astype(np.float16), followers=np.array(followers, np.uint16),
        follower=np.array(follower, np.uint16), follower_cost=np.array(follower_cost, np.float16))


def sounds(words: list[str], lexicon: Lexicon) -> dict:
    spoken, lengths, flat = [], [], []
    for n, word in enumerate(words):
        for phones in lexicon.pronunciations(word) if word else ():
            spoken.append(n)
            lengths.append(len(phones))
            flat += phones
    return dict(spoken=np.array(spoken, np.uint16), lengths=np.array(lengths, np.uint8), sounds=np.array(flat, np.uint8))
