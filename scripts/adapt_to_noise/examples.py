"""Pairs of the same sound, clean and in noise, from folders of clips. Sound is 16 kHz mono, full scale 1, throughout.

Probabilities and ranges were set by hand and not compared with others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import gcd
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
from noises import KINDS, RATE_HZ, SILENT, Wave, active_rms, happens, level_1, other_microphone, room
from scipy.signal import fftconvolve, resample_poly

Batch: TypeAlias = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], tuple[str, ...]]
"""Clean and noisy, each of shape (clips, samples), and the text of each clip."""
Pcm: TypeAlias = npt.NDArray[np.int16]


class Clip(NamedTuple):
    """One recorded text."""

    pcm: Pcm
    text: str
    """Lower-case words; empty without a transcript."""


class Pair(NamedTuple):
    """One clip twice, of one length and aligned sample by sample."""

    clean: Wave
    noisy: Wave
    text: str
    """Empty where it is unknown or the clip was cut."""


SHORTEST_S, LONGEST_S = 0.25, 4.5  # of a clip; others are left out: a command is 0.3 to 3 s
ENOUGH = 2_500  # clips of one voice beyond which it is not drawn more often
LENGTHS_S = (1.2, 1.6, 2.0, 2.6, 3.2)  # of the examples: the lengths of a session's utterances
BATCH_S = 64  # seconds of sound in one batch
BEFORE_AND_AFTER_S = 0.1  # least silence in each example
PIECE_S = 10  # of synthetic noise
ROOMS = 400
SOFTEST_DB, LOUDEST_DB = -34, -16  # RMS of the speech under full scale
SOFTEST_NOISE_DB = 20.0  # under the speech
LOUDEST_NOISE_DB = {"babble": 6.0}  # under the speech; 0 for all other kinds. Voices louder than that hide the words
CHANCES = {"none": 0.12, "coloured": 0.36, "music": 0.26, "hum": 0.06, "clatter": 0.08, "babble": 0.12}
MOST = 0.97  # of full scale
STEP = 1 / 32_768  # of int16


def read_clips(folder: Path) -> dict[str, list[Clip]]:
    """Return the clips of each voice: the FLAC and WAV files in each folder of `folder`, which has the voice's name.

    Any rate and any number of channels. The text is read from `texts.tsv` in the same folder (file, tab, text), if
    it exists. Clips shorter than 0.25 s or longer than 4.5 s are skipped, and voices without clips. Raises
    soundfile.LibsndfileError for a file that is no sound, ValueError for a list that has other than two columns.
    """
    voices: dict[str, list[Clip]] = {}
    texts = {path.parent.name: _texts(path) for path in folder.glob("*/texts.tsv")}
    for path in sorted(path for path in folder.glob("*/*") if path.suffix in {".flac", ".wav"}):
        wave, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        mono = _at_16_khz(wave.mean(1), rate_hz)
        if SHORTEST_S < len(mono) / RATE_HZ < LONGEST_S:
            pcm = np.clip(np.rint(mono / STEP), -32_768, 32_767).astype(np.int16)
            text = texts.get(path.parent.name, {}).get(path.name, "")
            voices.setdefault(path.parent.name, []).append(Clip(pcm, text))
    return voices


class Examples:
    """Draws batches endlessly; the same clips and the same seed give the same ones."""

    def __init__(self, voices: Mapping[str, Sequence[Clip]], seed: int) -> None:
        """Make 260 noises of 10 s and 400 rooms (20 s, 0.2 GB). `voices` must not be empty."""
        self._rng = np.random.default_rng(seed)
        self._voices = list(voices.values())
        weights = np.sqrt([min(len(clips), ENOUGH) for clips in self._voices])
        self._weights = weights / weights.sum()
        self._noises = {
            kind: [make(PIECE_S * RATE_HZ, self._rng).astype(np.float32) for _ in range(count)]
            for kind, (make, count) in KINDS.items()
        }
        self._rooms = [room(self._rng).astype(np.float32) for _ in range(ROOMS)]

    def batch(self) -> Batch:
        """Return 64 s of pairs, all of one length, which is drawn anew each time."""
        samples = int(self._rng.choice(LENGTHS_S) * RATE_HZ)
        pairs = [self.pair(samples) for _ in range(BATCH_S * RATE_HZ // samples)]
        clean, noisy = (np.stack(side).astype(np.float32) for side in list(zip(*pairs, strict=True))[:2])
        return clean, noisy, tuple(pair.text for pair in pairs)

    def pair(self, samples: int) -> Pair:
        """Return one clip somewhere in `samples` of quiet: clean, and through a room, a microphone and noise."""
        clip = self._clip()
        clean, is_whole = self._place(clip.pcm * STEP, samples)
        if happens(0.5, self._rng):  # the microphone is the same for both sides
            clean = other_microphone(clean, self._rng)
        level = 10 ** (self._rng.uniform(SOFTEST_DB, LOUDEST_DB) / 20)
        clean *= level / active_rms(clean)
        noisy = clean
        if happens(0.25, self._rng):
            noisy = self._in_a_room(clean, level)
        kind = self._rng.choice(list(CHANCES), p=list(CHANCES.values()))
        if kind != "none":
            noise = self._babble(samples) if kind == "babble" else self._noise(kind, samples)
            under_db = self._rng.uniform(LOUDEST_NOISE_DB.get(kind, 0.0), SOFTEST_NOISE_DB)
            noisy = noisy + noise * (level * 10 ** (-under_db / 20) / (np.sqrt((noise**2).mean()) + SILENT))
        softer = min(1.0, MOST / max(np.abs(noisy).max(), np.abs(clean).max()))
        dither = self._rng.integers(-1, 2, samples) * STEP  # digital silence, which no microphone gives, is unwanted
        return Pair(clean * softer + dither, noisy * softer + dither, clip.text if is_whole else "")

    def _clip(self) -> Clip:
        """Draw a clip of a voice; a voice with four times the clips is drawn twice as often."""
        clips = self._voices[int(self._rng.choice(len(self._voices), p=self._weights))]
        return clips[int(self._rng.integers(len(clips)))]

    def _place(self, wave: Wave, samples: int) -> tuple[Wave, bool]:
        """Place the clip, often faster and higher or slower and deeper (0.88 to 1.14), at random; cut it if too long.

        Returns true beside it if it was not cut.
        """
        if happens(0.7, self._rng):
            wave = np.interp(np.arange(0, len(wave) - 1, self._rng.uniform(0.88, 1.14)), np.arange(len(wave)), wave)
        room_for = samples - round(BEFORE_AND_AFTER_S * RATE_HZ)
        is_whole = len(wave) <= room_for
        if not is_whole:
            start = self._rng.integers(0, len(wave) - room_for + 1)
            wave = wave[start : start + room_for]
        placed, at = np.zeros(samples), self._rng.integers(0, samples - len(wave) + 1)
        placed[at : at + len(wave)] = wave
        return placed, is_whole

    def _in_a_room(self, clean: Wave, level: float) -> Wave:
        """Put the voice into a room, half of the time as if the person had turned away; at the same level."""
        wave = fftconvolve(clean, self._rooms[self._rng.integers(ROOMS)])[: len(clean)]
        if happens(0.5, self._rng):
            wave = 0.6 * np.convolve(wave, [0.25, 0.5, 0.25], "same") + 0.4 * wave
        return np.asarray(wave * (level / active_rms(wave)))

    def _noise(self, kind: str, samples: int) -> Wave:
        """Return a stretch of synthetic noise; one in five has steady noise besides."""
        noise = self._stretch(kind, samples)
        if happens(0.2, self._rng):
            noise = noise + level_1(self._stretch("coloured", samples)) * self._rng.uniform(0.2, 1)
        return noise

    def _stretch(self, kind: str, samples: int) -> Wave:
        pieces = self._noises[kind]
        piece = pieces[self._rng.integers(len(pieces))]
        start = self._rng.integers(0, len(piece) - samples + 1)
        return piece[start : start + samples].astype(np.float64)

    def _babble(self, samples: int) -> Wave:
        """Mix two to six of the voices, each saying clip after clip."""
        together = np.zeros(samples)
        for _ in range(self._rng.integers(2, 7)):
            said = np.zeros(0)
            while len(said) < samples:
                clip = self._clip().pcm * STEP
                said = np.concatenate([said, clip / active_rms(clip)])
            together += said[:samples] * self._rng.uniform(0.4, 1)
        return together


def _texts(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)  # type: ignore[misc]


def _at_16_khz(wave: npt.NDArray[np.float32], rate_hz: int) -> npt.NDArray[np.float32]:
    if rate_hz == RATE_HZ:
        return wave
    both = gcd(rate_hz, RATE_HZ)
    return np.asarray(resample_poly(wave, RATE_HZ // both, rate_hz // both), np.float32)
