"""Runs one object in a process of its own: C code may abort, hang or print there without harm to us.

The parent sends (number, method, arguments) through a pipe and gets (number, outcome, value) back; one call at a time.
The child ends when the parent does, however the parent ends. `proxies.py` puts engines behind this.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pickle import PickleError
from typing import Any, Literal, TypeAlias

from assistant import core_files
from assistant.errors import EngineError, TuinaError

START_S = 60.0  # a large Vosk model on a slow disk; the small ones take 2 s
KILL_S = 5.0  # for the system to reap a killed process
OBEY_S = 1.0  # for a child to exit when asked

Outcome: TypeAlias = Literal["gave", "refused", "broke"]
"""An answer, an error of our own family, or an unforeseen exception."""


class Child:
    """An object in another process. Order: start, call*, close; after a failure it is dead until `restart`."""

    def __init__(
        self,
        factory: Callable[..., object],
        *args: object,
        name: str,
        error: type[TuinaError] = EngineError,
        remedy: str = "look for the cause with: tuina doctor",
        start_s: float = START_S,
    ) -> None:
        """Take the object's factory: an importable callable and arguments that can be pickled. Starts nothing.

        `name` is its name in errors ("the Vosk engine"), `error` the class of its failures, with `remedy`.
        """
        self._factory, self._args = factory, args
        self._name, self._start_s = name, start_s
        self._error, self._remedy = error, remedy
        self._process: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._number = 0
        self._lock = threading.RLock()

    @property
    def pid(self) -> int | None:
        """Return the process id while there is a process."""
        return self._process.pid if self._process else None

    @property
    def is_alive(self) -> bool:
        """True if there is a process, and it has not failed."""
        return self._process is not None and self._process.is_alive()

    def start(self) -> None:
        """Start the process and wait for its object. Raises the factory's TuinaError, or `error`."""
        with self._lock:
            if self.is_alive:
                return
            self.kill()
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(
                target=serve, args=(theirs, self._factory, self._args), name=self._name, daemon=True
            )
            try:
                self._process.start()
                theirs.close()
                self._answer(self._pipe, "starting", 0, self._start_s)
            except BaseException:
                self.kill()
                raise

    def restart(self) -> None:
        """Replace the process by a new one, with a new object."""
        with self._lock:
            self.kill()
            self.start()

    def call(self, method: str, *args: object, timeout_s: float, **options: object) -> Any:  # noqa: ANN401 - as the method
        """Return the result of the object's method.

        Raises the method's exception if it is a TuinaError (the child lives on); `error` when the child died or
        was never started, gave no answer in `timeout_s`, or an invalid one (the child is dead afterwards).
        """
        with self._lock:
            if self._pipe is None:
                raise self._failure(f"not running when asked for {method!r}")
            self._number += 1
            try:
                self._pipe.send((self._number, method, args, options))
            except OSError as error:
                raise self._failure(f"{self._death()} before {method!r}") from error
            return self._answer(self._pipe, method, self._number, timeout_s)

    def close(self) -> None:
        """Ask the child to exit, and kill it if it does not."""
        with self._lock:
            if self._pipe is not None and self._process is not None:
                self._pipe.close()  # the child sees the end of the pipe
                self._process.join(OBEY_S)
            self.kill()

    def kill(self) -> None:
        """Kill the child at once; harmless without one."""
        with self._lock:
            if self._pipe is not None:
                self._pipe.close()
                self._pipe = None
            if self._process is not None:
                if self._process.pid is not None:
                    self._process.kill()
                    self._process.join(KILL_S)
                self._process = None

    def _answer(self, pipe: Connection[Any, Any], method: str, number: int, timeout_s: float) -> Any:  # noqa: ANN401 - as the method
        try:
            if not pipe.poll(timeout_s):
                raise self._failure(f"no answer to {method!r} in {timeout_s:g} s")
            answer = pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise self._failure(f"{self._death()} in {method!r}") from error
        except (PickleError, OSError, ValueError, TypeError, AttributeError, ImportError, IndexError) as error:
            raise self._failure(f"an answer to {method!r} that cannot be read ({error})") from error
        except KeyboardInterrupt:
            self.kill()  # its late answer would be taken for the next one
            raise
        match answer:
            case (int() as told, "gave", value) if told == number:
                return value
            case (int() as told, "refused", TuinaError() as refusal) if told == number:
                raise refusal
            case (int() as told, "broke", str() as reason) if told == number:
                raise self._failure(f"a fault in {method!r} ({reason})")
            case _:
                raise self._failure(f"an answer to {method!r} that makes no sense")

    def _failure(self, what: str) -> TuinaError:
        self.kill()
        return self._error(f"{self._name}: {what}", remedy=self._remedy)

    def _death(self) -> str:
        """Describe in words how the process ended."""
        if self._process is None:
            return "it ended"
        self._process.join(OBEY_S)
        code = self._process.exitcode
        if code is None or code >= 0:
            return f"it ended with code {code}"
        try:
            return f"it was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"it was ended by signal {-code}"


def serve(pipe: Connection[Any, Any], factory: Callable[..., object], args: tuple[object, ...]) -> None:
    """Run the child: make the object, answer calls, exit when the pipe ends. Never returns."""
    _live_quietly()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    served: object = None
    number, method = 0, ""
    arguments: tuple[object, ...] = args
    options: dict[str, object] = {}
    while True:
        answer: tuple[int, Outcome, object]
        try:
            if number == 0:
                served, value = factory(*arguments), None
            else:
                value = getattr(served, method)(*arguments, **options)
            answer = (number, "gave", value)
        except TuinaError as error:
            answer = (number, "refused", error)
        except Exception as error:  # noqa: BLE001 - the boundary: the parent makes a clear error of it
            answer = (number, "broke", f"{type(error).__name__}: {error}")
        try:
            _send(pipe, answer)
            number, method, arguments, options = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)  # without the destructors of C libraries: they have nothing left to save, but may crash


def _send(pipe: Connection[Any, Any], answer: tuple[int, Outcome, object]) -> None:
    try:
        pipe.send(answer)
    except (PickleError, TypeError, AttributeError) as error:
        pipe.send((answer[0], "broke", f"an answer that cannot be sent: {error}"))


def _live_quietly() -> None:
    """Silence native libraries on the person's terminal, write no core files, and ignore the person's Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    core_files.write_none()


def _leave_with_parent() -> None:
    """Exit with the parent even inside a call: the end of the pipe shows only between calls."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(0)
