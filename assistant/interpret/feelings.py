"""Reads an answer to how it feels, in any words: "yeah, it's warm now", "a little", "the left, i think". Pure.

All words are data (grammars/<lang>/sayings.yaml, feelings): a sentence with any other word is no answer, so that what
says more ("it's sore and my leg is numb") is read for safety as everywhere. A little is not enough: it asks for more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.interpret.phrases import written_out
from assistant.interpret.plain import Sequences, words_of
from assistant.interpret.sayings import sure_text
from assistant.interpret.weighing import Decided
from assistant.language import LanguagePack
from assistant.messages import Heard, Intent, Perhaps, Refusal, Said, Shortfall, Slots

ONLY_HERE = frozenset({Intent.YES, Intent.NO, Intent.SORE, Intent.SORER_SIDE, Intent.RESET_COUNT})
"""Commands that are possible together only where the question is open, or behind a doubt about it."""
MOST_WORDS = 12  # chosen: a longer answer is talk
SIDES = ("left", "right", "first", "this", "other")
KINDS = ("yes", "no", "little", "unsure", "both", "worse", *SIDES)


class Feelings:
    """The words of one language for the answers. Keeps no state between calls."""

    def __init__(self, pack: LanguagePack) -> None:
        """Take the language. Raises BadTemplate."""
        said = pack.sayings.feelings

        def sequences(templates: Sequence[str]) -> Sequences:
            return Sequences(written_out(templates, pack, pack.sayings.rules))

        self._kinds = {kind: sequences(getattr(said, kind)) for kind in KINDS}
        self._around, self._numb = sequences(said.around), sequences(said.numb)
        self._asks = sequences(said.asks)

    def decide(self, heard: Heard, legal: Collection[Intent], at_s: float) -> Decided | None:
        """Return the answer that every word of an utterance belongs to, at `at_s` seconds; None: it is none."""
        text = sure_text(heard)
        if text is None or not heard.is_final or not set(legal) >= ONLY_HERE or Intent.CANCEL in legal:
            return None
        words = words_of(text)
        if self._numb.starts(words) == len(words) > 0:
            doubt = Refusal(text=text, shortfalls=(Shortfall(rule="another_sense", word=text),))
            return Decided((Perhaps(at_s=at_s, intent=Intent.RED_FLAG, text=text),), doubt)
        meant = self._meant(words) if len(words) <= MOST_WORDS else None
        if meant is None:
            return None
        intent, slots = meant
        score = round(heard.score, 2)
        return Decided((Said(at_s=at_s, intent=intent, slots=slots, text=text, score=score),), None)

    def _meant(self, words: Sequence[str]) -> tuple[Intent, Slots] | None:
        """Return what the answer means; None for what is none, or is a yes and a no."""
        found = self._found(words)
        sides = [kind for kind in SIDES if kind in found]
        if "both" in found or {"left", "right"} <= found:
            return Intent.SORER_SIDE, {"side": "both"}
        if len(sides) == 1:
            return (Intent.SORER_SIDE if "worse" in found else Intent.PICK_SIDE), {"side": sides[0]}
        if sides or {"yes", "no"} <= found:
            return None
        for kind in ("no", "little", "unsure"):
            if kind in found:
                return Intent.NO, {} if kind == "no" else {"answer": kind}
        return (Intent.YES, {}) if "yes" in found else None

    def _found(self, words: Sequence[str]) -> set[str]:
        """Return the kinds of words in an answer; none where a word belongs to no kind."""
        found: set[str] = set()
        at = len(words) if self._asks.starts(words) else 0
        while at < len(words):
            lengths = {kind: some.starts(words, at) for kind, some in self._kinds.items()}
            kind = max(lengths, key=lambda one: lengths[one])
            around = self._around.starts(words, at)
            if not max(lengths[kind], around):
                return set()
            if lengths[kind] >= around:
                found.add(kind)
            at += max(lengths[kind], around)
        return found
