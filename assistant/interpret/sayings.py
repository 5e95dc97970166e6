"""Finds whole sentences that act as a command and are no phrase of the ear: "i have to go", "just one technique". Pure.

All words are data (grammars/<lang>/sayings.yaml). A sentence with any other word in it is none of them.
"""

from __future__ import annotations

from collections.abc import Collection

from assistant.interpret.phrases import written_out
from assistant.interpret.plain import words_of
from assistant.interpret.weighing import MISFIT, Decided
from assistant.interpret.wishes import WishWords, stripped
from assistant.language import LanguagePack
from assistant.messages import Heard, Intent, Said
from assistant.sayings import Saying

NOWHERE = frozenset({Intent.READY, Intent.WAKE, Intent.CHANGE_ANSWER})
"""Commands that no state takes together: where they are possible, nearly everything is, as in a measurement."""


def sure_text(heard: Heard) -> str | None:
    """Return the words that an utterance is for sure: typed, or read alike twice, with a good fit. None: no such words.

    One word alone is left to the phrases where it is sound, as everywhere.
    """
    if heard.is_sure:
        is_same = not heard.transcripts or heard.transcripts[0] == heard.text
        return heard.text if is_same else None
    texts = [" ".join(words_of(text)) for text in heard.transcripts[:2] if " " in text]
    return texts[0] if texts and len(set(texts)) == 1 and heard.misfit <= MISFIT else None


class Sayings:
    """The sayings of one language. Keeps no state between calls."""

    def __init__(self, pack: LanguagePack, words: WishWords) -> None:
        """Take the language, and what stands around a wish. Raises BadTemplate."""
        self._words = words
        self._by_text: dict[str, list[Saying]] = {}
        for one in pack.sayings.sayings:
            for text in written_out(one.say, pack, pack.sayings.rules):
                self._by_text.setdefault(text, []).append(one)

    def decide(self, heard: Heard, legal: Collection[Intent], at_s: float) -> Decided | None:
        """Return the command that the whole sentence is, at `at_s` seconds of the session; None for any other.

        Where everything is legal, no moment is told: what is meant so at one of them only is none.
        """
        text = sure_text(heard)
        if text is None or not heard.is_final:
            return None
        is_anything = set(legal) >= NOWHERE
        for core in stripped(" ".join(words_of(text)), self._words):
            for one in self._by_text.get(core, ()):
                if {one.intent, *one.needs} <= set(legal) and not (one.needs and is_anything):
                    said = Said(at_s=at_s, intent=one.intent, slots=one.slots, text=text, score=round(heard.score, 2))
                    return Decided((said,), None)
        return None
