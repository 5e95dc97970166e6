"""Turns a reply key and values into the sentence of the language. Pure text: no sound, no files."""

from __future__ import annotations

from string import Formatter

from assistant.language import LanguagePack
from assistant.messages import Beat, Cue, Say, SlotValue

_QUOTES = str.maketrans("", "", "\u201c\u201d")
_NESTING = 2  # a technique's sentence is itself a value, and names {side} and {count}


class Wording:
    """The sentences of one language."""

    def __init__(self, pack: LanguagePack) -> None:
        """Take the pack whose replies and numbers are spoken."""
        self._pack = pack

    def sentence(self, say: Say) -> str:
        """Return the sentence to be spoken. Raises KeyError for an unknown reply or value, which is a bug of ours."""
        text = self._pack.replies[say.reply]
        for _ in range(_NESTING):
            text = text.format_map({key: self._word(value) for key, value in say.values.items()})
        return text[:1].upper() + text[1:]

    def beat(self, beat: Beat) -> str:
        """Return the number, with its cue word if it has one: "one", "two, right", "three, in"."""
        cue = self._pack.replies[beat.breath] if beat.breath else beat.cue
        return f"{self._word(beat.n)}, {cue}" if cue else self._word(beat.n)

    def cue(self, cue: Cue) -> str:
        """Return a word of the count-in, of a part of a repetition, or about the count: "half-way"."""
        return self._pack.replies[cue.reply] if cue.reply else self._word(cue.word)

    def one_by_one(self, digits: str) -> str:
        """Return the digits of a telephone number as words, with a pause between them."""
        return ", ".join(self._pack.numbers[int(digit)] for digit in digits)

    def _word(self, value: SlotValue) -> str:
        """Return numbers as words, so that every voice reads them alike."""
        return self._pack.numbers.get(value, str(value)) if isinstance(value, int) else value


def aloud(text: str) -> str:
    """Return the sentence for a voice, without the quotation marks around suggested answers."""
    return text.translate(_QUOTES)


def placeholders(template: str) -> frozenset[str]:
    """Return the names in braces. Raises ValueError for a template that cannot be parsed."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)
