"""A text as weights of its words, pairs and triples of words, and pieces of words. Pure.

Each gram falls into one of 32,768 buckets by its CRC-32, so that no list of grams has to be kept. 25,900 of them hold
two texts or more of those that were learned.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from zlib import crc32

BUCKETS = 1 << 15
RUNS = 1, 2, 3  # words in a gram
PIECES = 3, 4, 5  # letters in a piece of a word, with a sign for its two ends


def weights(text: str, rarity: Mapping[int, float]) -> dict[int, float]:
    """Return the weight of each bucket, together of length 1; buckets without a rarity are left out.

    A weight is (1 + ln n) times the bucket's rarity for n grams in it (tf-idf, as in scikit-learn, "sublinear").
    """
    counted = Counter(crc32(gram.encode("utf-8")) % BUCKETS for gram in grams(text))
    found = {bucket: (1 + math.log(n)) * rarity[bucket] for bucket, n in counted.items() if bucket in rarity}
    length = math.sqrt(sum(weight * weight for weight in found.values())) or 1.0
    return {bucket: weight / length for bucket, weight in found.items()}


def grams(text: str) -> Iterator[str]:
    """Yield the grams of a text in lower-case words with single spaces."""
    words = text.split()
    yield from words
    framed = ["^", *words, "$"]
    for run in RUNS[1:]:
        yield from (" ".join(framed[at : at + run]) for at in range(len(framed) - run + 1))
    for word in words:
        ended = f"_{word}_"
        for size in PIECES:
            yield from (f"#{ended[at : at + size]}" for at in range(len(ended) - size + 1))
