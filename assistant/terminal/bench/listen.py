"""Runs one clip through one ear in a worker process: results, their times and cost. Judges nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from assistant.capture.wav_file import WavFile
from assistant.decode.typed_engine import heard_from_line
from assistant.errors import BadAudio
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock, Heard, Intent, Pcm
from assistant.terminal.bench.ears import BenchEar, EarSpec, make_ear
from assistant.terminal.bench.manifest import Meaning
from assistant.terminal.bench.noise import Condition, Noises, read_clip
from assistant.terminal.bench.told import Told
from assistant.terminal.bench.word_end import word_end_s
from assistant.wire.hear_recording import AFTER_S, BEFORE_S, BLOCK

LONGEST_WORD_S = 30.0  # a command; in longer clips the end of a word is not looked for

LINE_S = 10.0  # between two typed lines
IDLE_S = 60.0
SILENT_ROOM, STEADY_NOISE = 1.0, 100.0  # rms in int16 steps: -90 and -50 dBFS, a good microphone and a fan


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One clip in one condition."""

    file: str
    """The name in the manifest."""
    path: Path | None
    """The recording; None: the text is typed."""
    text: str
    clean: Path | None
    """The same words without noise, at the same position; None: the clip itself, or unknown."""
    state: str | None
    mix: Condition | None
    word_end_s: float | None
    """The end of the word, where the manifest knows it."""
    is_timed: bool
    """True for a command, whose end is looked for."""
    is_clean: bool
    """True if the clip itself is without noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utter:
    """One answer of the ear, with times from the start of the clip."""

    heard: Heard
    told: Told
    """The action of the session."""
    meaning: Meaning | None
    """The meaning of the words, believed or not."""
    is_legal: bool
    """True if that meaning is legal."""
    acted_s: float
    """Position in the sound when the answer came."""
    cpu_s: float
    """Processor time of the block that gave it."""

    @property
    def accepted(self) -> bool:
        """True if the session would act."""
        return bool(self.told.did)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardClip:
    """One ear's result for one clip."""

    utters: tuple[Utter, ...] = ()
    seconds: float = 0.0
    """Duration of the clip."""
    fed_s: float = 0.0
    """Duration of the clip with the quiet around it."""
    cpu_s: float = 0.0
    word_end_s: float | None = None
    problem: str = ""
    """Reason why the clip could not be used; all else is empty then."""


