"""The words that make a sentence one of safety: they are listened for wherever they stand. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from assistant.messages import SAFETY, Phrase

SHARE = 0.6
"""Of the phrases with a word, the share that must mean a safety intent: "stop" has 21 of 22, "back" 16 of 75."""
COMMON = 150
"""The most frequent words of a language, which are in every sentence: "get" (an ambulance) is the 61st of English,
"stop" the 283rd."""


def safety_words(phrases: Collection[Phrase], common: Collection[str]) -> frozenset[str]:
    """Return the words that make a phrase one of safety: "hurts" in "my knee hurts", not "knee" or "my".

    `common` holds the language's COMMON most frequent words; they are left out.
    """
    in_all = Counter(word for phrase in phrases for word in set(phrase.text.split()))
    urgent = [set(phrase.text.split()) for phrase in phrases if phrase.intent in SAFETY]
    of_safety = Counter(word for words in urgent for word in words)
    special = {word for word, n in of_safety.items() if n >= SHARE * in_all[word] and word not in common}
    return frozenset(word for words in urgent if len(words & special) == 1 for word in words & special)
