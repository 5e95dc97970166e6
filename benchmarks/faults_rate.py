"""Rates that nobody expects, and a library that takes the sound card: see docs/faults.md, "Wrong rate".

    .venv/bin/python -m benchmarks.faults_rate [MANIFEST.jsonl] [--every N]

Rates: a microphone that takes no rate but its own. Every Nth command of the manifest is resampled to that rate, goes
through the application's microphone as the device's callback gives it, and is heard by the real ear; how many are
understood, per rate. A device that takes no rate at all has to be refused with words. Wrong rates: rates that are none,
as a device or a file may claim them, each in a process of its own with ten seconds: refused with words, heard all the
same, or hung. Libraries: the session's voice of the operating system says ten sentences, and the libraries of this
process and of its child are looked at: espeak-ng's may be in the child only.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
import soundfile
import soxr

from assistant.capture.microphone import Microphone
from assistant.capture.wav_file import WavFile
from assistant.decode.recogniser import Recogniser
from assistant.errors import TuinaError
from assistant.interpret import Interpreter
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent, Said
from assistant.speak.pyttsx3_voice import Pyttsx3Voice
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.hear_recording import legal_for
from assistant.wire.processes.proxies import ChildVoice

ROOT = Path(__file__).parents[1]
RATES_HZ = (8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000)
NO_RATES = (0.0, -1.0, 1.0, 3_999.0, 1e9, float("inf"), float("nan"))
QUIET_S = 1.0
PATIENCE_S = 10.0
SENTENCES = 10
Answer: TypeAlias = "Connection[str, str]"
FINE = SimpleNamespace(input_overflow=False)


class Machine:
    """A microphone that takes one rate, with the sounddevice module's interface."""

    class PortAudioError(Exception):
        """Stands for sounddevice's error."""

    default = SimpleNamespace(device=(0, -1))

    def __init__(self, rate_hz: float, channels: int = 1, *, takes: bool = True) -> None:
        """Take its own rate; unless it `takes` that, it accepts none."""
        self._rate_hz, self._channels, self._takes = rate_hz, channels, takes
        self.callback: Callable[..., None] = lambda *_: None

    def query_hostapis(self) -> list[dict[str, str]]:
        """Return one host."""
        return [{"name": "fake"}]

    def query_devices(self) -> list[dict[str, Any]]:
        """Return one microphone."""
        inputs = {"max_input_channels": self._channels, "max_output_channels": 0}
        return [{"name": "Mic", "hostapi": 0, "default_samplerate": self._rate_hz, **inputs}]

    def check_input_settings(self, *, samplerate: float, channels: int, **_: object) -> None:
        """Accept only its own rate and channels."""
        if not self._takes or samplerate != self._rate_hz or channels != self._channels:
            raise self.PortAudioError("Invalid sample rate")

    def RawInputStream(self, *, callback: Callable[..., None], **_: object) -> SimpleNamespace:
        """Return a stream that is called by hand."""
        self.callback = callback
        return SimpleNamespace(start=lambda: None, close=lambda: None, latency=0.06)


def through_a_microphone(pcm: np.ndarray, rate_hz: int, channels: int) -> Iterator[AudioBlock]:
    """Yield a recording's blocks after such a microphone."""
    machine, given = Machine(rate_hz, channels), []
    microphone = Microphone(None, lambda frames, at_s: given.append((frames, at_s)), sound=machine)
    microphone.start()
    quiet = np.zeros(round(QUIET_S * EAR_RATE_HZ), np.int16)
    wave = soxr.resample(np.concatenate([quiet, pcm, quiet]), EAR_RATE_HZ, rate_hz, quality="VHQ")
    step = round(rate_hz * BLOCK_S)
    for start in range(0, len(wave) - step + 1, step):
        block = np.repeat(wave[start : start + step, None], channels, axis=1)
        machine.callback(block.astype("<i2").tobytes(), step, None, FINE)
    for frames, at_s in given:
        yield from microphone.blocks_of(frames, at_s)


def understood(ear: Recogniser, interpreter: Interpreter, blocks: Iterator[AudioBlock]) -> set[Intent]:
    """Return every command that is heard in the blocks."""
    ear.reset()
    ear.expect(legal_for(None))
    heard: list[Heard] = [one for block in blocks for one in ear.feed(block) if one.is_final]
    events = [
        event for one in (*heard, *ear.finish()) for event in interpreter.understand(one, frozenset(Intent), one.end_s)
    ]
    return {event.intent for event in events if isinstance(event, Said)}


