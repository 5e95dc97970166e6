"""Takes from recordings, for a rehearsal without a microphone: a file's name gives its command.

"stop.wav", "stop-2.wav", "how-many-left 3.flac": the words, optionally with hyphens for spaces, and a number that only
counts. One file may hold several takes with pauses between them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from assistant.capture.wav_file import RECORDINGS, WavFile
from assistant.decode.segment import Segmenter, Utterance
from assistant.errors import BadAudio, UnknownName
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Pcm
from assistant.terminal.acoustics.room import RoomMeter

QUIET_S = 0.8  # around the file: longer than the pre-roll before it, and the long pause after it
BLOCK = round(BLOCK_S * EAR_RATE_HZ)
_COUNT = re.compile(r"[ (]*\d+\)?$")


def files_in(folder: Path) -> tuple[Path, ...]:
    """Return every recording in the folder, sorted by name. Raises BadAudio if there is none."""
    found = tuple(sorted(path for path in folder.glob("*") if path.suffix.lower() in RECORDINGS))
    if not found:
        raise BadAudio("no recording in this folder", where=str(folder), remedy="Put stop-1.wav, stop-2.wav, ... there")
    return found


def takes_in(
    files: Sequence[Path], texts: Collection[str], word: str | None = None, meter: RoomMeter | None = None
) -> dict[str, list[Utterance]]:
    """Return the utterances in the files, for each command in the order of the files; `word`: the command of all files.

    `meter` measures their levels.

    A file without a voice gives nothing. Raises UnknownName for a name that is no command, BadAudio for no recording.
    """
    segmenter = Segmenter()
    meter = meter or RoomMeter()
    found: dict[str, list[Utterance]] = {}
    for path in files:
        text = word or command_of(path, texts)
        segmenter.reset()
        found.setdefault(text, []).extend(utterances(_with_quiet(WavFile(path)), segmenter, meter))
        meter.pause()
    return found


def command_of(path: Path, texts: Collection[str]) -> str:
    """Return the command in a file's name. Raises UnknownName."""
    plain = " ".join(re.sub(r"[-_]+", " ", path.stem.lower()).split())
    text = next((one for one in (plain, _COUNT.sub("", plain)) if one in texts), None)
    if text is None:
        remedy = "Name it after the words that are said in it, stop-1.wav for instance, or give them with --word"
        raise UnknownName(f"'{_COUNT.sub('', plain)}' is no command", where=str(path), remedy=remedy)
    return text


def utterances(
    blocks: Iterable[AudioBlock], segmenter: Segmenter, meter: RoomMeter | None = None
) -> Iterator[Utterance]:
    """Yield each utterance at the end of the long pause after it, so that nobody is interrupted between two words.

    `meter` receives every block as well.
    """
    meter = meter or RoomMeter()
    for block in blocks:
        meter.hear(block)
        for utterance in segmenter.feed(block):
            if utterance.is_over:
                meter.spoke(utterance)
                yield utterance
            else:
                segmenter.keep_open()
    for utterance in segmenter.finish():
        meter.spoke(utterance)
        yield utterance


def _with_quiet(file: WavFile) -> Iterator[AudioBlock]:
    quiet: list[Pcm] = [np.zeros(BLOCK, np.int16)] * round(QUIET_S / BLOCK_S)
    for n, pcm in enumerate(chain(quiet, (block.pcm for block in file.blocks()), quiet)):
        yield AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S)
