"""Two senses of words of pain that ask for no help: the soreness that is wanted, and the ache that somebody comes with.

"It's nice and sore" is what a technique asks for, and "my back hurts" before anything begins is why somebody is here.
Only what says nothing else of pain is either; what is sharp, sudden or strong stays pain. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.interpret.early import Meant
from assistant.interpret.plain import Sequences, words_of
from assistant.messages import Intent, NotNow, Perhaps, Said
from assistant.safety_templates import SafetyWords

_ABOUT_PAIN = frozenset({Intent.PAIN, Intent.TOO_HARD})


class Aches:
    """The words of both senses in one language. Keeps no state between calls."""

    def __init__(self, words: SafetyWords, asks_for_safety: Callable[[str], Sequence[object]]) -> None:
        """Take the words, and what finds words of safety in a text."""
        self._sore = Sequences(words.soreness)
        self._strong = Sequences(words.strong)
        self._acute = Sequences(words.acute)
        self._parts = Sequences((*words.parts, *words.lasting))
        self._enough = Sequences(words.enough)
        self._asks_for_safety = asks_for_safety

    def read(self, event: Meant, text: str, legal: frozenset[Intent]) -> Meant:
        """Return the event in the sense that it has in this utterance.

        Soreness is none where it is not asked for: there it is pain.
        """
        if not isinstance(event, (Said, NotNow, Perhaps)):
            return event
        words = words_of(text)
        if event.intent is Intent.SORE and Intent.SORE not in legal:
            return Said(at_s=event.at_s, intent=Intent.PAIN, text=event.text)
        if not isinstance(event, Said):
            return event
        if event.intent in _ABOUT_PAIN and Intent.SORE in legal and self._is_soreness(words):
            event = replace(event, intent=Intent.SORE, slots={})
        if event.intent is Intent.SORE and self._enough.spans(words):
            return replace(event, slots={**event.slots, "enough": 1})
        if event.intent is Intent.PAIN and self._parts.spans(words) and not self._acute.spans(words):
            return replace(event, slots={**event.slots, "ache": 1})
        return event

    def _is_soreness(self, words: Sequence[str]) -> bool:
        rest = self._sore.without(words)  # "that's sore enough" is no "that's enough"
        if rest == list(words) or self._parts.spans(words):
            return False
        return not self._strong.spans(rest) and not self._asks_for_safety(" ".join(rest))
