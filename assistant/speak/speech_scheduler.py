"""Speech scheduler: numbers begin at their own sample in any case; sentences find a gap between them.

It counts in samples and knows no thread, device or clock. While a count runs, a sentence begins where it fits
completely between the end of one number and the next; it lets one number pass for that. A sentence that fits no gap
begins at the end of the present number, and the numbers that are due while it sounds are only ticked. So a beat is
never moved, no number is spoken over a sentence, and the number after the sentence is the right one.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass, field

from assistant.messages import Pcm
from assistant.speak.gain_and_fade import PlayingClip

GAP_S = 0.25  # between two sentences: a short breath; an untried guess
BREATH_S = 0.05  # between a number and a sentence, so that they do not run together; an untried guess
FADE_S = 0.005  # short enough for "stop", long enough not to click (docs/audio.md, "Fade")
NEVER = 1 << 62  # a sample no session reaches
RECORD = 4_096  # placed beats that are stored: more than any session of one evening


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
class PlacedClip:
    """The true position of a beat or cue."""

    n: int
    """The number, or 0 for a cue."""
    due: int
    """The sample at which it was due."""
    at: int
    """The sample at which it began; later than `due` only when the order itself came too late."""
    is_spoken: bool
    """False if only the tick was heard under a sentence, or if it came a whole period late and was dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEdge:
    """The beginning or the end of a sentence."""

    utterance: int
    at: int
    has_begun: bool
    """True for a beginning, false for an end."""
    is_finished: bool = False
    """True if it was heard to its last sample."""


@dataclass(slots=True)
class _Sentence:
    utterance: int
    pcm: Pcm
    has_let_a_number_pass: bool = False
    then: int = 0
    """Samples of quiet after it."""


class SpeechScheduler:
    """Schedules the sentences and words of one session by samples."""

    def __init__(self, rate_hz: int, tick: Pcm) -> None:
        """Start with nothing to say."""
        self.sounds: list[PlayingClip] = []
        self.turns: deque[SpeechEdge] = deque()
        self.placed: deque[PlacedClip] = deque(maxlen=RECORD)
        self.tick = tick
        self._rate_hz = rate_hz
        self._gap, self._breath = round(GAP_S * rate_hz), round(BREATH_S * rate_hz)
        self._fade = round(FADE_S * rate_hz)
        self._words: list[Word] = []
        self._waiting: deque[_Sentence] = deque()
        self._sentence: tuple[_Sentence, PlayingClip] | None = None
        self._word: PlayingClip | None = None
        self._free_from = 0
        self._next_beat = 0
        self._period = 0

    @property
    def is_idle(self) -> bool:
        """True if nothing sounds, waits or is scheduled."""
        return not (self.sounds or self._words or self._waiting or self._sentence)

    def take_sentence(self, utterance: int, pcm: Pcm, *, at_once: bool = False, then: int = 0) -> None:
        """Queue a sentence; with `at_once` it lets no number pass; `then` samples of quiet follow it."""
        self._waiting.append(_Sentence(utterance, pcm, has_let_a_number_pass=at_once, then=then))

    def take_word(self, word: Word) -> None:
        """Schedule a number or cue; it replaces the same number if that waits."""
        if word.n:
            self._words = [other for other in self._words if other.n != word.n]
        insort(self._words, word)

    def drop_what_waits(self, at: int) -> None:
        """Drop everything that has not begun; the count is over."""
        for sentence in self._waiting:
            self.turns.append(SpeechEdge(utterance=sentence.utterance, at=at, has_begun=False))
        self._waiting.clear()
        self._words.clear()
        self._next_beat = self._period = 0

    def hush(self, at: int) -> None:
        """Fade everything that sounds and drop the rest."""
        if self._sentence:
            self._end_sentence(at, is_finished=self._sentence[1].end <= at)
        self.drop_what_waits(at)
        for sounding in self.sounds:
            sounding.fade_from(at, self._fade)
        self._free_from = at + self._fade

    def play(self, start: int, end: int) -> None:
        """Perform everything that is due from sample `start` up to `end`, in order.

        At the same sample: first the end of a sentence, then a word, then the beginning of a sentence.
        """
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
        """Shift what sounds at sample `at` over a stretch that nobody heard; the beats stay where they are."""
        ending = [self._sentence[1]] if self._sentence and self._sentence[1] not in self.sounds else []
        for sounding in (*self.sounds, *ending):
            sounding.start += samples
        if self._free_from > at:
            self._free_from += samples

    def forget_before(self, at: int) -> None:
        """Drop what has ended."""
        self.sounds = [sounding for sounding in self.sounds if sounding.end > at]

    def _sentence_begins(self, at: int) -> int:
        """Return the earliest sample for the next sentence, as far as is known at sample `at`."""
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
        """True if the gap after the next number is long enough, as far as is known."""
        if self._words:
            period, number = self._words[0].period or self._period, len(self._words[0].pcm)
        else:
            period, number = self._period, len(self._word.pcm) if self._word else 0
        return number + self._breath + len(sentence.pcm) + self._breath <= period

    def _begin_sentence(self, at: int) -> None:
        sentence = self._waiting.popleft()
        sounding = PlayingClip(sentence.pcm, at)
        self.sounds.append(sounding)
        self._sentence = (sentence, sounding)
        self.turns.append(SpeechEdge(utterance=sentence.utterance, at=at, has_begun=True))

    def _end_sentence(self, at: int, *, is_finished: bool) -> None:
        then = self._gap
        if self._sentence:
            sentence = self._sentence[0]
            ended = SpeechEdge(utterance=sentence.utterance, at=at, has_begun=False, is_finished=is_finished)
            self.turns.append(ended)
            then = max(then, sentence.then)
        self._sentence = None
        self._free_from = at + then

    def _begin_word(self, at: int) -> None:
        word = self._words.pop(0)
        period = word.period or self._period or self._rate_hz
        is_lost = at - word.due >= period  # the next one is due: two overlapping numbers would both be unintelligible
        is_spoken = self._sentence is None and not is_lost
        if not is_lost:
            self.sounds.append(PlayingClip(self.tick, at))
        if is_spoken:
            self._speak(word, at)
        if word.n:
            self._next_beat, self._period = word.due + word.period, word.period
        self.placed.append(PlacedClip(n=word.n, due=word.due, at=at, is_spoken=is_spoken))

    def _speak(self, word: Word, at: int) -> None:
        if self._word:
            self._word.fade_from(at, self._fade)
        self._word = PlayingClip(word.pcm, at)
        self.sounds.append(self._word)
        self._free_from = max(self._free_from, self._word.end + self._breath)
        if self._waiting:
            self._waiting[0].has_let_a_number_pass = True
