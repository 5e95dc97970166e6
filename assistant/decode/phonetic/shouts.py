"""Finds a safety word shouted over running talk, where no pause cuts it out: bursts.py finds the shout, words judge it.

Only the sound around a burst is decoded, so it costs next to nothing while nobody is louder than the talk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.decode.phonetic.background_words import CommonWords
from assistant.decode.phonetic.bursts import LONGEST, OVER, Burst, Bursts, decibels
from assistant.decode.phonetic.chains import Chains
from assistant.decode.phonetic.lexicon import Lexicon
from assistant.decode.phonetic.posteriors import Frames
from assistant.decode.segment import CHUNK_S, SpeechDetector, loudness
from assistant.messages import Heard, Intent, Pcm, Phrase

SHOUTED = frozenset({Intent.STOP, Intent.EMERGENCY})
LEAST_PHONES = 4  # shorter words ("ow", "ouch") are parts of many others: 13 of 19 in 1.5 h of talk would be believed
BEFORE = 13  # chunks, 0.4 s: the s of "stop" is soft, and the model needs 0.3 s before it (docs/recognition.md)
FITS = 10.0
"""Nats below the freest reading from which a burst is not worth a comparison with words."""
LOUD_DB, SOFT_DB = 11.0, 5.0
"""DB over the talk from which a burst is loud, or worth a look."""
AT_ONCE, GAIN, SOFT_GAIN = 2.0, 0.0, 3.0
"""Nats over the words of talk: those with which a loud word acts at once, and those with which a loud and a soft one
wait for WAIT. An exact "stop" earns 4.0. docs/recognition.md, "A shout over talk", has the figures of these and of the
bars below."""
APART_DB, SOFT_APART_DB = 6.0, 3.0
"""By which a burst is louder than the loudest chunk near it. Who speaks up is not: all his words are as loud."""
FITS_BOTH = 12.0  # nats, as FITS, of a word that waits by hama's own weights: what one reading mistakes for a "stop" fits the other less
SOFT_LONGEST = 12  # chunks, 0.4 s: only the vowel stands out
NEAR = 16  # chunks, 0.5 s, before the burst
WAIT = 26  # chunks after the end of a burst is known, 0.8 s: then 1.0 s of the talk was heard


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


@dataclass(slots=True)
class _Waiting:
    """A shout that is believed when nothing as loud follows."""

    shout: Shout
    most: float
    """Loudness in dB that would say that somebody speaks up."""
    left: int = WAIT
    is_broken: bool = False


class Shouts:
    """Listens to running talk for words that must not be missed."""

    def __init__(
        self, in_noise: Callable[[Pcm], Frames], in_quiet: Callable[[Pcm], Frames], common: CommonWords
    ) -> None:
        """Take both sets of weights, and the words of talk."""
        self._in_noise, self._in_quiet, self._common = in_noise, in_quiet, common
        self._chains: dict[str, tuple[Intent, Chains]] = {}
        self._legal = frozenset(Intent)
        self._bursts = Bursts()
        self._past: deque[Pcm] = deque(maxlen=BEFORE + NEAR + LONGEST + OVER)
        self._waiting: _Waiting | None = None
        self._known_s = float("-inf")

    def learn(self, phrases: Sequence[Phrase], lexicon: Lexicon, *, quiet: int) -> None:
        """Take every phrase of the session; single words for SHOUTED of at least LEAST_PHONES phones are kept."""
        self._chains = {}
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
        self._waiting = None
        self._known_s = float("-inf")

    def known(self, heard: Heard) -> None:
        """Take what an utterance was heard as: where it holds one of the words, what was shouted in it is no news."""
        if heard.is_sure and not self._chains.keys().isdisjoint(heard.text.split()):
            self._waiting, self._known_s = None, heard.end_s

    def after(self, chunk: Pcm, probability: float, end_s: float) -> Shout | None:
        """Take the next chunk, which ends at `end_s`, and its probability of speech; the word shouted, mostly none."""
        self._past.append(chunk)
        level = loudness(chunk)
        burst = self._bursts.after(level, probability)
        if burst is not None and (found := self._judged(burst, end_s)) is not None:
            self._waiting = None
            return found
        return self._waited(decibels(level))

    def _judged(self, burst: Burst, end_s: float) -> Shout | None:
        """Return a word that acts at once: a loud one, or one that is shouted again."""
        begin_s = end_s - self._length(burst) * CHUNK_S
        is_again = self._waiting is not None and begin_s - self._waiting.shout.end_s >= BEFORE * CHUNK_S
        is_loud = burst.jump_db >= LOUD_DB
        if begin_s <= self._known_s or not (is_again or self._is_apart(burst)):
            return None
        if not is_loud and (burst.jump_db < SOFT_DB or burst.chunks > SOFT_LONGEST):
            return None
        shout = self._shout(burst, end_s, is_loud=is_loud)
        if shout is None or is_again or (is_loud and shout.gain >= AT_ONCE):
            return shout
        self._waiting = self._waiting or _Waiting(shout, burst.peak_db - (APART_DB if is_loud else SOFT_APART_DB))
        return None

    def _waited(self, level_db: float) -> Shout | None:
        """Return the word that waited long enough."""
        if self._waiting is None:
            return None
        self._waiting.left -= 1
        self._waiting.is_broken |= level_db > self._waiting.most
        if self._waiting.left > 0:
            return None
        waited, self._waiting = self._waiting, None
        return None if waited.is_broken else waited.shout

    def _length(self, burst: Burst) -> int:
        """Return the chunks from the beginning of the burst until now."""
        return burst.chunks + (OVER if burst.is_over else 0)

    def _is_apart(self, burst: Burst) -> bool:
        own = self._length(burst)
        near = [decibels(loudness(chunk)) for chunk in list(self._past)[-(own + NEAR) : -own]]
        apart_db = APART_DB if burst.jump_db >= LOUD_DB else SOFT_APART_DB
        return burst.peak_db - max(near, default=0.0) >= apart_db

    def _shout(self, burst: Burst, end_s: float, *, is_loud: bool) -> Shout | None:
        pcm = np.concatenate(list(self._past)[-(BEFORE + self._length(burst)) :])
        x = self._in_noise(pcm)
        gains = {text: self._common.gain(x, chains) for text, chains in self._worth_it(x)}
        text = max(gains, key=gains.__getitem__, default="")
        needed = GAIN if is_loud else SOFT_GAIN
        if not text or gains[text] < needed:
            return None
        is_clear = is_loud and gains[text] >= AT_ONCE
        if not is_clear and self._chains[text][1].misfit(self._in_quiet(pcm)) > FITS_BOTH:
            return None
        begin_s = end_s - self._length(burst) * CHUNK_S
        return Shout(
            text=text,
            at_s=begin_s,
            end_s=begin_s + burst.chunks * CHUNK_S,
            gain=gains[text],
            spare=gains[text] - needed,
        )

    def _worth_it(self, x: Frames) -> Iterator[tuple[str, Chains]]:
        for text, (intent, chains) in self._chains.items():
            if intent in self._legal and chains.misfit(x) <= FITS:
                yield text, chains