def rates(manifest: Path, every: int) -> None:
    """A microphone that takes no rate but its own."""
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["kind"] == "command"][::every]
    nowhere = Folders(config=Path("nowhere"), data=Path("nowhere"), cache=Path("nowhere"))
    settings = Settings(engine="phonetic")
    loaded = build.load_files(settings, nowhere)
    ear = build.ear("phonetic", settings, nowhere, loaded.phrases)
    interpreter = Interpreter(loaded.phrases, loaded.pack)
    for rate_hz, channels in (*((rate_hz, 1) for rate_hz in RATES_HZ), (44_100, 2), (48_000, 2)):
        right = 0
        for row in rows:
            pcm, _ = soundfile.read(manifest.parent / row["file"], dtype="int16")
            found = understood(ear, interpreter, through_a_microphone(pcm, rate_hz, channels))
            right += row["intent"] in {one.value for one in found}
        print(f"rate  {rate_hz:6d} Hz, {channels} channels: {right} of {len(rows)} commands", flush=True)


def _open(rate_hz: float, answer: Answer) -> None:
    answer.send(_told(lambda: Microphone(None, lambda *_: None, sound=Machine(rate_hz)).start()))


def _refuse(_: float, answer: Answer) -> None:
    answer.send(_told(lambda: Microphone(None, lambda *_: None, sound=Machine(48_000, takes=False)).start()))


def _read(rate_hz: float, answer: Answer) -> None:
    def read() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "odd.wav"
            soundfile.write(path, np.ones(16_000, np.int16), 16_000)
            data = bytearray(path.read_bytes())
            data[24:28] = (int(rate_hz) & 0xFFFFFFFF).to_bytes(4, "little")
            path.write_bytes(data)
            for _ in WavFile(path).blocks():
                """A session would hear it."""

    answer.send(_told(read))


def _told(act: Callable[[], object]) -> str:
    try:
        act()
    except TuinaError as error:
        return f"refused: {error}"
    except Exception as error:  # noqa: BLE001 - what is looked for
        return f"BROKE: {type(error).__name__}: {error}"
    return "taken"


def no_rates() -> None:
    """Rates that are none, and a device that takes nothing."""
    told = [("a device that takes no rate", in_time(_refuse, 0.0))]
    for rate_hz in NO_RATES:
        told.append((f"a device of {rate_hz:g} Hz", in_time(_open, rate_hz)))
        if np.isfinite(rate_hz):
            told.append((f"a file of {rate_hz:g} Hz", in_time(_read, rate_hz)))
    for what, answer in told:
        print(f"wrong rate  {what}: {answer}")
    bad = [what for what, answer in told if not answer.startswith("refused")]
    print(f"wrong rates  {len(told)} cases, not refused with words: {bad or 'none'}", flush=True)


def in_time(act: Callable[[float, Answer], None], rate_hz: float) -> str:
    """Return the answer of a separate process, or a note that it hung or died."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=act, args=(rate_hz, there))
    process.start()
    answer = str(here.recv()) if here.poll(PATIENCE_S) else "HUNG"
    process.kill()
    process.join()
    return answer


def libraries(pid: int) -> int:
    """Return the number of mappings of espeak-ng's library in a process."""
    return Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").count("libespeak")


def espeak() -> None:
    """The libraries of this process and of the voice's child."""
    voice = ChildVoice(Pyttsx3Voice, "en")
    for number in range(SENTENCES):
        voice.synthesise(f"Sentence {number}.")
    children = [process.pid for process in multiprocessing.active_children() if process.pid]
    held = sum(map(libraries, children))
    print(
        f"libraries  libespeak-ng mapped: {libraries(os.getpid())} times here, {held} in {len(children)} child",
        flush=True,
    )
    voice.close()


def main() -> None:
    """Measure all three rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path, nargs="?", default=ROOT / "tests" / "data" / "speech" / "manifest.jsonl")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    asked = parser.parse_args()
    no_rates()
    espeak()
    rates(asked.manifest, asked.every)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
