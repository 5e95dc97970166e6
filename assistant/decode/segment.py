"""Segments sound into utterances: blocks in, pieces of speech out. It knows no words.

`Endpointer` is the rule and takes probabilities, so that it can be tested without sound; `SpeechDetector` is silero
behind a loudness gate and a gain; `Segmenter` joins the two and keeps the samples as they came.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from assistant.decode.gain import WANTED, WANTED_OF_RESIDUAL, Gain
from assistant.decode.silero import load_silero
from assistant.messages import EAR_RATE_HZ, AudioBlock, Pcm

CHUNK = 512  # samples that silero takes; it accepts no other number
CHUNK_S = CHUNK / EAR_RATE_HZ
BEGIN = 0.5  # silero's own threshold: docs/recognition.md, "Speech detector"
GO_ON = 0.35  # silero's own: 0.15 below, so that a soft end is kept
PRE_ROLL_S = 0.4  # at least 0.3, or "stop" loses its s: docs/recognition.md, "Pause and pre-roll"
PAUSE_S = 0.3  # silence that ends an utterance (the same section)
LONG_PAUSE_S = 0.5  # the same where the words so far begin a longer phrase ("go back" / "go back to step one")
LONGEST_S = 9.0  # no command lasts half as long; beyond it the model's cost grows with the square
HUSHED = 10 ** (-25 / 20)
"""Times the loudness of the utterance: softer chunks are no speech, whatever silero says after a voice. In quiet
it ends a word 85 ms sooner: the pause is known 330 ms after 527 commands, not 410 (95 % by 354 ms, not 497). It
splits no command and 1 of 88 pieces of talk; -30 dB: 342 ms and 406 ms. In noise it never happens."""
LOUD = 3  # chunks: an utterance is as loud as its third loudest chunk, since a slap on the skin is one or two
LULL = 2  # chunks without speech, 64 ms: shorter ones are closures of p, t and k
LATER_LULL = 5  # chunks, 160 ms: the p of "stop" may open 100 ms after the voice


class Mark(Enum):
    """The effect of one chunk on the utterance."""

    QUIET = auto()
    BEGAN = auto()
    GOES_ON = auto()
    PAUSED = auto()
    """The utterance is over, unless `keep_open` is called before the next chunk."""
    OVER = auto()
    """The long pause after `keep_open` has passed."""
    TOO_LONG = auto()
    """Given once; the rest counts as quiet until there is a pause."""


class Endpointer:
    """Endpointing: finds one utterance after another from the probability of speech of each chunk."""

    def __init__(self, *, long_pause_s: float = LONG_PAUSE_S, longest_s: float = LONGEST_S) -> None:
        """Begin in silence; the two limits serve grammars whose sentences are longer than commands."""
        self._long_pause_s, self._longest_s = long_pause_s, longest_s
        self._speech = self._silence = 0  # chunks
        self._is_open = self._is_ignored = self._is_kept = self._is_pausing = False

    @property
    def is_open(self) -> bool:
        """True if an utterance has begun, and was not given yet or is kept open."""
        return self._is_open and not self._is_pausing

    @property
    def silence(self) -> int:
        """Return the number of chunks since the last one with speech."""
        return self._silence

    @property
    def is_speaking(self) -> bool:
        """True from the first chunk with speech to the pause, also while speech is ignored since it is too long."""
        return self._is_open or self._is_ignored

    def step(self, probability: float) -> Mark:
        """Take the probability of the next chunk, 0 to 1; return its effect."""
        if self._is_pausing:
            self._close()
        is_speech = probability >= (GO_ON if self._is_open or self._is_ignored else BEGIN)
        self._silence = 0 if is_speech else self._silence + 1
        if self._is_ignored:
            self._is_ignored = self._silence * CHUNK_S < PAUSE_S
            return Mark.QUIET
        if not self._is_open:
            if not is_speech:
                return Mark.QUIET
            self._is_open, self._speech = True, 1
            return Mark.BEGAN
        return self._go_on()

    def _go_on(self) -> Mark:
        self._speech += 1
        if self._silence * CHUNK_S >= (self._long_pause_s if self._is_kept else PAUSE_S):
            if self._is_kept:
                self._close()
                return Mark.OVER
            self._is_pausing = True
            return Mark.PAUSED
        if not self._silence:
            self._is_kept = False  # the person went on; the next pause is judged anew
        if self._speech * CHUNK_S >= self._longest_s:
            self._close()
            self._is_ignored = True
            return Mark.TOO_LONG
        return Mark.GOES_ON

    def keep_open(self) -> None:
        """After PAUSED: wait for the long pause, since the person may go on."""
        if self._is_pausing:
            self._is_pausing, self._is_kept = False, True

    def _close(self) -> None:
        self._is_open = self._is_kept = self._is_pausing = False


class SpeechDetector:
    """Gives the probability of speech in a chunk. Silero runs only while something stands out of the noise."""

    STANDS_OUT = 2.0  # times the floor: 6 dB, less than any speech that the phoneme model can read
    RISE = 1.005  # of the floor for each chunk: 1.4 dB a second; a fan becomes floor after seconds, a sentence does not
    FLOOR = 10.0  # root mean square in int16 steps, -70 dBFS; starting low keeps silero on until the floor is known
    HANG = 25  # chunks, 0.8 s: longer than the long pause, so that silero sees every utterance whole
    WARM = 6  # chunks that silero hears before its first answer counts: its state starts empty

    def __init__(self) -> None:
        """Load silero (10 ms). Raises EngineError if it does not load."""
        self._silero = load_silero()
        self._gain = Gain()
        self.is_residual = False
        """True while the chunks come from blocks that are (`AudioBlock.is_residual`)."""
        self.reset()

    def reset(self) -> None:
        """Forget past sound and the room's noise floor: the same sound then gives the same answer again."""
        self._silero.reset()
        self._gain.reset()
        self._floor = self.FLOOR
        self._left = 0
        self._past: deque[Pcm] = deque(maxlen=self.WARM)

    def __call__(self, chunk: Pcm) -> float:
        """Return the probability of speech in 512 samples, int16 mono at 16 000 Hz; 0.0 where nothing stands out."""
        level = loudness(chunk)
        self._floor = max(1.0, min(level, self._floor * self.RISE))
        stands_out = level > self.STANDS_OUT * self._floor
        wanted = WANTED_OF_RESIDUAL if self.is_residual else WANTED
        gain = self._gain.after(level, stands_out=stands_out, wanted=wanted)
        if stands_out:
            if not self._left:
                self._silero.reset()
                for past in self._past:
                    self._ask(past, gain)
            self._left = self.HANG
        self._past.append(chunk)
        if not self._left:
            return 0.0
        self._left -= 1
        return self._ask(chunk, gain)

    def _ask(self, chunk: Pcm, gain: float) -> float:
        return float(self._silero.process_samples(np.clip(chunk * (gain / 32768.0), -1.0, 1.0).tolist()))


