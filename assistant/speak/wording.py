"""Reply key + values → the sentence of the language. Pure text: no sound, no files."""

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
        """The sentence to be spoken. Raises KeyError for a reply or a value that does not exist: a bug of ours."""
        text = self._pack.replies[say.reply]
        for _ in range(_NESTING):
            text = text.format_map({key: self._word(value) for key, value in say.values.items()})
        return text[:1].upper() + text[1:]

    def beat(self, beat: Beat) -> str:
        """The number, with its cue word if it has one: "one", "two, right"."""
        number = self._word(beat.n)
        return f"{number}, {beat.cue}" if beat.cue else number

    def cue(self, cue: Cue) -> str:
        """A word of the count-in or of the second half of a repetition."""
        return self._word(cue.word)

    def _word(self, value: SlotValue) -> str:
        """Numbers as words, so that every voice reads them alike."""
        return self._pack.numbers.get(value, str(value)) if isinstance(value, int) else value


def aloud(text: str) -> str:
    """The sentence for a voice: the marks around what may be answered are read, not spoken."""
    return text.translate(_QUOTES)


def placeholders(template: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for a template that cannot be parsed."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)
