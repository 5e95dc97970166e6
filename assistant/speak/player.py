"""The player mixes clips at exact samples. It has no thread, lock, device or clock; it counts the samples it renders.

Two threads use it. The owner of the session gives orders (`queue_sentence`, `place_number`, `hush`, …) and reads
`take_reports`; the sound card's callback calls `render`. They share two deques, whose append and popleft are atomic,
and plain numbers. Orders take effect at the first sample of the next block; from there on samples decide all
(`speech_scheduler.py`), so the same orders at the same samples give the same sound, whatever the block size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Literal, TypeAlias, get_args

import numpy as np

from assistant.messages import MOUTH_RATE_HZ, Clip, Pcm, VoiceBegan, VoiceEnded
from assistant.speak.earcons import Earcon, earcon, tick
from assistant.speak.gain_and_fade import GainRamp, Mix, PlayingClip, scaled, to_pcm
from assistant.speak.speech_scheduler import PlacedClip, SpeechEdge, SpeechScheduler, Word

RAMP_S = 0.010  # of a change of volume: shorter ones click on a steady tone; an untried guess
MOST_PERCENT = 150

VoiceReport: TypeAlias = VoiceBegan | VoiceEnded


class Player:
    """SpeechScheduler orders into one stream of samples; its `position` is the clock of the session."""

    def __init__(self, rate_hz: int = MOUTH_RATE_HZ, *, sign_percent: int = 100) -> None:
        """Start at sample 0, at 100 percent volume; `sign_percent` scales the earcons alone, 0 to 150."""
        self.rate_hz = rate_hz
        self.position = 0
        """Samples rendered so far, plus those that the device lacked."""
        self.hushed_at = 0
        """The sample at which it last fell silent at once: of what was rendered before, nothing more shall sound."""
        self._orders: deque[Callable[[], None]] = deque()
        self._has_nothing_left = True
        self._volume = GainRamp(round(RAMP_S * rate_hz))
        self._earcons: dict[Earcon, Pcm] = {
            name: scaled(earcon(name, rate_hz).pcm, sign_percent, MOST_PERCENT) for name in get_args(Earcon)
        }
        self._turns = SpeechScheduler(rate_hz, tick(rate_hz).pcm)
        self._mix: Mix = np.zeros(0, dtype=np.float32)

    # --- the owner's side --------------------------------------------------------------------------------------------

    def queue_sentence(self, utterance: int, clip: Clip, *, at_once: bool = False, then_s: float = 0.0) -> None:
        """Queue a sentence; while a count runs, it sounds between two beats (`at_once`: before the next one).

        The next sentence waits `then_s` after it. Raises ValueError when the clip is not int16 mono at the
        player's rate.
        """
        then = round(then_s * self.rate_hz)
        self._orders.append(partial(self._turns.take_sentence, utterance, self._pcm(clip), at_once=at_once, then=then))

    def place_number(self, at_s: float, clip: Clip, n: int, period_s: float) -> None:
        """Sound number `n` (1 or more) at sample round(at_s * rate), with a tick; the next one is due after `period_s`.

        An order for a queued number replaces it. A late order sounds at once; one that is
        a whole period late is only recorded. Raises ValueError as `say` does.
        """
        word = Word(round(at_s * self.rate_hz), n, self._pcm(clip), round(period_s * self.rate_hz))
        self._orders.append(partial(self._turns.take_word, word))

    def place_word(self, at_s: float, clip: Clip) -> None:
        """Sound a word at sample round(at_s * rate), a beat without a number. Raises ValueError as `say` does."""
        self._orders.append(partial(self._turns.take_word, Word(round(at_s * self.rate_hz), 0, self._pcm(clip), 0)))

    def hush(self, how: Literal["now", "phrase_end"]) -> None:
        """Fall silent within 5 ms, or after the present sentence; both drop what waits."""
        self._orders.append(self._hush_now if how == "now" else self._hush_after_this)

    def volume(self, percent: int) -> None:
        """Set the volume of everything, 0 to 150 percent, within 10 ms."""
        self._orders.append(partial(self._volume.go_to, min(max(percent, 0), MOST_PERCENT) / 100))

    def skip(self, samples: int) -> None:
        """Skip samples that the device lacked: speech resumes where it was, and the next beat is on its grid again.

        The sound card's thread may call it too.
        """
        self._orders.append(partial(self._skip, samples))

    def sound(self, name: Earcon) -> None:
        """Play an earcon at once, mixed with whatever sounds."""
        self._orders.append(partial(self._play_sign, name))

    def take_reports(self) -> list[VoiceReport]:
        """Return what began and ended since the last call, in order; `at_s` is exact to the sample."""
        reports = []
        while self._turns.turns:
            reports.append(self._report(self._turns.turns.popleft()))
        return reports

    @property
    def placed(self) -> list[PlacedClip]:
        """Return the true positions of the last 4096 beats and cues, for tests and benchmarks."""
        return list(self._turns.placed)

    @property
    def now_s(self) -> float:
        """Return the position in seconds."""
        return self.position / self.rate_hz

    @property
    def is_idle(self) -> bool:
        """True if nothing sounds, waits or is scheduled."""
        return not self._orders and self._has_nothing_left

    # --- the sound card's side ---------------------------------------------------------------------------------------

    def render(self, frames: int) -> Pcm:
        """Return the next `frames` samples, int16 mono. Never waits, never raises."""
        if self._orders:
            self._has_nothing_left = False  # before the orders are taken out: `is_idle` may be read in between
        while self._orders:
            self._orders.popleft()()
        end = self.position + frames
        self._turns.play(self.position, end)
        if len(self._mix) != frames:
            self._mix = np.zeros(frames, dtype=np.float32)
        self._mix.fill(0)
        for sounding in self._turns.sounds:
            sounding.add_to(self._mix, self.position)
        self._volume.apply(self._mix)
        self._turns.forget_before(end)
        self.position = end
        self._has_nothing_left = self._turns.is_idle
        return to_pcm(self._mix)

    def _skip(self, samples: int) -> None:
        self._turns.skip(self.position, samples)
        self.position += samples

    def _play_sign(self, name: Earcon) -> None:
        self._turns.sounds.append(PlayingClip(self._earcons[name], self.position))

    def _hush_now(self) -> None:
        self.hushed_at = self.position
        self._turns.hush(self.position)

    def _hush_after_this(self) -> None:
        self._turns.drop_what_waits(self.position)

    def _report(self, turn: SpeechEdge) -> VoiceReport:
        at_s = turn.at / self.rate_hz
        if turn.has_begun:
            return VoiceBegan(at_s=at_s, utterance=turn.utterance)
        return VoiceEnded(at_s=at_s, utterance=turn.utterance, is_finished=turn.is_finished)

    def _pcm(self, clip: Clip) -> Pcm:
        if clip.rate_hz != self.rate_hz or clip.pcm.dtype != np.int16 or clip.pcm.ndim != 1:
            msg = f"not int16 mono at {self.rate_hz} Hz: {clip.pcm.dtype} {clip.pcm.shape} at {clip.rate_hz} Hz"
            raise ValueError(msg)
        return clip.pcm
