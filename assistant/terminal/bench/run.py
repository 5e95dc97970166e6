"""Runs every clip through every ear: worker processes, one ear in each, results in the order of the clips.

The number of workers changes only the time: a clip gives the same result in every worker.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.errors import EngineError, TuinaError
from assistant.terminal.bench.ears import TYPED, EarSpec, written_out
from assistant.terminal.bench.judge import JudgedClip, judged
from assistant.terminal.bench.listen import HeardClip, Listener, Task
from assistant.terminal.bench.manifest import LabelledClip
from assistant.terminal.bench.moments import state_of
from assistant.terminal.bench.noise import Condition
from assistant.wire.processes.child_process import Child

LOAD_S = 600.0  # a large grammar or model on a slow disk
CLIP_S = 120.0  # any clip, on a machine with other work
CLIP_SHARE = 20.0  # seconds of deadline for a second of sound: Vosk without a grammar takes 0.8

Costs = dict[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One clip in one condition, with its labels."""

    clip: LabelledClip
    condition: str
    state: str
    task: Task


@dataclass(slots=True, kw_only=True)
class Run:
    """One ear's results for all clips."""

    spec: EarSpec
    items: list[JudgedClip] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Clips that could not be used, with place and reason."""
    costs: Costs = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the ear's name for people."""
        return self.spec.name or self.spec.engine


def jobs_for(clips: Sequence[LabelledClip], mixes: Sequence[Condition | None], state: str | None) -> tuple[Job, ...]:
    """Return each clip in each condition, and each typed line once.

    A clip without speech gets no noise, since it has no speech level; a microphone hears it all the same.
    """
    return tuple(
        _job(clip, mix, state) for n, mix in enumerate(mixes) for clip in clips if n == 0 or clip.path is not None
    )


def _mix_of(clip: LabelledClip, mix: Condition | None) -> Condition | None:
    if clip.path is None or mix is None:
        return None
    return mix.without_noise() if clip.row.text == "" else mix


def _job(clip: LabelledClip, mix: Condition | None, state: str | None) -> Job:
    row = clip.row
    own = row.condition or "clean"
    name = TYPED if clip.path is None else own if mix is None else mix.name if own == "clean" else f"{own}-{mix.name}"
    where = state_of(row.state, state)
    task = Task(
        file=row.file or "",
        path=clip.path,
        text=row.text or "",
        clean=clip.manifest.parent / row.clean_file if row.clean_file else None,
        state=where,
        mix=_mix_of(clip, mix),
        word_end_s=row.word_end_s,
        is_timed=bool(row.wishes),
        is_clean=own == "clean",
    )
    return Job(clip=clip, condition=name, state=where or "", task=task)


def run(spec: EarSpec, jobs: Sequence[Job], workers: int, on_done: Callable[[], None]) -> Run:
    """Hear everything. `on_done` is called once a clip, from any thread.

    Raises EngineError where the ear cannot be made, or where a worker dies or hangs: then no figure would be valid.
    """
    crew = _Crew(written_out(spec), jobs, on_done)
    results = crew.work(min(workers, len(jobs)))
    found = Run(spec=spec, costs=crew.costs)
    for job, result in zip(jobs, results, strict=True):
        if result.problem:
            found.broken.append(f"{job.clip.where}: {result.problem}")
        else:
            found.items.append(judged(job.clip.row, job.condition, job.state, result))
    return found


class _Crew:
    """Threads that each drive one worker process and take the next clip."""

    def __init__(self, spec: EarSpec, jobs: Sequence[Job], on_done: Callable[[], None]) -> None:
        self._spec, self._jobs, self._on_done = spec, jobs, on_done
        self._left = iter(range(len(jobs)))
        self._lock = threading.Lock()
        self._results: dict[int, HeardClip] = {}
        self._error: BaseException | None = None
        self._children: list[Child] = []
        self.costs: Costs = {}

    def work(self, workers: int) -> list[HeardClip]:
        """Return all results in the order of the jobs."""
        self._children = [
            Child(
                Listener,
                self._spec,
                name=f"the ear '{self._spec.name or self._spec.engine}'",
                remedy="Leave this engine out to measure the others; tuina doctor looks for the cause",
                start_s=LOAD_S,
            )
            for _ in range(workers)
        ]
        threads = [threading.Thread(target=self._serve, args=(child,), daemon=True) for child in self._children]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)  # an unlimited join cannot be interrupted on Windows
        except KeyboardInterrupt:
            self._stop(None)
            raise
        if self._error is not None:
            raise self._error
        return [self._results[n] for n in range(len(self._jobs))]

    def _serve(self, child: Child) -> None:
        try:
            child.start()
            while (n := self._next()) is not None:
                self._results[n] = self._hear(child, self._jobs[n].task)
                self._on_done()
            self._add(child.call("costs", timeout_s=CLIP_S))
            child.close()
        except Exception as error:  # noqa: BLE001 - the boundary of the thread: work() raises it
            self._stop(error)

    def _hear(self, child: Child, task: Task) -> HeardClip:
        try:
            size = 0 if task.path is None else task.path.stat().st_size
            seconds = size / 8_000  # compressed sound is no smaller than that
        except OSError:
            seconds = 0.0
        try:
            result = child.call("hear", task, timeout_s=CLIP_S + CLIP_SHARE * seconds)
        except TuinaError as error:
            raise EngineError(f"{error.what}, while it heard {task.path or task.text}", remedy=error.remedy) from error
        if not isinstance(result, HeardClip):
            raise EngineError(f"no result for {task.path or task.text}", remedy="run it again")
        return result

    def _next(self) -> int | None:
        with self._lock:
            return next(self._left, None)

    def _add(self, costs: Costs) -> None:
        """Keep the highest costs of any worker."""
        with self._lock:
            for name, value in costs.items():
                before = self.costs.get(name)
                self.costs[name] = value if before is None or value is None else max(before, value)

    def _stop(self, error: BaseException | None) -> None:
        """Keep the first error and kill every worker: the others' errors only report that."""
        with self._lock:
            self._error = self._error or error
            self._left = iter(())
        for child in self._children:
            pid = child.pid  # not child.kill(), which waits for the call in progress
            if pid is not None:
                try:
                    os.kill(pid, signal.SIGTERM)
                except OSError:
                    continue  # it has ended already
