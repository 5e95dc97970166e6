"""The Recogniser protocol and the rules that every engine keeps.

Order of calls: learn, then (expect | feed | finish | reset)*. An engine is owned by one thread.

Rules: exact phrases only, never the nearest of a closed set; unknown speech gives a `Heard` with `is_sure=False`;
phrases that were learned but are not legal now stay in the search as competitors, and come back as they were heard:
whoever interprets decides what "not now" means. Audio never leaves the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.messages import AudioBlock, Heard, Intent, Phrase


class Recogniser(Protocol):
    """Blocks in, what was heard out."""

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Take every phrase that may become legal in this session. Slow (up to a second); called once.

        Raises EngineError if nothing is left to listen for. An engine with a fixed vocabulary (Vosk) leaves out phrases
        with unknown words, but never all of a safety intent; ask `unknown_words` for the rest.
        """

    def expect(self, intents: frozenset[Intent]) -> None:
        """From the next utterance on these intents are legal; safe to call in the middle of an utterance."""

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take one block (int16 mono, 16 000 Hz, 20 ms); give what ended in it, mostly nothing."""

    def finish(self) -> tuple[Heard, ...]:
        """The sound is over: give what was still open."""

    def reset(self) -> None:
        """Forget the utterance in progress."""

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Words that this engine can never hear, sorted."""
