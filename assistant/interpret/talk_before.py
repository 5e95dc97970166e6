"""Tells a command from the rest of a sentence that has a pause in it: "we had ... no ... we went". Pure.

A command stands alone. What follows less than a second after speech that did nothing is the rest of it, unless both
together are a command ("go to ... step five"). Words of safety, "pause" and facts of health act wherever they stand.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.interpret.early import Meant
from assistant.interpret.plain import words_of
from assistant.interpret.weighing import NOTHING
from assistant.interpret.wishes import WishWords, bare
from assistant.messages import SAFETY, Drowned, Heard, Intent, Said

PAUSE_S = 1.0
"""Longest pause inside of a sentence: docs/recognition.md, "A pause inside a sentence"."""
LEAST_WORDS = 2  # of talk; chosen: "um", "well", or one misheard word before a command is none
ACTS = SAFETY | {Intent.PAUSE, Intent.HEALTH, Intent.MAYBE}
"""Intents that act in the middle of any talk: they hold, or close what a yes in the safety check closes."""


class TalkBefore:
    """The last speech that did nothing. One for a session."""

    def __init__(self, words: WishWords) -> None:
        """Take the words around wishes; nothing was said yet."""
        self._words = words
        self._text, self._end_s = "", float("-inf")

    def joined(self, heard: Heard) -> str:
        """Return the talk before and these words in one sentence; empty where no talk goes on in them."""
        goes_on = _is_speech(heard) and 0 <= heard.at_s - self._end_s < PAUSE_S
        return f"{self._text} {_words(heard)}".strip() if goes_on else ""

    def heard(self, heard: Heard, events: Sequence[Meant]) -> None:
        """Take a whole utterance, and what became of it."""
        if not _is_speech(heard):
            return
        is_long = len(words_of(bare(_words(heard), self._words))) >= LEAST_WORDS or bool(self.joined(heard))
        is_talk = is_long and not any(isinstance(event, (Said, Drowned)) for event in events)
        self._text, self._end_s = (_words(heard), heard.end_s) if is_talk else ("", float("-inf"))

    @staticmethod
    def is_left(event: Meant) -> bool:
        """True for what acts amid talk too, or asks for nothing."""
        return isinstance(event, (*NOTHING, Drowned)) or event.intent in ACTS


def _is_speech(heard: Heard) -> bool:
    """False for a typed line, which has no length, and for what is still being said."""
    return heard.is_final and heard.end_s > heard.at_s


def _words(heard: Heard) -> str:
    return heard.transcripts[0] if heard.transcripts else heard.text
