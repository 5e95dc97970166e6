"""Cancels the loudspeaker's echo in the microphone's sound: speex's canceller, with the player's samples as reference.

The reference is read at the delay and the speed at which the microphone hears it (delay.py), since a shared clock is
an exception: uncompensated, a drift of 100 ppm left 14 dB of cancelling of 42 in a simulated room. Without an echo
(headphones, or a silent loudspeaker) the microphone's samples pass through unchanged.

The residual echo is soft, but an ear that hears whispers hears words in it: `is_ours` recognises such utterances.
"""

from __future__ import annotations

import ctypes
from collections import deque
from dataclasses import dataclass, replace

import numpy as np
import soxr

from assistant.capture.delay import DelayTracker
from assistant.capture.explained import BEFORE, unexplained
from assistant.capture.reference import Floats, Reference
from assistant.errors import EngineError
from assistant.messages import BLOCK_S, EAR_RATE_HZ, MOUTH_RATE_HZ, AudioBlock, Pcm

FRAME = round(BLOCK_S * EAR_RATE_HZ)
TAIL = 2_048  # samples of room that are cancelled, 0.13 s; with 4,096 one of three rooms stayed at 26 dB, here at 51
# The microphone goes to the filter at half its level: where an echo was as loud as its source speex learned only a part
# of it, 24 to 27 dB after 30 s in 7 of 40 starts of one room at +6 dB; halved in 0 of 28, and 40 to 47 dB.
SOFTER = 2
LEAD = 160  # samples by which the reference comes early: docs/audio.md, "Echo cancellation"
NEAR = 8.0  # samples off the wanted position left to the filter: 35 dB at 8 to 20 s, following each half sample 31
FAR = 32.0  # samples off it: jump there; less is slewed
SLEW = 200e-6  # of the reading speed
LEAST_DRIFT = 5e-6  # less is not told apart from none, and the filter follows it (docs/audio.md, "Delay and drift")
SILENT_S = 0.4  # after so long a silence the room holds no more of the loudspeaker's sound
SILENCE = 8.0  # root mean square in int16 steps, -72 dBFS
KEPT = 600  # blocks, 12 s: longer than the longest utterance (9 s) and the longest look back
LOOKED_BACK = 5 * EAR_RATE_HZ  # the delay is found in the last 2 s, an utterance may have begun before
PASSES = 3  # over the echo in which the delay was found: 17 to 29 dB at once, 2 to 11 without. A filter adapted so hard
# cannot always readapt once the drift is known (17 dB for good, not 44); the slow one may get stuck too (26, 47)
CONTEST_S = 10.0  # of our own sound while two filters compete; the better one is kept
FADE = 0.98  # per block: an average over about the last second
OURS = 10**-1.6  # of the power that came in. In three rooms, from second 1 on, of 122 commands over our speech at +6 dB
# and 100 ppm the softest left -14.7 dB; of 24 minutes of our own voice two utterances left -18.1 and -11.7, others less
STALE = 2  # blocks that a filter holds back: of one and a half seconds ago they were 36 and 7 dB louder than the room
LATE_S = 2 * BLOCK_S  # the canceller's output is a block late, and an utterance is not cut at block boundaries
MOST_WAITING = 250  # blocks of the player, 5 s: as much as the ear may lag behind (runtime.MOST_BLOCKS)
REMEDY = "Install pyaec==1.0.1, or start with --echo off and use headphones"

_PCM = ctypes.POINTER(ctypes.c_int16)


@dataclass(slots=True)
class _Past:
    """A block of the microphone, and its power after cancelling."""

    at_s: float
    here: int
    pcm: Pcm
    left: float


