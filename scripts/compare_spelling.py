"""Counts the words that spelling.py and the engine of hama 1.7.0 spell differently.

    python scripts/compare_spelling.py --each 400 --seed 3

Takes `--each` of the 20,000 most frequent English words and of CMU's dictionary, as many made-up names, and a quarter
as many strings of letters.
"""

from __future__ import annotations

import argparse
import random

from hama import G2PModel

from assistant.decode.frequent_words import most_frequent
from assistant.decode.phonetic.dictionary import pronunciations
from assistant.decode.phonetic.lexicon import SPELLING
from assistant.decode.phonetic.spelling import LETTERS, Speller

CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", ["a", "e", "i", "o", "u", "ee", "oo", "ai", "y"]
ENDS = ["", "n", "s", "ng", "'s"]
MOST_SYLLABLES, LONGEST = 5, 40


def made_up(rng: random.Random) -> str:
    """A name that could stand in somebody's routine."""
    syllables = [rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(rng.randint(1, MOST_SYLLABLES))]
    return "".join(syllables) + rng.choice(ENDS)


def letters(rng: random.Random) -> str:
    """A string of any letters."""
    return "a" + "".join(rng.choice(LETTERS) for _ in range(rng.randint(0, LONGEST - 1)))


def words(each: int, rng: random.Random) -> list[str]:
    """All words that are compared."""
    frequent = list(filter(SPELLING.fullmatch, most_frequent("en", 20_000)))
    in_dictionary = list(filter(SPELLING.fullmatch, pronunciations()))
    drawn = [*rng.sample(frequent, each), *rng.sample(in_dictionary, each)]
    return [*drawn, *(made_up(rng) for _ in range(each)), *(letters(rng) for _ in range(each // 4))]


def main() -> None:
    """Spell every word twice, and print those that differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    hama, ours = G2PModel(), Speller()
    compared = words(asked.each, random.Random(asked.seed))
    theirs = {word: [one.phoneme for one in hama.predict(word).alignments] for word in compared}
    differ = {word: said for word, said in theirs.items() if ours(word) != said}
    for word, said in differ.items():
        print(f"{word}: hama {' '.join(said)}, ours {' '.join(ours(word))}")
    print(f"{len(theirs)} words, {len(differ)} are spelled differently")


if __name__ == "__main__":
    main()