class Listener:
    """The object in the worker: an ear, and the noises read so far."""

    def __init__(self, spec: EarSpec) -> None:
        """Load and teach the ear."""
        self.bare_mb = peak_mb()
        began, began_cpu = time.perf_counter(), time.process_time()
        self._ear: BenchEar = make_ear(spec)
        self.load_s, self.load_cpu_s = time.perf_counter() - began, time.process_time() - began_cpu
        self._noises = Noises()
        self._fed_s = 0.0  # by all clips: the interpreter's time goes on from one to the next, as in a session

    def hear(self, task: Task) -> HeardClip:
        """Run the clip through the ear; a broken clip gives a result with a problem."""
        try:
            return self._type(task) if task.path is None else self._hear(task, task.path)
        except BadAudio as error:
            return HeardClip(problem=str(error))

    def costs(self) -> dict[str, float | None]:
        """Return load time, peak memory (`bare`: before the ear was loaded), and the cost of listening."""
        return {
            "load_s": self.load_s,
            "load_cpu_s": self.load_cpu_s,
            "bare_mb": self.bare_mb,
            "peak_mb": peak_mb(),
            "idle_cpu_per_s": self._idle(SILENT_ROOM),
            "idle_in_noise_cpu_per_s": self._idle(STEADY_NOISE),
        }

    def _idle(self, level: float) -> float | None:
        """Return processor seconds for a second without speech; `level` is the room's noise in int16 steps (RMS)."""
        recogniser = self._ear.recogniser
        if recogniser is None:
            return None
        rng, count = np.random.default_rng(0), round(IDLE_S / BLOCK_S)
        blocks = [(rng.standard_normal(BLOCK) * level).astype(np.int16) for _ in range(count)]
        recogniser.reset()
        began = time.process_time()
        for n, pcm in enumerate(blocks):
            recogniser.feed(AudioBlock(pcm=pcm, rate_hz=EAR_RATE_HZ, at_s=n * BLOCK_S))
        return (time.process_time() - began) / IDLE_S

    def _type(self, task: Task) -> HeardClip:
        legal = self._ear.expect(task.state)
        utters, _ = self._taken(lambda: (heard_from_line(task.text, 0.0),), legal, 0.0)
        self._fed_s += LINE_S
        return HeardClip(utters=tuple(utters))

    def _hear(self, task: Task, path: Path) -> HeardClip:
        recogniser = self._ear.recogniser
        if recogniser is None:
            raise BadAudio("no ear is loaded for it", where=str(path), remedy="Measure typed lines alone")
        legal = self._ear.expect(task.state)
        file = WavFile(path)
        pcm = None if task.mix is None else read_clip(path)
        seconds = file.seconds if pcm is None else len(pcm) / EAR_RATE_HZ
        word_end = self._word_end(task, path, pcm) if task.is_timed and seconds <= LONGEST_WORD_S else None
        recogniser.reset()
        utters: list[Utter] = []
        blocks, cpu_s = 0, 0.0
        for pcm_block in _with_quiet(self._sound(task, file, pcm)):
            block = AudioBlock(pcm=pcm_block, rate_hz=EAR_RATE_HZ, at_s=blocks * BLOCK_S)
            blocks += 1
            some, spent = self._taken(partial(recogniser.feed, block), legal, blocks * BLOCK_S)
            utters, cpu_s = utters + some, cpu_s + spent
        some, spent = self._taken(recogniser.finish, legal, blocks * BLOCK_S)
        fed_s = blocks * BLOCK_S
        self._fed_s += fed_s
        if file.problem:
            raise BadAudio(file.problem, where=str(path), remedy="Copy or record it again")
        return HeardClip(
            utters=(*utters, *some),
            seconds=seconds or fed_s - BEFORE_S - AFTER_S,
            fed_s=fed_s,
            cpu_s=cpu_s + spent,
            word_end_s=word_end,
        )

    def _sound(self, task: Task, file: WavFile, pcm: Pcm | None) -> Iterator[Pcm]:
        if task.mix is None or pcm is None:
            return (block.pcm for block in file.blocks())
        return _blocks(self._noises.mixed(pcm, task.file, task.mix))

    def _taken(
        self, give: Callable[[], Sequence[Heard]], legal: frozenset[Intent], fed_s: float
    ) -> tuple[list[Utter], float]:
        """Return what the ear gives after `fed_s` seconds of the clip, and the processor time that it took."""
        began = time.process_time()
        told = [(heard, self._ear.understand(self._later(heard), legal)) for heard in give()]
        spent = time.process_time() - began
        return [self._utter(heard, one, legal, fed_s, spent) for heard, one in told], spent

    def _later(self, heard: Heard) -> Heard:
        return replace(heard, at_s=heard.at_s + self._fed_s, end_s=heard.end_s + self._fed_s)

    def _utter(self, heard: Heard, told: Told, legal: frozenset[Intent], fed_s: float, cpu_s: float) -> Utter:
        meaning = self._ear.meaning(heard.text) if heard.text else None
        is_legal = meaning is not None and (self._ear.is_foreign or meaning[0] in legal)
        return Utter(heard=heard, told=told, meaning=meaning, is_legal=is_legal, acted_s=fed_s - BEFORE_S, cpu_s=cpu_s)

    def _word_end(self, task: Task, path: Path, pcm: Pcm | None) -> float | None:
        """Return the end of the word: the manifest's, else that in the clip without noise; None without one."""
        if task.word_end_s is not None:
            return task.word_end_s
        if task.clean is not None and task.clean.is_file():
            return word_end_s(read_clip(task.clean))
        if not task.is_clean:
            return None
        return word_end_s(read_clip(path) if pcm is None else pcm)


def peak_mb() -> float | None:
    """Return the peak memory of this process in MB; None on Windows, which does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1e6 if sys.platform == "darwin" else 1e3)


def _blocks(pcm: Pcm) -> Iterator[Pcm]:
    whole = np.concatenate([pcm, np.zeros(-len(pcm) % BLOCK, np.int16)])
    yield from whole.reshape(-1, BLOCK)


def _with_quiet(sound: Iterator[Pcm]) -> Iterator[Pcm]:
    """Put quiet around the sound, as `tuina hear` does: clips are often cut at the word."""
    quiet: Pcm = np.zeros(BLOCK, np.int16)
    yield from [quiet] * round(BEFORE_S / BLOCK_S)
    yield from sound
    yield from [quiet] * round(AFTER_S / BLOCK_S)