class EchoCanceller:
    """Removes the echo from the microphone's blocks. Owned by the ear's thread; only `played` runs on another."""

    def __init__(self) -> None:
        """Load the canceller (under 1 ms). Raises EngineError where its library is missing."""
        self._filter = _Filter()
        self._other: _Filter | None = None
        self._contest_s = 0.0
        self._waiting: deque[tuple[int, Pcm]] = deque(maxlen=MOST_WAITING)
        self._played = self._taken = 0
        self._to_ear = soxr.ResampleStream(MOUTH_RATE_HZ, EAR_RATE_HZ, 1, dtype="int16")
        self._reference = Reference()
        self.tracker = DelayTracker(self._reference)
        """Estimates delay and drift."""
        self._heard = 0
        self._next_at_s: float | None = None
        self._position: float | None = None
        self._off = 0.0
        self._silent_s = SILENT_S
        self._place = 0
        self._past: deque[_Past] = deque(maxlen=KEPT)

    @property
    def played_s(self) -> float:
        """Return the seconds of sound given to `played` so far; callable from any thread."""
        return self._played / MOUTH_RATE_HZ

    def played(self, pcm: Pcm) -> None:
        """Store what goes to the speaker: int16 mono at `MOUTH_RATE_HZ`. On the sound card's thread, it only copies.

        While nothing reads them, the last 5 s are kept.
        """
        self._waiting.append((self._played, pcm.copy()))
        self._played += len(pcm)

    def cancel(self, block: AudioBlock, played_s: float) -> AudioBlock:
        """Return the microphone's next block of 320 samples without the echo; 20 ms late while the loudspeaker sounds.

        `played_s` is the property of that name at the block's arrival; an error of half a second does no harm.
        Until an echo is found (2 s of speech) and while nothing sounds, the samples come back unchanged. A block
        that is late means that sound was lost; one that is early, that the microphone was opened again.
        """
        self._take_in()
        self._follow(block)
        here, self._heard = self._heard, self._heard + len(block.pcm)
        self.tracker.hear(block.pcm, round(played_s * EAR_RATE_HZ))
        self._learn_a_new_place()
        clean = self._clean(block, here) if self.tracker.is_known else block
        self._past.append(_Past(block.at_s, here, block.pcm, _power(clean.pcm)))
        return clean

    def is_ours(self, from_s: float, to_s: float) -> bool:
        """True if the sound between two times (of blocks' `at_s`) was our own voice only.

        Where this does not hold at first, the echo may be unknown yet or may have moved (an underrun; drift during a
        long silence): it is searched for now. While a canceller adapts, least squares decide (explained.py): an
        overfitted filter also explains a softer command over our speech, and nothing of a short first word. Only the
        last 12 s can be judged; anything older gives false.
        """
        if self._other is None and self._is_cancelled(from_s, to_s):
            return True
        self.tracker.look()
        since = sum(len(one.pcm) for one in self._past if one.at_s >= from_s)
        if self._place and since and self._place == self.tracker.places:
            self.tracker.look_closer(since)
        self._learn_a_new_place()
        return self._other is not None and self._is_explained(from_s, to_s)

    def _is_cancelled(self, from_s: float, to_s: float) -> bool:
        """True if a canceller that has learnt the room left next to nothing."""
        span = [one for one in self._past if from_s - BLOCK_S <= one.at_s <= to_s + LATE_S]
        return bool(span) and sum(one.left for one in span) < OURS * sum(_power(one.pcm) for one in span)

    def _is_explained(self, from_s: float, to_s: float) -> bool:
        """True if one filter explains what was recorded: known at once, where the cancellers have not yet learnt it."""
        past = [one for one in self._past if from_s - TAIL / EAR_RATE_HZ <= one.at_s <= to_s + LATE_S]
        count = sum(len(one.pcm) for one in past)
        if not (self.tracker.is_known and past) or past[-1].here + len(past[-1].pcm) - past[0].here != count:
            return False  # no echo is known, or a part of the recording was lost
        heard = np.concatenate([one.pcm for one in past]).astype(np.float32)
        start = past[0].here - self.tracker.delay(past[0].here) + LEAD - BEFORE
        played = self._reference.read(start, 1 - self.tracker.drift, count + BEFORE)
        since = sum(len(one.pcm) for one in past if one.at_s < from_s - BLOCK_S)
        return unexplained(heard, played, since) < OURS

    def _clean(self, block: AudioBlock, here: int) -> AudioBlock:
        echo = self._read(here, len(block.pcm))
        is_silent = float(np.sqrt(np.mean(np.square(echo)))) < SILENCE
        was_untouched = self._silent_s >= SILENT_S
        self._silent_s = self._silent_s + BLOCK_S if is_silent else 0.0
        if self._silent_s >= SILENT_S:
            return block
        if was_untouched:
            self._catch_up(np.zeros_like(echo))
        return replace(block, pcm=self._cancel(block.pcm, echo), is_residual=True)

    def _catch_up(self, silence: Floats) -> None:
        """Give the filters the last samples that bypassed them: what they still hold is older and would be a click."""
        for past in list(self._past)[-STALE:]:
            for one in (self._filter, self._other):
                if one is not None:
                    one.cancel(past.pcm, silence)

    def _learn_a_new_place(self) -> None:
        """Adapt another filter to the echo that was just found, if one was."""
        if self._place == self.tracker.places:
            return
        self._place = self.tracker.places
        self._other, self._contest_s = _Filter(), 0.0
        past = [one for one in self._past if one.here >= self._heard - LOOKED_BACK]
        for _ in range(PASSES):
            self._position = None
            for one in past:
                self._other.cancel(one.pcm, self._read(one.here, len(one.pcm)))
        self._filter.left = self._other.left = 0.0

    def _take_in(self) -> None:
        while self._waiting:
            start, pcm = self._waiting.popleft()
            if start > self._taken:
                self._reference.skip(round((start - self._taken) * EAR_RATE_HZ / MOUTH_RATE_HZ))
            self._reference.write(self._to_ear.resample_chunk(pcm))
            self._taken = start + len(pcm)

    def _follow(self, block: AudioBlock) -> None:
        """Keep counting the microphone's samples by its clock, including those lost on the way."""
        expected_s = block.at_s if self._next_at_s is None else self._next_at_s
        late = round((block.at_s - expected_s) * EAR_RATE_HZ)
        if late > 0:
            self._heard += late
            self.tracker.skip(late)
        elif late < 0:
            self.tracker.start_again()
            self._past.clear()
        self._next_at_s = block.at_s + len(block.pcm) / EAR_RATE_HZ

    def _read(self, here: int, count: int) -> Floats:
        """Return what sounded while the microphone recorded these samples, at the speed of its clock."""
        wanted = here - self.tracker.delay(here) + LEAD
        off = wanted - self._position if self._position is not None else FAR
        if self._position is None or abs(off) >= FAR:
            off = float(np.clip(self._off, -NEAR, NEAR))
            self._position = wanted - off  # the room did not change: the filter's coefficients fit again
        self._off = off
        step = 1 - (self.tracker.drift if abs(self.tracker.drift) >= LEAST_DRIFT else 0.0)
        step += float(np.clip((off - np.clip(off, -NEAR, NEAR)) / EAR_RATE_HZ, -SLEW, SLEW))
        echo = self._reference.read(self._position, step, count)
        self._position += step * count
        return echo

    def _cancel(self, pcm: Pcm, echo: Floats) -> Pcm:
        clean = self._filter.cancel(pcm, echo)
        if self._other is None:
            return clean
        other = self._other.cancel(pcm, echo)
        is_better = self._other.left <= self._filter.left
        self._contest_s += BLOCK_S
        if self._contest_s >= CONTEST_S:
            self._filter, self._other = self._other if is_better else self._filter, None
        return other if is_better else clean


