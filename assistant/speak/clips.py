"""Caches rendered clips in memory and, given a folder, on disk. The only file writer of this room.

A file's name is the hash of everything that determines its sound, its first line the hash of its samples; a file
that does not match is rendered again. When the disk fails, the session continues without it, and `disk_error`
says so. Several processes may share a folder: a file is put in its place whole, and may vanish at any time.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from assistant.messages import MOUTH_RATE_HZ, Clip
from assistant.speak.normalise import fade_out
from assistant.speak.voice import Voice

FORM = 2  # raise it when normalise.py changes what a clip sounds like
DISK_BYTES = 64_000_000  # about 25 minutes of speech; every sentence of a full session takes under 20 MB
SAMPLE_BYTES = 2  # int16
MEMORY_BYTES = 8_000_000  # almost 3 minutes: the numbers and the sentences of two techniques; the disk is quick
SHARE = 0.9  # of a period that a number may fill, so that the next one sounds like a new word; an untried guess
# Faster is not clearer: of hibari's numbers one to sixty the phonetic ear got 60, 60, 59, 55, 54 and 42 right at the
# voice's own speed 1.0, 1.2, 1.4, 1.6, 1.8 and 2.0. Paced to 150 words a minute, 1.7 is about its own 1.4.
SPEEDS = (1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7)
FADE_S = 0.03  # of a number that is cut, so that it does not stop abruptly; an untried guess


class ClipCache:
    """Gives the clip of a text; it renders each text once."""

    def __init__(
        self,
        voice: Voice,
        folder: Path | None,
        *,
        disk_bytes: int = DISK_BYTES,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        """Keep clips in memory only when `folder` is None; a missing folder is made."""
        self.voice = voice
        self.folder = folder
        self.disk_error = ""
        """The last error of the disk; empty when it works. The session says it once and continues."""
        self.rendered = 0
        """Number of times that the voice rendered a text."""
        self._disk_bytes, self._memory_bytes = disk_bytes, memory_bytes
        self._memory: OrderedDict[str, Clip] = OrderedDict()
        self._held = 0

    def get(self, text: str, speed: float = 1.0) -> Clip:
        """Return the sentence at that speed, as read-only samples. Raises VoiceError; never for the disk."""
        key = self._key(text, speed)
        clip = self._memory.get(key) or self._read(key)
        if clip is None:
            clip = self.voice.synthesise(text, speed=speed)
            self.rendered += 1
            key = self._key(text, speed)  # a chain of voices may have moved to its next voice to say it
            self._write(key, clip)
        self._hold(key, clip)
        return clip

    def number(self, text: str, period_s: float, speed: float = 1.0) -> Clip:
        """Return a number word at that speed; if it overfills nine tenths of the period, faster, or cut with a fade."""
        room_s = SHARE * period_s
        clip = self.get(text, speed)
        needed = speed * clip.seconds / room_s  # or less: the length falls faster than the speed rises
        for faster in (one for one in SPEEDS if one >= min(needed, SPEEDS[-1])):
            if clip.seconds <= room_s:
                return clip
            clip = self.get(text, faster)
        if clip.seconds <= room_s:
            return clip
        kept = max(1, int(room_s * clip.rate_hz))
        return Clip(pcm=fade_out(clip.pcm[:kept], round(FADE_S * clip.rate_hz)), rate_hz=clip.rate_hz)

    def rest(self) -> None:
        """Let the voice free the memory that only new sentences need, if it can; the clips stay."""
        give_back = getattr(self.voice, "rest", None)
        if give_back is not None:
            give_back()

    def _key(self, text: str, speed: float) -> str:
        parts = (str(FORM), self.voice.name, self.voice.version, f"{speed:.3f}", text)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _hold(self, key: str, clip: Clip) -> None:
        if key not in self._memory:
            clip.pcm.setflags(write=False)
            self._memory[key] = clip
            self._held += clip.pcm.nbytes
        self._memory.move_to_end(key)
        while self._held > self._memory_bytes and len(self._memory) > 1:
            _, oldest = self._memory.popitem(last=False)
            self._held -= oldest.pcm.nbytes

    # --- disk --------------------------------------------------------------------------------------------------------

    def _read(self, key: str) -> Clip | None:
        if self.folder is None:
            return None
        path = self.folder / f"{key}.clip"
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            if head != _head(body) or len(body) < SAMPLE_BYTES:
                return None
            os.utime(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._disk_failed(error)
            return None
        return Clip(pcm=np.frombuffer(body, dtype="<i2").astype(np.int16), rate_hz=MOUTH_RATE_HZ)

    def _write(self, key: str, clip: Clip) -> None:
        if self.folder is None:
            return
        body = clip.pcm.astype("<i2").tobytes()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(body))
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as part:
                try:
                    part.write(_head(body) + b"\n" + body)
                    part.close()
                    Path(part.name).replace(self.folder / f"{key}.clip")
                except FileNotFoundError:
                    return  # everything was forgotten in this moment
                except OSError:
                    Path(part.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            self._disk_failed(error)

    def _make_room(self, wanted: int) -> None:
        """Remove the least recently used clips, and partial files that a crash left."""
        files = sorted(self._files(), reverse=True)
        for _, size, path in files:
            wanted += size
            if wanted > self._disk_bytes:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        if self.folder is None:
            return
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith((".clip", ".part")) and entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):  # another process has removed it in this moment
                        stat = entry.stat(follow_symlinks=False)
                        yield stat.st_mtime, stat.st_size, Path(entry.path)

    def _disk_failed(self, error: OSError) -> None:
        self.disk_error = f"{error.strerror or error}: {error.filename or self.folder}"


def _head(body: bytes) -> bytes:
    return b"tuina clip %d %s" % (FORM, hashlib.sha256(body).hexdigest().encode())
