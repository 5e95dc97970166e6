"""The baseline from words to a command: it always takes the phrase nearest in letters.

It has its own file, because Vosk uses it too, and Vosk's process must not load kaldi.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from assistant.decode.recogniser import Recogniser
from assistant.messages import AudioBlock, Heard, Intent, Phrase


class WordMatch:
    """Another ear's words matched to the legal phrase with the best WRatio (rapidfuzz), always; WRatio is the score."""

    def __init__(self, inner: Recogniser, phrases: Sequence[Phrase]) -> None:
        """Take the ear that hears words, and the phrases to choose from."""
        self._inner = inner
        self._phrases = tuple(phrases)
        self._texts = tuple(dict.fromkeys(phrase.text for phrase in phrases))

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Pass the phrases on."""
        self._inner.learn(phrases)

    def expect(self, intents: frozenset[Intent]) -> None:
        """Limit the choice to these."""
        self._inner.expect(intents)
        self._texts = tuple(dict.fromkeys(phrase.text for phrase in self._phrases if phrase.intent in intents))

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take one block; drop partial results, since half a word is near to another."""
        return tuple(self._nearest(heard) for heard in self._inner.feed(block) if heard.is_final)

    def finish(self) -> tuple[Heard, ...]:
        """End the sound: return what was still open."""
        return tuple(self._nearest(heard) for heard in self._inner.finish() if heard.is_final)

    def reset(self) -> None:
        """Forget the utterance in progress."""
        self._inner.reset()

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Return those of the inner ear."""
        return self._inner.unknown_words(phrases)

    def _nearest(self, heard: Heard) -> Heard:
        found = process.extractOne(heard.text, self._texts, scorer=fuzz.WRatio) if heard.text else None
        if found is None:
            return replace(heard, is_sure=False, score=0.0, spare=0.0)
        text, score, _ = found
        return replace(heard, text=text, is_sure=True, score=score, spare=score, runner_up=heard.text, margin=0.0)