class _Filter:
    """One of speex's cancellers."""

    def __init__(self) -> None:
        self._library = _load()
        self._handle = self._library.AecNew(FRAME, TAIL, EAR_RATE_HZ, True)  # noqa: FBT003 - C takes no names
        if not self._handle:
            raise EngineError("the echo canceller does not start", where="pyaec", remedy=REMEDY)
        self.left = 0.0
        """Power of its residual over the last second."""

    def __del__(self) -> None:
        """Free the canceller's memory."""
        if getattr(self, "_handle", None):
            self._library.AecDestroy(self._handle)

    def cancel(self, pcm: Pcm, echo: Floats) -> Pcm:
        """Return the microphone's samples less the echo of these."""
        recorded = np.rint(pcm / SOFTER).astype(np.int16)
        reference = np.clip(np.rint(echo), -32768, 32767).astype(np.int16)
        clean = np.empty(len(pcm), np.int16)
        pointers = (each.ctypes.data_as(_PCM) for each in (recorded, reference, clean))
        self._library.AecCancelEcho(self._handle, *pointers, len(pcm))
        clean = np.clip(clean.astype(np.int32) * SOFTER, -32768, 32767).astype(np.int16)
        self.left = FADE * self.left + _power(clean)
        return clean


def _power(pcm: Pcm) -> float:
    """Return the sum of squares, in int16 steps; never 0."""
    wave = pcm.astype(np.float32)
    return float(wave.dot(wave)) + 1.0


def _load() -> ctypes.CDLL:
    try:
        import pyaec

        library: ctypes.CDLL = pyaec.lib
        return library
    except (ImportError, AttributeError) as error:  # pyaec sets its library to None where it does not load
        raise EngineError(f"the echo canceller is missing ({error})", where="pyaec", remedy=REMEDY) from error
