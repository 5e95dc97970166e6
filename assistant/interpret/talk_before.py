"""Tells a command from the rest of a sentence that has a pause in it: "we had ... no ... we went". Pure.

A command stands alone. What follows about a second after speech that was neither done nor asked back is the rest of it,
unless both together are a command ("go to ... step five"). Words of safety, "pause" and facts of health act wherever
they stand.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.interpret.early import Meant
from assistant.interpret.plain import words_of
from assistant.interpret.weighing import MOST_WORDS, NOTHING
from assistant.interpret.wishes import WishWords, bare
from assistant.messages import PAUSE_INSIDE_S, SAFETY, Drowned, Heard, Intent, Perhaps, Said

LEAST_WORDS = 2  # of talk; chosen: "um", "well", or one misheard word before a command is none
ACTS = SAFETY | {Intent.PAUSE, Intent.LIGHTER, Intent.HEALTH, Intent.MAYBE}
"""Intents that act in the middle of any talk: they hold, spare, or close what a yes in the safety check closes."""


class TalkBefore:
    """The speech so far, since something was done or nothing was said for long. One for a session."""

    def __init__(self, words: WishWords) -> None:
        """Take the words around wishes; nothing was said yet."""
        self._words = words
        self._text, self._end_s = "", float("-inf")
        self._is_talk = False
        self.misfit = 0.0
        """Nats a letter of the piece that fits worst."""
        self.done: frozenset[Intent] = frozenset()
        """Intents of what the speech before did."""

    def joined(self, heard: Heard) -> str:
        """Return the speech before and these words in one sentence; empty without words, or where it ended long ago."""
        goes_on = _is_speech(heard) and 0 <= heard.at_s - self._end_s < PAUSE_INSIDE_S
        return f"{self._text} {_words(heard)}".strip() if goes_on and self._text and _words(heard) else ""

    @property
    def is_word(self) -> bool:
        """True if the speech before was one word."""
        return bool(self._text) and " " not in self._text

    def goes_on(self, heard: Heard) -> bool:
        """True if these words are the rest of talk, which did nothing."""
        return self._is_talk and bool(self.joined(heard))

    def heard(self, heard: Heard, events: Sequence[Meant]) -> None:
        """Take a whole utterance, and what became of it."""
        if not _is_speech(heard):
            return
        self.done = frozenset(event.intent for event in events if isinstance(event, Said))
        joined = "" if self.done else self.joined(heard)
        words = words_of(joined or _words(heard))[-MOST_WORDS:]
        is_long = len(words_of(bare(" ".join(words), self._words))) >= LEAST_WORDS
        self._is_talk = is_long and not any(isinstance(event, (Said, Perhaps, Drowned)) for event in events)
        self.misfit = max(heard.misfit, self.misfit if joined else 0.0)
        self._text, self._end_s = " ".join(words), heard.end_s

    @staticmethod
    def is_left(event: Meant) -> bool:
        """True for what acts amid talk too, or asks for nothing."""
        return isinstance(event, (*NOTHING, Drowned)) or event.intent in ACTS


def _is_speech(heard: Heard) -> bool:
    """False for a typed line, which has no length, and for what is still being said."""
    return heard.is_final and heard.end_s > heard.at_s


def _words(heard: Heard) -> str:
    """Return what was said; none for a phrase that was refused where no words were heard: a click is no "ow"."""
    if heard.transcripts:
        return heard.transcripts[0]
    return heard.text if heard.is_sure else ""
