"""Finds facts of health in what somebody says of themselves: "I'm pregnant", "I take blood thinners". Pure.

All words are data (`facts` in grammars/<lang>/check_answers.yaml). A fact belongs to the question of the safety check
that holds it. What is denied, or told of somebody else, is none; what is asked, supposed or long ago is doubtful.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.interpret.phrases import written_out
from assistant.interpret.plain import Sequences, Words, words_of
from assistant.language import LanguagePack

BEFORE = 5  # words before a fact in which a negation denies it; chosen, as in safety.py
MOST_WORDS = 20  # chosen: longer speech is talk; the longest of 120 written facts has 13


class Fact(NamedTuple):
    """A fact of health, by its question."""

    about: str
    """The id of the question that holds it."""
    is_doubtful: bool
    """True if it was asked about, supposed, long ago, or may be harmless."""
    rest: str = ""
    """The other words of the text."""


class HealthFacts:
    """The words of one language. Keeps no state between calls."""

    def __init__(self, pack: LanguagePack) -> None:
        """Take the language. Raises BadTemplate."""
        words = pack.check_answers

        def sequences(facts: Mapping[str, Sequence[str]]) -> dict[str, Sequences]:
            return {about: Sequences(written_out(templates, pack, words.rules)) for about, templates in facts.items()}

        self._sure, self._doubtful = sequences(words.facts), sequences(words.doubtful_facts)
        self._telling = Sequences(written_out(words.telling, pack, words.rules))
        self._ruled_out = Sequences(written_out(words.ruled_out, pack, words.rules))
        self._ever, self._long_ago = frozenset(words.ever), Sequences(words.long_ago)
        safety = pack.safety
        self._fillers = Sequences(safety.fillers if safety else ())
        self._negators = Sequences(safety.negators if safety else ())
        self._noun_negators = frozenset(safety.noun_negators if safety else ())
        self._doubters = Sequences(safety.doubters if safety else ())
        self._clauses = frozenset(safety.new_clause if safety else ())
        self._ours = frozenset(safety.ours if safety else ())
        self._others = frozenset((*words.relatives, *((*safety.others, *safety.addressed) if safety else ())))

    def find(self, text: str, *, is_asked: bool) -> Fact | None:
        """Return the gravest fact that the text tells, a sure one first; `is_asked`: in the safety check.

        Where nobody asked, a word for the speaker must stand before it.
        """
        words = self._without_fillers(words_of(text))
        if not words or len(words) > MOST_WORDS:
            return None
        found = [
            Fact(about, is_doubtful or self._is_doubted(words, start, end), " ".join((*words[:start], *words[end:])))
            for facts, is_doubtful in ((self._sure, False), (self._doubtful, True))
            for about, sequences in facts.items()
            for start, end in sequences.spans(words)
            if self._is_of_the_speaker(words, start, is_asked=is_asked) and not self._is_denied(words, start)
        ]
        return next((one for one in found if not one.is_doubtful), found[0] if found else None)

    def _without_fillers(self, words: Words) -> list[str]:
        """Return the words without fillers, and without how a fact is brought up."""
        left = list(words)
        for some in (self._telling, self._fillers):
            spans = {at for start, end in some.spans(left) for at in range(start, end)}
            left = [word for at, word in enumerate(left) if at not in spans]
        return left

    def _is_of_the_speaker(self, words: Words, start: int, *, is_asked: bool) -> bool:
        """True by the last word for somebody before the fact; without one by a word for the speaker in it or behind."""
        named = [word in self._ours for word in words[:start] if word in self._ours or word in self._others]
        return named[-1] if named else is_asked or not self._ours.isdisjoint(words[start:])

    def _is_denied(self, words: Words, start: int) -> bool:
        """True if a negation before the fact reaches it: "I'm not pregnant", "no fever"; not over a new clause."""
        is_ruled_out = self._ruled_out.ends(words, start) > 0
        if is_ruled_out or (start and words[start - 1] in self._noun_negators):
            return True
        for at in range(start - 1, max(-1, start - 1 - BEFORE), -1):
            if self._negators.ends(words, at + 1):
                return True
            if words[at] in self._clauses and words[at] not in self._ours:
                return False
        return False

    def _is_doubted(self, words: Words, start: int, end: int) -> bool:
        if any(self._doubters.spans(words[:start])):
            return True
        return bool(self._long_ago.spans(words)) and self._ever.isdisjoint(words[start:end])
