"""Room acoustics for the ear: sound becomes a few levels, levels become advice. Arithmetic only; prints nothing.

A level is a root mean square in dB below full scale (dBFS). The limits are where recognition fell in measurements:
docs/benchmarks.md, "The room".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from assistant.decode.segment import Utterance
from assistant.messages import AudioBlock
from assistant.terminal.acoustics.clip_quality import CLIPPED, loudest

RoomAdvice: TypeAlias = Literal[
    "room_mute",
    "room_soft",
    "room_loud",
    "room_noisy",
    "room_some_noise",
    "room_speaker_loud",
    "room_own_voice",
    "room_good",
]
"""The key of a reply."""

SILENT_DBFS = -90.0  # below the noise of any microphone that is on (16 bits reach down to -96)
SOFT_DBFS = -50.0  # with the speech detector's gain: of 120 commands 113 as recorded, 112 at -44, 96 at -55
OVERDRIVEN = 0.05  # 109 of 120 where 3 % are clipped, 99 where 10 %, 92 where 21 %
NOISY_DB = 7.0  # pink noise, as measured here: 107 of 120 at 17 dB, 110 at 14, 101 at 11, 93 at 8, 75 at 6, 53 at 3
SOME_NOISE_DB = 13.0  # music under the voice: 108 of 120 at 14 dB and at 11, 101 at 8, 102 at 5, 86 at 4
MOST_ECHO_DB = 6.0  # measured up to there with the canceller: 42 to 44 of 46 commands over our own speech
# Chosen. Over an echo of +6 dB and 100 ppm 40 of 48 commands were obeyed with the drift compensated, 12 without
# (docs/audio.md, "Echo cancellation"). What is left was measured apart: 22 dB under the voice, and 7.5.
MOST_LEFT_DB = -20.0
BEFORE_S = 0.1  # a soft onset may begin this long before the segmenter's time
AFTER_S = 0.3  # the decay of the room
WORD = 15  # blocks: the length of a short word
STANDS_OUT_DB = 8.0  # chosen: the loudest word's length of a fan's noise is under 2 dB above its median


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredEcho:
    """Our own voice in the microphone."""

    delay_s: float
    """From the player to the ear: the devices' buffers and the air."""
    sharpness: float
    """Peak ratio of its correlation: 3 is the least that counts, other people's speech stays under 1.6
    (capture/delay.py)."""
    level_dbfs: float
    left_dbfs: float | None
    """Its residual after the canceller; None where that had no time to adapt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLevels:
    """The measured levels; None where there was nothing to measure."""

    voice_dbfs: float | None = None
    """Level of the loudest fifth of each answer, the median of all."""
    noise_dbfs: float | None = None
    """Level between the answers: the median of the blocks."""
    clipped: float = 0.0
    """Share of samples at the limit of 16 bits in the loudest fifth of each answer, the median of all; 0 to 1."""
    is_mute: bool = False
    """True if there were only zeros."""
    echo: MeasuredEcho | None = None

    @property
    def above_noise_db(self) -> float | None:
        """Return the voice's level over the noise in dB; None where either is unknown."""
        if self.voice_dbfs is None or self.noise_dbfs is None:
            return None
        voice, noise = 10 ** (self.voice_dbfs / 10), 10 ** (self.noise_dbfs / 10)
        return dbfs(max(voice - noise, 0.0)) - self.noise_dbfs


def judge(room: RoomLevels) -> tuple[RoomAdvice, ...]:
    """Return the advice for the person, the gravest first; ("room_good",) where all is well, empty if unknown."""
    if room.is_mute:
        return ("room_mute",)
    found: list[RoomAdvice] = []
    above_db = room.above_noise_db
    if room.voice_dbfs is not None and room.voice_dbfs < SOFT_DBFS:
        found.append("room_soft")
    if room.clipped > OVERDRIVEN:
        found.append("room_loud")
    if above_db is not None and above_db < SOME_NOISE_DB:
        found.append("room_noisy" if above_db < NOISY_DB else "room_some_noise")
    found += _about_echo(room)
    if found or (above_db is None and room.voice_dbfs is None):
        return tuple(found)
    return ("room_good",)


