"""Writes down what was said in any words, whether or not a phrase of the list fits; joins open_words.py to the engine.

The first transcript is that of the mean of both weights' readings, the second that of the weights for noisy speech
alone, where it differs. docs/recognition.md, "Open words", says how many words are right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.lexicon import Sounds
from assistant.decode.phonetic.open_words import OpenWords, Transcript
from assistant.decode.phonetic.posteriors import Frames, Posteriors
from assistant.decode.phonetic.rescoring import ScoredUtterance
from assistant.decode.phonetic.running_words import RunningWords
from assistant.decode.phonetic.spotter import Spotter
from assistant.decode.phonetic.word_table import read_word_table
from assistant.decode.safety_words import COMMON, safety_words
from assistant.decode.segment import LULL, Segmenter, Utterance
from assistant.messages import EAR_RATE_HZ, AudioBlock, Intent, Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The open transcripts of one utterance."""

    texts: tuple[str, ...] = ()
    """One or two different ones, best first; none where no word was heard."""
    misfit: float = 0.0
    """Nats a letter by which the best one lies below the unconstrained score; 0.0 without a text."""

    @classmethod
    def of(cls, transcript: Transcript) -> Written:
        """Return one transcript by itself."""
        return cls(texts=(transcript.text,) if transcript.text else (), misfit=transcript.misfit)


class Transcriber:
    """Open words of whole utterances, and of those in progress."""

    def __init__(self, in_noise: Posteriors, as_installed: Posteriors, common: Sequence[str]) -> None:
        """Take both models and English words, commonest first; loads the words (0.07 s, 3 MB)."""
        self._in_noise, self._as_installed, self._common = in_noise, as_installed, common[:COMMON]
        self._words = OpenWords(read_word_table(in_noise.tokens), quiet=in_noise.edge)
        self._running = RunningWords(in_noise, as_installed, self._words)
        self._safety: frozenset[str] = frozenset()
        self._now_s = 0.0

    def learn(self, phrases: Sequence[Phrase], sounds: Callable[[str], tuple[Sounds, ...]]) -> None:
        """Take every phrase of the session, and a function that gives a word's pronunciations."""
        safety = self._safety = safety_words(phrases, self._common)
        self._running.learn(safety, Spotter(safety, sounds, quiet=self._in_noise.edge))

    def has_safety_word(self, texts: Sequence[str]) -> bool:
        """True if one of the transcripts holds a word that is listened for everywhere."""
        return any(word in self._safety for text in texts for word in text.split())

    def expect(self, intents: frozenset[Intent]) -> None:
        """Take the legal intents."""
        self._running.expect(intents)

    def reset(self) -> None:
        """Forget the utterance in progress."""
        self._running.reset()

    def take(self, block: AudioBlock, segmenter: Segmenter) -> Written | None:
        """Take a block after the segmenter; the words so far where a safety word has just ended and speech goes on."""
        turn = segmenter.turn
        self._now_s = block.at_s + len(block.pcm) / EAR_RATE_HZ
        told = self._running.take(block.pcm, self._now_s, is_speaking=turn.is_speaking, is_lull=turn.silence >= LULL)
        return Written.of(told) if told else None

    def at_lull(self, so_far: Utterance, reading: ScoredUtterance, *, is_told: bool) -> Written | None:
        """Return the words before a lull; None unless they are told anyway, or hold a new safety word."""
        x = reading.frames
        transcript: Transcript | None = self._words.read(x)
        if transcript and not is_told:
            transcript = self._running.confirmed(transcript, x, so_far.pcm)
        is_news = transcript is not None and self._running.is_news(transcript, len(x), self._now_s)
        return Written.of(transcript) if transcript and (is_news or is_told) else None

    def write(self, utterance: Utterance, readings: Sequence[ScoredUtterance]) -> Written:
        """Return the words of a whole utterance, from the readings that its verdict came from; too long: of its end."""
        pcm = self._running.sound if utterance.is_too_long else utterance.pcm
        in_noise = readings[0].frames if readings else self._in_noise(pcm)
        as_installed = readings[1].frames if len(readings) > 1 else self._as_installed(pcm)
        length = min(len(in_noise), len(as_installed))  # of a lull, and of the whole pause
        return self._both(in_noise[:length], as_installed[:length])

    def _both(self, in_noise: Frames, as_installed: Frames) -> Written:
        best = self._words.read((in_noise + as_installed) * np.float32(0.5))
        other = self._words.read(in_noise)
        texts = dict.fromkeys(one.text for one in (best, other) if one.text)
        return Written(texts=tuple(texts), misfit=best.misfit if best.text else other.misfit)
