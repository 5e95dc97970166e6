"""Makes speech for training: every installed voice says phrases of the grammar and random words.

    python scripts/adapt_to_noise/speech.py FOLDER [--clips N] [--voice NAME]... [--prose FILE]...

Writes FOLDER/VOICE/00000.flac and so on (16 kHz mono, int16) and FOLDER/VOICE/texts.tsv (file, text). The clips of one
voice are the same in every run. The training reads the texts too.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from voices import Sound, Speak, installed_voices
from wordfreq import top_n_list, word_frequency

from assistant.interpret import expand
from assistant.store.library import load

RATE_HZ = 16_000
OF_THE_GRAMMAR = 0.25  # of the near misses: three in four are made, as the grammar's are few
CLIPS = 2_000  # a voice
WORDS = 25_000  # the commonest of English, each drawn by the root of its frequency: rare ones too, but not often
MOST_WORDS = 7  # of a text
LENGTHS = {1: 28, 2: 28, 3: 24, 4: 20}  # words of a text that is drawn at random, and how often (per cent)
SHARES = {"words": 45, "prose": 30, "commands": 12.5, "near": 12.5}  # per cent of the texts; without prose, of the rest
SLOWEST, FASTEST = 0.8, 1.3  # times a voice's own speed
LEVEL_DB = -24  # RMS of the loud frames under full scale; the examples set a level of their own
FRAME = 160  # samples, 10 ms
EDGE_DB, FLOOR_DB, LOUD_DB = (
    -42,
    -75,
    -30,
)  # the start of a clip, under its peak or full scale; the frames of its level
BEFORE, AFTER = 6, 8  # frames that are kept around it, so that no soft edge is cut off
MOST = 0.97  # of full scale


class Texts:
    """Draws texts of one to seven lower-case words."""

    def __init__(self, prose: Sequence[Path]) -> None:
        """Read the shipped English grammar, and files of prose as plain text. Raises OSError, UnicodeDecodeError."""
        pack = load("en", user_folder=None).pack
        self._phrases = [phrase.text for phrase in expand(pack)]
        self._near = [_plain(miss) for command in pack.commands.values() for miss in command.near_misses]
        self._words = [word for word in top_n_list("en", WORDS) if re.fullmatch(r"[a-z]{2,}(?:'[a-z]+)?|[ai]", word)]
        self._often = [word_frequency(word, "en") ** 0.5 for word in self._words]
        parts = [part.split() for path in prose for part in _parts(path.read_text(encoding="utf-8"))]
        self._prose = [part for part in parts if len(part) > 1]
        self._shares = {kind: share for kind, share in SHARES.items() if kind != "prose" or self._prose}

    def draw(self, rng: random.Random) -> str:
        """Draw one text."""
        kind = rng.choices(list(self._shares), list(self._shares.values()))[0]
        if kind == "words":
            words = self._at_random(rng, rng.choices(list(LENGTHS), list(LENGTHS.values()))[0])
        elif kind == "commands":
            words = rng.choice(self._phrases).split()
        elif kind == "prose":
            words = rng.choice(self._prose)
        else:
            words = self._beside(rng)
        long = min(len(words), rng.randint(2, MOST_WORDS) if kind == "prose" else MOST_WORDS)
        start = rng.randint(0, len(words) - long)
        return " ".join(words[start : start + long])

    def _beside(self, rng: random.Random) -> list[str]:
        """Draw a near miss of the grammar, or a phrase with one word exchanged or added."""
        if rng.random() < OF_THE_GRAMMAR:
            return rng.choice(self._near).split()
        words, other = rng.choice(self._phrases).split(), self._at_random(rng, 1)
        at = rng.randrange(len(words))
        return words[:at] + other + words[at + (len(words) > 1) :]

    def _at_random(self, rng: random.Random, count: int) -> list[str]:
        return rng.choices(self._words, self._often, k=count)


def main() -> None:
    """Write the clips of each voice that is requested and installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=CLIPS, help=f"of each voice ({CLIPS})")
    parser.add_argument("--voice", action="append", help="this voice only; may be given more than once")
    parser.add_argument("--prose", type=Path, action="append", default=[], help="a text file to cut phrases from")
    asked = parser.parse_args()
    voices = installed_voices()
    names = asked.voice or list(voices)
    if not names or set(names) - set(voices):
        sys.exit(f"voices that are installed: {', '.join(voices) or 'none'}")
    texts = Texts(asked.prose)
    for name in names:
        seconds = say_all(voices[name](), texts, asked.clips, asked.folder / name)
        print(f"{name}: {seconds / 60:.1f} minutes", flush=True)


def say_all(speak: Speak, texts: Texts, clips: int, folder: Path) -> float:
    """Write so many clips of one voice; return their seconds. Texts that the voice says without sound are skipped."""
    folder.mkdir(parents=True, exist_ok=True)
    seconds = 0.0
    with tempfile.TemporaryDirectory() as scratch, (folder / "texts.tsv").open("w", encoding="utf-8") as list_of_texts:
        for n in range(clips):
            rng = random.Random(f"{folder.name} {n}")
            text = texts.draw(rng)
            clip = finish(speak(text, rng.uniform(SLOWEST, FASTEST), rng, Path(scratch)), rng)
            if clip is None:
                print(f"{folder.name} says nothing to '{text}'", file=sys.stderr)
                continue
            soundfile.write(folder / f"{n:05d}.flac", clip, RATE_HZ, subtype="PCM_16")
            list_of_texts.write(f"{n:05d}.flac\t{text}\n")
            seconds += len(clip) / RATE_HZ
    return seconds


def finish(sound: Sound, rng: random.Random) -> npt.NDArray[np.float32] | None:
    """Return the clip at 16 kHz and one level, 0.1 to 0.4 s of digital silence on each side; None without sound."""
    wave = np.asarray(sound.wave, np.float32)
    if not len(wave):
        return None
    wave = soxr.resample(wave - wave.mean(), sound.rate_hz, RATE_HZ)
    frames = wave[: len(wave) // FRAME * FRAME].reshape(-1, FRAME)
    levels_db = 10 * np.log10((frames**2).mean(1) + 1e-12)
    if not len(levels_db) or levels_db.max() < FLOOR_DB:
        return None
    heard = np.flatnonzero(levels_db > max(levels_db.max() + EDGE_DB, FLOOR_DB))
    wave = wave[max(0, heard[0] - BEFORE) * FRAME : (heard[-1] + 1 + AFTER) * FRAME]
    loud = levels_db[levels_db > levels_db.max() + LOUD_DB]
    gain = min(10 ** (LEVEL_DB / 20) / np.sqrt((10 ** (loud / 10)).mean()), MOST / np.abs(wave).max())
    quiet = [round(rng.uniform(0.1, 0.4) * RATE_HZ) for _ in range(2)]
    return np.asarray(np.pad(wave * gain, quiet), np.float32)


def _parts(text: str) -> Iterator[str]:
    """Yield the words between two stops, without punctuation."""
    for part in re.split(r"[.;:!?,()\"\d“”]+|--+|\n\s*\n", text):
        yield _plain(part)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower().replace("’", "'")))


if __name__ == "__main__":
    main()
