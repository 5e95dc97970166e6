"""Sound of any rate and piece size → blocks of exactly 320 samples at 16 kHz. Arithmetic only: no device, no file.

`WavFile` and the microphone's reader both cut their sound here, so their time stamps agree.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import soxr

from assistant.errors import BadAudio
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock

BLOCK_SAMPLES = round(EAR_RATE_HZ * BLOCK_S)
LOWEST_RATE_HZ = 4_000  # below it no consonant is left; a telephone has 8 000
HIGHEST_RATE_HZ = 192_000  # the highest rate that sound cards offer; more is a damaged header
MOST = 100.0  # 40 dB above full scale, far beyond any overload; what is larger is damage, and its mean overflows
FULL_SCALE = 32_768.0

Samples = npt.NDArray[np.float32]


def check_rate(rate_hz: int, *, where: str) -> None:
    """Raise BadAudio for a rate that no microphone or recording of speech has."""
    if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
        raise BadAudio(
            f"a rate of {rate_hz} samples a second cannot be speech",
            where=where,
            remedy=f"use a rate between {LOWEST_RATE_HZ} and {HIGHEST_RATE_HZ}; 16000 is best",
        )


class Reblock:
    """Cuts samples into blocks; the resampler's state survives between pieces of any size."""

    def __init__(self, rate_hz: int) -> None:
        """Expect mono samples at `rate_hz`; samples at 16 000 Hz are not resampled."""
        self._resampler = (
            None if rate_hz == EAR_RATE_HZ else soxr.ResampleStream(rate_hz, EAR_RATE_HZ, 1, dtype="float32")
        )
        self._rest = np.zeros(0, np.int16)
        self._samples_out = 0
        self._lost_samples = 0.0

    def push(self, samples: Samples) -> Iterator[AudioBlock]:
        """Return the blocks completed by mono `samples` (float32, -1 to 1; NaN counts as silence)."""
        return self._cut(samples, is_last=False)

    def flush(self) -> Iterator[AudioBlock]:
        """Return the rest, with the last block padded by silence; the stream is over afterwards."""
        yield from self._cut(np.zeros(0, np.float32), is_last=True)
        if len(self._rest):
            padded = np.zeros(BLOCK_SAMPLES, np.int16)
            padded[: len(self._rest)] = self._rest
            self._rest = np.zeros(0, np.int16)
            yield self._stamp(padded)

    def skip(self, seconds: float) -> None:
        """Account for lost sound of this length before the next push: later time stamps advance by whole blocks."""
        self._lost_samples += seconds * EAR_RATE_HZ
        blocks = int(self._lost_samples) // BLOCK_SAMPLES
        self._lost_samples -= blocks * BLOCK_SAMPLES
        self._samples_out += blocks * BLOCK_SAMPLES

    def _cut(self, samples: Samples, *, is_last: bool) -> Iterator[AudioBlock]:
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(np.ascontiguousarray(samples), last=is_last)
        self._rest = np.concatenate([self._rest, to_int16(samples)])
        whole = len(self._rest) // BLOCK_SAMPLES * BLOCK_SAMPLES
        ready, self._rest = self._rest[:whole], self._rest[whole:]
        for start in range(0, whole, BLOCK_SAMPLES):
            yield self._stamp(ready[start : start + BLOCK_SAMPLES])

    def _stamp(self, pcm: npt.NDArray[np.int16]) -> AudioBlock:
        block = AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=self._samples_out / EAR_RATE_HZ)
        self._samples_out += BLOCK_SAMPLES
        return block


def to_int16(samples: Samples) -> npt.NDArray[np.int16]:
    """Return floats of -1 to 1 as int16, clipped; exact for samples that came from int16, 0 for NaN."""
    tame = np.clip(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)  # 1e38 would overflow
    scaled = tame * np.float32(FULL_SCALE)
    pcm: npt.NDArray[np.int16] = np.clip(np.rint(scaled), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
    return pcm


def mix_to_mono(frames: Samples) -> Samples:
    """Return the mean over channels of frames of shape (samples, channels), float32."""
    clean = np.clip(np.nan_to_num(frames, nan=0.0, posinf=1.0, neginf=-1.0), -MOST, MOST)
    mono: Samples = clean.mean(axis=1, dtype=np.float32)
    return mono
