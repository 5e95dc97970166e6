"""The Recogniser protocol, and the rules that every engine keeps.

Order of calls: learn, then (expect | feed | finish | reset)*. One thread owns an engine.

Rules: an engine gives exact phrases, never the nearest one; unknown speech gives a `Heard` with `is_sure=False`.
Phrases that were learned but are not legal now stay in the search as competitors, and are given as heard:
interpret/ decides that they mean "not now". Audio never leaves the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.messages import AudioBlock, Heard, Intent, Phrase


class Recogniser(Protocol):
    """The interface of an ear: blocks in, `Heard` out."""

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Take every phrase that may become legal in this session. Slow (up to a second); called once.

        Raises EngineError if nothing is left to listen for. An engine with a fixed vocabulary (Vosk) leaves out phrases
        with unknown words, but never all of a safety intent; ask `unknown_words` for the rest.
        """

    def expect(self, intents: frozenset[Intent]) -> None:
        """Set the legal intents from the next utterance on; safe to call in the middle of an utterance."""

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take one block (int16 mono, 16 000 Hz, 20 ms); return what ended in it, mostly nothing."""

    def finish(self) -> tuple[Heard, ...]:
        """End the sound: return what was still open."""

    def reset(self) -> None:
        """Forget the utterance in progress."""

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Return the words that this engine can never hear, sorted."""