def loudness(chunk: Pcm) -> float:
    """Return the root mean square of int16 samples, in steps."""
    wave = chunk.astype(np.float32)
    return float(np.sqrt(wave.dot(wave) / max(1, len(wave))))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utterance:
    """A piece of speech with the quiet before and after it."""

    pcm: Pcm
    """int16 mono, 16 000 Hz; empty where it is too long."""
    at_s: float
    """Start of the voice; the samples begin up to `PRE_ROLL_S` earlier."""
    end_s: float
    """End of the voice; the samples go on to the end of the pause."""
    speech: float
    """Highest probability of speech in it, 0 to 1."""
    is_over: bool
    """False after the short pause: `keep_open` may still be called."""
    is_too_long: bool = False


class Segmenter:
    """Turns blocks into utterances. Order: feed*, finish; `keep_open` right after an utterance that is not over."""

    def __init__(
        self,
        probability: Callable[[Pcm], float] | None = None,
        *,
        long_pause_s: float = LONG_PAUSE_S,
        longest_s: float = LONGEST_S,
    ) -> None:
        """Take another detector for tests; silero by default."""
        self._probability = probability or SpeechDetector()
        self._limits = (long_pause_s, longest_s)
        self.reset()

    def reset(self) -> None:
        """Forget the utterance in progress."""
        if isinstance(self._probability, SpeechDetector):
            self._probability.reset()
        self.turn = Endpointer(long_pause_s=self._limits[0], longest_s=self._limits[1])
        self._rest: Pcm = np.zeros(0, np.int16)
        self._before: deque[Pcm] = deque(maxlen=round(PRE_ROLL_S / CHUNK_S))
        self._chunks: list[Pcm] = []
        self._highest = self._end_s = self.at_s = 0.0
        self._loudest: list[float] = []
        self._so_far: Utterance | None = None

    @property
    def so_far(self) -> Utterance | None:
        """Return the utterance in progress after exactly `LULL` or `LATER_LULL` chunks of silence, else None.

        Unless somebody speaks on, the other lull and the utterance that `feed` gives after the pause have the same
        `end_s`.
        """
        return self._so_far

    def feed(self, block: AudioBlock) -> tuple[Utterance, ...]:
        """Take int16 mono at 16 000 Hz, any length; return the utterances that paused or ended in it."""
        if isinstance(self._probability, SpeechDetector):
            self._probability.is_residual = block.is_residual
        self._rest = np.concatenate([self._rest, block.pcm])
        now_s = block.at_s + (len(block.pcm) - len(self._rest)) / EAR_RATE_HZ
        found = []
        self._so_far = None
        while len(self._rest) >= CHUNK:
            chunk, self._rest = self._rest[:CHUNK], self._rest[CHUNK:]
            now_s += CHUNK_S
            done = self._take(chunk, now_s)
            if done is not None:
                found.append(done)
        return tuple(found)

    def keep_open(self) -> None:
        """Wait for a longer pause: the words of the utterance just given begin a longer phrase."""
        self.turn.keep_open()

    def finish(self) -> tuple[Utterance, ...]:
        """End the sound: return what was still open, and forget it."""
        open_one = self._utterance(is_over=True) if self.turn.is_open else None
        self.reset()
        return (open_one,) if open_one else ()

    def _take(self, chunk: Pcm, end_s: float) -> Utterance | None:
        self._so_far = None
        probability = self._heard(chunk)
        mark = self.turn.step(probability)
        if mark in (Mark.QUIET, Mark.BEGAN) and self._chunks:
            self._before.extend(self._chunks[-round(PAUSE_S / CHUNK_S) :])  # the pause may hold the next soft onset
            self._chunks = []
        if mark is Mark.QUIET:
            self._before.append(chunk)
            return None
        if mark is Mark.BEGAN:
            self._chunks, self.at_s = list(self._before), end_s - CHUNK_S
            self._highest, self._loudest = 0.0, [loudness(chunk)]
            self._before.clear()
        self._chunks.append(chunk)
        self._highest = max(self._highest, probability)
        if probability >= GO_ON:
            self._end_s = end_s
        if mark is Mark.TOO_LONG:
            self._chunks = []
            return Utterance(
                pcm=np.zeros(0, np.int16),
                at_s=self.at_s,
                end_s=end_s,
                speech=self._highest,
                is_over=True,
                is_too_long=True,
            )
        if mark is Mark.GOES_ON and self.turn.silence in (LULL, LATER_LULL):
            self._so_far = self._utterance(is_over=False)
        return self._utterance(is_over=mark is Mark.OVER) if mark in (Mark.PAUSED, Mark.OVER) else None

    def _heard(self, chunk: Pcm) -> float:
        probability = self._probability(chunk)
        if not self.turn.is_open:
            return probability
        level = loudness(chunk)
        self._loudest = sorted((*self._loudest, level))[-LOUD:]
        return probability if level > HUSHED * self._loudest[0] else 0.0

    def _utterance(self, *, is_over: bool) -> Utterance:
        return Utterance(
            pcm=np.concatenate(self._chunks),
            at_s=self.at_s,
            end_s=self._end_s,
            speech=self._highest,
            is_over=is_over,
        )