def _about_echo(room: RoomLevels) -> tuple[RoomAdvice, ...]:
    if room.echo is None or room.voice_dbfs is None:
        return ()
    if room.echo.level_dbfs - room.voice_dbfs > MOST_ECHO_DB:
        return ("room_speaker_loud",)
    left_dbfs = room.echo.left_dbfs
    return ("room_own_voice",) if left_dbfs is not None and left_dbfs - room.voice_dbfs > MOST_LEFT_DB else ()


class RoomMeter:
    """Measures while somebody answers. Order: (hear | spoke)*, pause, and again; `room` after a pause."""

    def __init__(self) -> None:
        """Start without any block."""
        self.start_again()

    def start_again(self) -> None:
        """Forget everything: the person has moved."""
        self._voices: list[float] = []
        self._clipped: list[float] = []
        self._quiet: list[float] = []
        self._spans: list[tuple[float, float]] = []
        self._blocks: list[tuple[float, float]] = []
        self._count = self._zeros = 0

    @property
    def answers(self) -> int:
        """Return the number of measured utterances."""
        return len(self._voices)

    def hear(self, block: AudioBlock) -> None:
        """Take every block in which the person may speak."""
        power = power_of(block)
        self._count += 1
        self._zeros += power == 0
        self._blocks.append((block.at_s, power))

    def spoke(self, utterance: Utterance) -> None:
        """Take an utterance in those blocks."""
        self._spans.append((utterance.at_s, utterance.end_s))
        if len(utterance.pcm):
            blocks = loudest(utterance.pcm)
            self._voices.append(float(np.square(blocks / 32_768).mean()))
            self._clipped.append(float((np.abs(blocks) >= CLIPPED).mean()))

    def pause(self) -> None:
        """End a series of answers, or a recording; times start anew."""
        blocks, spans = self._blocks, [(from_s - BEFORE_S, to_s + AFTER_S) for from_s, to_s in self._spans]
        self._blocks, self._spans = [], []
        sounding = [(at_s, power) for at_s, power in blocks if power]  # zeros are the quiet put around a recording
        soft = None if spans else _soft_voice([power for _, power in sounding])
        if soft is not None:
            self._voices.append(soft)
            return
        self._quiet += [power for at_s, power in sounding if not any(a <= at_s <= b for a, b in spans)]

    def room(self, echo: MeasuredEcho | None = None) -> RoomLevels:
        """Return the levels measured so far."""
        return RoomLevels(
            voice_dbfs=_middle(self._voices),
            noise_dbfs=_middle(self._quiet),
            clipped=float(np.median(self._clipped)) if self._clipped else 0.0,
            is_mute=0 < self._count == self._zeros and not self._voices,
            echo=echo,
        )


def power_of(block: AudioBlock) -> float:
    """Return the mean square of a block; 1 is full scale."""
    return float(np.square(block.pcm.astype(np.float32) / 32_768).mean())


def dbfs(power: float) -> float:
    """Return the level of a mean square; -120 for zero, below any device."""
    return float(10 * np.log10(power + 1e-12))


def _soft_voice(powers: list[float]) -> float | None:
    """Return the level of a voice too soft to be detected as speech, so that advice is possible; else None."""
    ranked = np.sort(powers)
    if len(ranked) <= WORD:
        return None
    voice, quiet = float(ranked[-WORD:].mean()), float(ranked[len(ranked) // 5])
    return voice if dbfs(voice) < SOFT_DBFS and dbfs(voice) - dbfs(quiet) > STANDS_OUT_DB else None


def _middle(powers: Iterable[float]) -> float | None:
    found = list(powers)
    return dbfs(float(np.median(found))) if found else None
