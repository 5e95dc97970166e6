"""Reads a recording (WAV or FLAC) as the blocks that a microphone would give. Never paces, plays or writes.

Long files are read in pieces, so memory does not grow with their length. The same file always gives the same blocks.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import soundfile

from assistant.capture.reblock import Reblock, check_rate, mix_to_mono
from assistant.errors import BadAudio
from assistant.messages import AudioBlock

RECORDINGS = (".wav", ".flac")  # file endings accepted in place of a microphone
MOST_CHANNELS = 8  # 7.1 sound; more is a damaged header or no recording of a person
PIECE_FRAMES = 4_096  # one FLAC frame: the most that a damaged place costs
UNKNOWN_LENGTH = 0x7FFF_F000  # sox, espeak-ng and ffmpeg write this or more when they stream; it is no length
RIFF_HEAD = struct.Struct("<4sI4s")
CHUNK_HEAD = struct.Struct("<4sI")
FMT_RATE = struct.Struct("<8xI")  # bytes a second, inside "fmt "
REMEDY = "record it again, or convert it: sox INPUT -r 16000 -c 1 -b 16 OUTPUT.wav"


class WavFile:
    """A Source: a WAV or FLAC of any usual rate, depth and channel count as 16 kHz mono blocks, the last one padded."""

    problem: str
    """Fault of a file that was read all the same ("cut short: …"); final once the blocks have ended."""

    def __init__(self, path: Path) -> None:
        """Read the file's header. Raises BadAudio if it is missing, empty, without sound, or no WAV or FLAC."""
        self._path = path
        self.problem = ""
        with _opened(path) as file:
            self.problem = missing_sound(file)
            with _decoded(file, path) as sound:
                check_rate(sound.samplerate, where=str(path))
                if sound.channels > MOST_CHANNELS:
                    raise BadAudio(f"{sound.channels} channels", where=str(path), remedy="mix it down to one channel")
                if sound.frames == 0:
                    raise BadAudio("no sound in the file" + self._because(), where=str(path), remedy=REMEDY)
                self._frames = sound.frames if sound.frames < 2**62 else 0  # FLAC from a stream: length unknown
                self._rate_hz = int(sound.samplerate)

    @property
    def seconds(self) -> float:
        """Return the duration by the header; 0 where the header does not say."""
        return self._frames / self._rate_hz

    def blocks(self) -> Iterator[AudioBlock]:
        """Return every block from the start; callable again. Raises BadAudio before the first block, never later."""
        with _opened(self._path) as file, _decoded(file, self._path) as sound:
            reblock = Reblock(int(sound.samplerate))
            frames_read = 0
            while True:
                try:
                    piece = sound.read(PIECE_FRAMES, dtype="float32", always_2d=True)
                except soundfile.LibsndfileError as damage:
                    if not frames_read:
                        raise BadAudio(damage.error_string, where=str(self._path), remedy=REMEDY) from damage
                    self.problem = f"damaged after {frames_read / sound.samplerate:.1f} s ({damage.error_string})"
                    break
                if not len(piece):
                    break
                frames_read += len(piece)
                yield from reblock.push(mix_to_mono(piece))
            if frames_read < self._frames and not self.problem:
                self.problem = f"cut short: {frames_read} of {self._frames} samples"
            yield from reblock.flush()

    def _because(self) -> str:
        return f" ({self.problem})" if self.problem else ""


def missing_sound(file: BinaryIO) -> str:
    """Say in words how much of the sound that a WAV header promises is missing; empty if none is.

    libsndfile shortens such a file silently, so the chunks of the RIFF header are read here.
    """
    size = file.seek(0, os.SEEK_END)
    bytes_a_second = 0
    problem = ""
    place = RIFF_HEAD.size if _magic(file) == b"RIFF" else size
    while place + CHUNK_HEAD.size + FMT_RATE.size <= size:
        file.seek(place)
        name, length = CHUNK_HEAD.unpack(file.read(CHUNK_HEAD.size))
        place += CHUNK_HEAD.size
        if name == b"fmt ":
            (bytes_a_second,) = FMT_RATE.unpack(file.read(FMT_RATE.size))
        elif name == b"data":
            if place + length > size and length < UNKNOWN_LENGTH and bytes_a_second:
                has_s, said_s = (size - place) / bytes_a_second, length / bytes_a_second
                problem = f"cut short: {has_s:.1f} s of the {said_s:.1f} s that its header promises"
            break
        place += length + length % 2
    file.seek(0)
    return problem


def _magic(file: BinaryIO) -> bytes:
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    return magic


def _opened(path: Path) -> BinaryIO:
    """Open the file if it is an ordinary one and begins like a WAV or FLAC. Raises BadAudio."""
    where = str(path)
    if path.is_dir():
        raise BadAudio("this is a folder", where=where, remedy="name a WAV or FLAC file in it")
    if path.exists() and not path.is_file():
        raise BadAudio("this is not an ordinary file", where=where, remedy="name a WAV or FLAC file")
    try:
        file = path.open("rb")
        magic = _magic(file)
    except OSError as error:
        raise BadAudio(error.strerror or "cannot be read", where=where, remedy="check the name of the file") from error
    if magic in (b"RIFF", b"RIFX", b"RF64", b"fLaC"):
        return file
    file.close()
    what = "the file is empty" if not magic else "neither a WAV nor a FLAC file"
    raise BadAudio(what, where=where, remedy=REMEDY)


def _decoded(file: BinaryIO, path: Path) -> soundfile.SoundFile:
    try:
        # A wrapper without a name: soundfile takes a name like "x.raw" for headerless sound and asks for a rate.
        return soundfile.SoundFile(_Nameless(file))
    except soundfile.LibsndfileError as error:
        raise BadAudio(f"damaged header ({error.error_string})", where=str(path), remedy=REMEDY) from error


class _Nameless:
    """The calls that libsndfile makes on a file, without a name from which soundfile would guess the format."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.tell = file.tell
        self.read = file.read
        self.readinto = file.readinto  # type: ignore[attr-defined]
        self.write = file.write

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move, or stay where a damaged header leads before the beginning: an error would be printed, and ignored."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError):
            return self._file.tell()
