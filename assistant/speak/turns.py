"""Whose turn it is: numbers begin at their sample whatever happens; sentences find a gap between them.

Counts in samples of the stream; knows no thread, device or clock. While a count runs, a sentence begins where it fits
wholly between the end of one number and the next; it lets one number pass for that. A sentence that fits in no gap
begins when the present number has ended, and the numbers that are due while it sounds are only ticked. So a beat is
never moved, no number is spoken over a sentence, and the number after the sentence is the right one.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass, field

from assistant.messages import Pcm
from assistant.speak.sounding import Sounding

GAP_S = 0.25  # between two sentences: a short breath; an untried guess
BREATH_S = 0.05  # between a number and a sentence, so that they do not sound glued together; an untried guess
FADE_S = 0.005  # short enough for "stop", long enough not to click (docs/audio.md, "Fade")
NEVER = 1 << 62  # a sample no session reaches
RECORD = 4_096  # placed beats that are remembered: more than any session of one evening


@dataclass(slots=True, order=True)
class Word:
    """A number or a cue that waits for its sample."""

    due: int
    n: int = field(compare=False)
    """The number, or 0 for a cue."""
    pcm: Pcm = field(compare=False)
    period: int = field(compare=False)
    """Samples to the next beat; 0 for a cue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a beat or cue was really put."""

    n: int
    """The number, or 0 for a cue."""
    due: int
    """The sample it was ordered for."""
    at: int
    """The sample it began at; later than `due` only when the order itself came too late."""
    is_spoken: bool
    """False: a sentence was sounding, so only the tick was heard; or it came a whole period late and was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A sentence began, or is over."""

    utterance: int
    at: int
    has_begun: bool
    """True for a beginning, False for an end."""
    is_finished: bool = False
    """It was heard to its last sample."""


@dataclass(slots=True)
class _Sentence:
    utterance: int
    pcm: Pcm
    has_let_a_number_pass: bool = False


class Turns:
    """The sentences and words of one session, in the order of the samples."""

    def __init__(self, rate_hz: int, tick: Pcm) -> None:
        """Begin with nothing to say."""
        self.sounds: list[Sounding] = []
        self.turns: deque[Turn] = deque()
        self.placed: deque[Placed] = deque(maxlen=RECORD)
        self.tick = tick
        self._rate_hz = rate_hz
        self._gap, self._breath = round(GAP_S * rate_hz), round(BREATH_S * rate_hz)
        self._fade = round(FADE_S * rate_hz)
        self._words: list[Word] = []
        self._waiting: deque[_Sentence] = deque()
        self._sentence: tuple[int, Sounding] | None = None
        self._word: Sounding | None = None
        self._free_from = 0
        self._next_beat = 0
        self._period = 0

    @property
    def is_idle(self) -> bool:
        """Nothing sounds, waits or is scheduled."""
        return not (self.sounds or self._words or self._waiting or self._sentence)

    def take_sentence(self, utterance: int, pcm: Pcm, *, at_once: bool = False) -> None:
        """Let a sentence wait for its turn; `at_once`: it lets no number pass."""
        self._waiting.append(_Sentence(utterance, pcm, has_let_a_number_pass=at_once))

    def take_word(self, word: Word) -> None:
        """Schedule a number or cue; a number that waits already is replaced."""
        if word.n:
            self._words = [other for other in self._words if other.n != word.n]
        insort(self._words, word)

    def drop_what_waits(self, at: int) -> None:
        """Forget what has not begun; the count is over."""
        for sentence in self._waiting:
            self.turns.append(Turn(utterance=sentence.utterance, at=at, has_begun=False))
        self._waiting.clear()
        self._words.clear()
        self._next_beat = self._period = 0

    def hush(self, at: int) -> None:
        """Fade everything that sounds and forget the rest."""
        if self._sentence:
            self._end_sentence(at, is_finished=self._sentence[1].end <= at)
        self.drop_what_waits(at)
        for sounding in self.sounds:
            sounding.fade_from(at, self._fade)
        self._free_from = at + self._fade

    def play(self, start: int, end: int) -> None:
        """Let everything happen that is due from sample `start` up to `end`, in order; at one sample in this order."""
        at = start
        while True:
            sentence_ends = self._sentence[1].end if self._sentence else NEVER
            word_begins = max(at, self._words[0].due) if self._words else NEVER
            sentence_begins = self._sentence_begins(at)
            at = min(sentence_ends, word_begins, sentence_begins)
            if at >= end:
                return
            if at == sentence_ends:
                self._end_sentence(at, is_finished=True)
            elif at == word_begins:
                self._begin_word(at)
            else:
                self._begin_sentence(at)

    def skip(self, at: int, samples: int) -> None:
        """Carry what sounds at sample `at` over a stretch that nobody heard; the beats stay where they are."""
        ending = [self._sentence[1]] if self._sentence and self._sentence[1] not in self.sounds else []
        for sounding in (*self.sounds, *ending):
            sounding.start += samples
        if self._free_from > at:
            self._free_from += samples

    def forget_before(self, at: int) -> None:
        """Let go of what has ended."""
        self.sounds = [sounding for sounding in self.sounds if sounding.end > at]

    def _sentence_begins(self, at: int) -> int:
        """The sample at which the next sentence may begin, as far as is known at sample `at`."""
        if self._sentence or not self._waiting:
            return NEVER
        sentence = self._waiting[0]
        ready = max(at, self._free_from)
        due = self._words[0].due if self._words else self._next_beat
        is_counting = bool(self._words) or due > ready
        fits_now = not is_counting or ready + len(sentence.pcm) + self._breath <= due
        if fits_now or sentence.has_let_a_number_pass or not self._fits_after_next_number(sentence):
            return ready
        return NEVER if self._words else due

    def _fits_after_next_number(self, sentence: _Sentence) -> bool:
        """The gap that follows the next number is long enough, as far as can be known."""
        if self._words:
            period, number = self._words[0].period or self._period, len(self._words[0].pcm)
        else:
            period, number = self._period, len(self._word.pcm) if self._word else 0
        return number + self._breath + len(sentence.pcm) + self._breath <= period

    def _begin_sentence(self, at: int) -> None:
        sentence = self._waiting.popleft()
        sounding = Sounding(sentence.pcm, at)
        self.sounds.append(sounding)
        self._sentence = (sentence.utterance, sounding)
        self.turns.append(Turn(utterance=sentence.utterance, at=at, has_begun=True))

    def _end_sentence(self, at: int, *, is_finished: bool) -> None:
        if self._sentence:
            self.turns.append(Turn(utterance=self._sentence[0], at=at, has_begun=False, is_finished=is_finished))
        self._sentence = None
        self._free_from = at + self._gap

    def _begin_word(self, at: int) -> None:
        word = self._words.pop(0)
        period = word.period or self._period or self._rate_hz
        is_lost = at - word.due >= period  # the next one is due: two numbers at once would be heard as neither
        is_spoken = self._sentence is None and not is_lost
        if not is_lost:
            self.sounds.append(Sounding(self.tick, at))
        if is_spoken:
            self._speak(word, at)
        if word.n:
            self._next_beat, self._period = word.due + word.period, word.period
        self.placed.append(Placed(n=word.n, due=word.due, at=at, is_spoken=is_spoken))

    def _speak(self, word: Word, at: int) -> None:
        if self._word:
            self._word.fade_from(at, self._fade)
        self._word = Sounding(word.pcm, at)
        self.sounds.append(self._word)
        self._free_from = max(self._free_from, self._word.end + self._breath)
        if self._waiting:
            self._waiting[0].has_let_a_number_pass = True
