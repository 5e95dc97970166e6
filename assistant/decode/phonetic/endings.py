"""Words that end no English sentence: the person stops to think, and goes on. Pure."""

from __future__ import annotations

ARTICLES = frozenset({"a", "an", "the", "my", "your", "our", "their", "every"})
JOINING = frozenset({"and", "but", "or", "because", "if", "when", "than", "as"})
PREPOSITIONS = frozenset({"to", "of", "from", "with", "into", "by"})
VERBS = frozenset({"could", "would", "shall", "should", "may", "is", "are", "were", "i'm", "you're", "we're", "it's"})
HESITATION = frozenset({"um", "uh", "er"})
LAST = ARTICLES | JOINING | PREPOSITIONS | VERBS | HESITATION
"""Chosen. Of the phrases of grammars/en one ends so ("not that i know of"), of 620 natural commands two. "This", "you",
"do", "for" and "at" end several."""


def ends_no_sentence(text: str) -> bool:
    """True if the last word of lower-case words calls for another one: "go to", "and then the"."""
    return text.rpartition(" ")[2] in LAST
