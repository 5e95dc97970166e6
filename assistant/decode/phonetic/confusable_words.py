"""Confusable words: finds those that an engine of phones will hear badly, and why. Needs pronunciations, no sound.

A word is confusable if it has no pronunciation, if it is a whole phrase of one phone, or if two phrases that mean
different things differ in this word by one phone only ("foot" and "feet").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from assistant.decode.phonetic.lexicon import Sounds
from assistant.messages import Phrase


def hard_words(phrases: Sequence[Phrase], sounds: Callable[[str], tuple[Sounds, ...]]) -> tuple[tuple[str, str], ...]:
    """Return each confusable word with the reason in plain words, sorted by word; empty if there is none."""
    found: dict[str, str] = {}
    words = sorted({word for phrase in phrases for word in phrase.text.split()})
    silent = [word for word in words if not sounds(word)]
    for word in silent:
        found[word] = "it cannot be pronounced: write it as it is said, in English letters"
    for text in sorted({phrase.text for phrase in phrases if " " not in phrase.text} - set(silent)):
        if max(len(said) for said in sounds(text)) == 1:
            found[text] = "it is a single sound: choose a longer word"
    for word, other in _near(phrases):
        for one, two in ((word, other), (other, word)):
            near = _nearness(sounds(one), sounds(two))
            if near:
                found.setdefault(one, f"it sounds {near} '{two}', which means something else: choose another word")
    return tuple(sorted(found.items()))


def _near(phrases: Sequence[Phrase]) -> Iterable[tuple[str, str]]:
    """Yield the pairs of words in which two phrases of different meanings differ."""
    places: dict[tuple[str, ...], dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for phrase in phrases:
        words = tuple(phrase.text.split())
        meaning = (phrase.intent, tuple(sorted(phrase.slots.items())))
        for i, word in enumerate(words):
            around = (*words[:i], "", *words[i + 1 :])
            places[around][word].add(meaning)
    pairs = {
        (one, two)
        for held in places.values()
        for one, two in combinations(sorted(held), 2)
        if not held[one] & held[two]
    }
    return sorted(pairs)


def _nearness(one: tuple[Sounds, ...], two: tuple[Sounds, ...]) -> str:
    """Say how near two words are: "exactly like", "almost like", or nothing."""
    if set(one) & set(two):
        return "exactly like"
    is_near = any(len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1 for a in one for b in two)
    return "almost like" if is_near else ""
