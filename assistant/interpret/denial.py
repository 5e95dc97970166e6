"""Finds a clause that denies all that was asked about: "I have not had anything of that kind". Pure.

All words are data (grammars/<lang>/check_answers.yaml). A clause is who speaks, a negation, and words for nothing but
what was asked; any other word ends it, so "nothing but a rash" and "no idea" deny nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.check_templates import CheckTemplates
from assistant.interpret.plain import Sequences, Words


class Denial:
    """The words of one language. Keeps no state between calls."""

    def __init__(self, words: CheckTemplates, sequences: Callable[[Sequence[str]], Sequences]) -> None:
        """Take the words, and the way to write their templates out."""
        self._leads, self._rest, self._any = map(sequences, (words.denial_leads, words.denied, words.anything))
        self._all, self._negations = sequences(words.denies_all), sequences(words.denials)

    def starts(self, words: Words, at: int) -> int:
        """Return the number of words of the clause that begins at this place; 0 where none does."""
        end = at
        while length := self._leads.starts(words, end):
            end += length
        of_all = self._all.starts(words, end)
        negation = of_all or self._negations.starts(words, end)
        if not negation:
            return 0
        end += negation
        is_of_all = of_all > 0
        while length := self._rest.starts(words, end):
            is_of_all = is_of_all or self._any.starts(words, end) > 0
            end += length
        return end - at if is_of_all else 0
