"""Finds a safety word shouted over running talk, where no pause cuts it out: bursts.py finds the shout, words judge it.

Only the sound around a burst is decoded, so it costs next to nothing while nobody is louder than the talk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.background_words import CommonWords
from assistant.decode.phonetic.bursts import LONGEST, OVER, Burst, Bursts
from assistant.decode.phonetic.chains import Chains
from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.segment import CHUNK_S, SpeechDetector, loudness
from assistant.messages import Intent, Pcm, Phrase

SHOUTED = frozenset({Intent.STOP, Intent.EMERGENCY})
LEAST_PHONES = 4
BEFORE = 13  # chunks, 0.4 s: the s of "stop" is soft, and the model needs 0.3 s before it (docs/recognition.md)
FITS = 10.0
"""Nats below the freest reading from which it is not worth a comparison with words."""
GAIN = 0.0
"""Nats."""


class OverheardDetector(SpeechDetector):
    """A speech detector that keeps what it was asked."""

    def __init__(self) -> None:
        """Load silero (10 ms). Raises EngineError if it does not load."""
        super().__init__()
        self._asked: list[tuple[Pcm, float]] = []

    def __call__(self, chunk: Pcm) -> float:
        """Return the probability of speech in 512 samples, int16 mono at 16 000 Hz; 0.0 where nothing stands out."""
        probability = super().__call__(chunk)
        self._asked.append((chunk, probability))
        return probability

    def asked(self) -> list[tuple[Pcm, float]]:
        """Return the chunks since the last call, each with its probability of speech."""
        asked, self._asked = self._asked, []
        return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Shout:
    """A safety word that was shouted over talk."""

    text: str
    at_s: float
    """Start of the burst."""
    end_s: float
    gain: float
    """Nats above the words of talk."""
    spare: float
    """Nats of the gain that were not needed."""


class Shouts:
    """Listens to running talk for words that must not be missed."""

    def __init__(self, read: Callable[[Pcm], Frames], common: CommonWords) -> None:
        """Take the phoneme model and the words of talk."""
        self._read, self._common = read, common
        self._chains: dict[str, tuple[Intent, Chains]] = {}
        self._legal = frozenset(Intent)
        self._bursts = Bursts()
        self._past: deque[Pcm] = deque(maxlen=BEFORE + LONGEST + OVER)

    def learn(self, phrases: Sequence[Phrase], lexicon: Lexicon, *, quiet: int) -> None:
        """Take every phrase of the session; single words for SHOUTED of at least LEAST_PHONES phones are kept."""
        for phrase in phrases:
            sounds = lexicon.pronunciations(phrase.text) if " " not in phrase.text else ()
            if phrase.intent in SHOUTED and sounds and min(map(len, sounds)) >= LEAST_PHONES:
                costs = [lexicon.cost(phrase.text, one) for one in sounds]
                self._chains[phrase.text] = phrase.intent, Chains(sounds, costs, quiet=quiet)

    def expect(self, intents: frozenset[Intent]) -> None:
        """Take the intents that are legal from now on."""
        self._legal = intents

    def reset(self) -> None:
        """Forget the talk."""
        self._bursts.reset()
        self._past.clear()

    def after(self, chunk: Pcm, probability: float, end_s: float) -> Shout | None:
        """Take the next chunk, which ends at `end_s`, and its probability of speech; the word shouted, mostly none."""
        self._past.append(chunk)
        burst = self._bursts.after(loudness(chunk), probability)
        return None if burst is None else self._shout(burst, end_s)

    def _shout(self, burst: Burst, end_s: float) -> Shout | None:
        after = OVER if burst.is_over else 0
        x = self._read(np.concatenate(list(self._past)[-(BEFORE + burst.chunks + after) :]))
        end_s -= after * CHUNK_S
        gains = {text: self._common.gain(x, chains) for text, chains in self._worth_it(x)}
        text = max(gains, key=gains.__getitem__, default="")
        if not text or gains[text] < GAIN:
            return None
        return Shout(
            text=text,
            at_s=end_s - burst.chunks * CHUNK_S,
            end_s=end_s,
            gain=gains[text],
            spare=gains[text] - GAIN,
        )

    def _worth_it(self, x: Frames) -> Iterator[tuple[str, Chains]]:
        for text, (intent, chains) in self._chains.items():
            if intent in self._legal and chains.misfit(x) <= FITS:
                yield text, chains
