"""Times of each step inside the application from a word to silence, on one monotonic clock.

`env(folder)` gives the environment for a run of the application, which then writes `moments.jsonl`, one line
for each step, and `heard.raw`, the microphone's samples. `Moments` reads both while it runs. The steps: a block
came, the engine gave a result, the session took it, the player was told to hush, and the sound card's
thread obeyed. The application's own code is unchanged: sitecustomize wraps each of five calls.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.messages import EAR_RATE_HZ, AudioBlock, Heard

if TYPE_CHECKING:  # the application imports these when the notes begin, not before
    from _typeshed import ReadableBuffer

    from assistant.capture.microphone import Microphone
    from assistant.decode.phonetic.engine import PhoneticEngine

Record: TypeAlias = dict[str, Any]
Details: TypeAlias = "tuple[bytes, dict[str, float]]"
ROOT = Path(__file__).parents[1]
PLACE = "CARD_MOMENTS"
EARLIEST_S = 1.0  # before its last sample: a word can be understood that early
WORK, INSIDE = "its processor time", "all of it inside"


def env(folder: Path) -> dict[str, str]:
    """Return the environment of an application that takes notes in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(
        "from benchmarks import card_moments\n\ncard_moments.begin()\n", encoding="utf-8"
    )
    for name in ("moments.jsonl", "heard.raw"):
        (folder / name).write_bytes(b"")
    return {PLACE: str(folder), "PYTHONPATH": os.pathsep.join(map(str, (folder, ROOT)))}


class Notes:
    """Takes notes inside the application, and writes them on a thread of its own."""

    def __init__(self, folder: Path) -> None:
        """Write to this folder."""
        self._folder = folder
        self._waiting: queue.SimpleQueue[tuple[Record, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._write, name="moments", daemon=True).start()

    def note(self, what: str, sound: bytes = b"", **more: object) -> None:
        """Note a step at the present time; `sound` goes to its own file."""
        self._waiting.put(({"what": what, "now_s": time.monotonic(), **more}, sound))

    def before(self, owner: type, name: str, what: str, more: Callable[..., Details] = lambda *_: (b"", {})) -> None:
        """Note each call of a method before it runs, with the values that `more` takes from its arguments."""
        method = getattr(owner, name)

        def noted(*given: object, **named: object) -> object:
            sound, details = more(*given)
            self.note(what, sound, **details)
            return method(*given, **named)

        setattr(owner, name, noted)

    def _write(self) -> None:
        lines, raw = (self._folder / "moments.jsonl").open("a"), (self._folder / "heard.raw").open("ab")
        while True:
            record, sound = self._waiting.get()
            raw.write(sound)
            raw.flush()
            lines.write(json.dumps(record) + "\n")
            lines.flush()


def begin() -> None:
    """Take notes from now on, inside the application."""
    from assistant.capture.microphone import Microphone
    from assistant.decode.phonetic.engine import PhoneticEngine
    from assistant.speak.player import Player
    from assistant.wire.session import Session

    notes = Notes(Path(os.environ[PLACE]))
    fed = PhoneticEngine.feed

    def feed(self: PhoneticEngine, block: AudioBlock) -> tuple[Heard, ...]:
        began_s, spent_s = time.monotonic(), time.thread_time()
        found = fed(self, block)
        if found:
            said = [(heard.text, heard.is_final, heard.is_sure) for heard in found]
            notes.note("decided", began_s=began_s, work_s=time.thread_time() - spent_s, at_s=block.at_s, said=said)
        return found

    PhoneticEngine.feed = feed  # type: ignore[method-assign]
    notes.before(Microphone, "_take", "came", _came)
    notes.before(Session, "hear", "taken up")
    notes.before(Player, "hush", "told")
    notes.before(Player, "_hush_now", "obeyed")


def _came(microphone: Microphone, frames: ReadableBuffer, count: int, *_: object) -> Details:
    rate_hz = microphone.rate_hz
    return bytes(frames), {"at_s": microphone.frames / rate_hz, "seconds": count / rate_hz}


class Moments:
    """The notes so far."""

    def __init__(self, folder: Path) -> None:
        """Read the notes that an application writes there."""
        self._folder = folder

    def records(self) -> list[Record]:
        """Return all notes, in order."""
        text = (self._folder / "moments.jsonl").read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in text.splitlines()]

    def heard(self) -> npt.NDArray[np.int16]:
        """Return the microphone's samples since it was opened, at 16 000 Hz."""
        data = (self._folder / "heard.raw").read_bytes()
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2")

    def parts(self, place: Callable[[npt.NDArray[np.int16]], float], last_s: float) -> dict[str, float] | None:
        """Return the milliseconds from the arrival of a word's end to the player's silence, step by step.

        `place` finds the word's end, in seconds, in the last `last_s` seconds of the microphone. None where the
        notes are incomplete.
        """
        records, heard = self.records(), self.heard()
        from_s = max(len(heard) / EAR_RATE_HZ - last_s, 0.0)
        end_s = from_s + place(heard[round(from_s * EAR_RATE_HZ) :])
        came = [one for one in records if one["what"] == "came" and one["at_s"] < end_s <= one["at_s"] + one["seconds"]]
        came_s = came[-1]["now_s"] if came else float("inf")
        obeyed = [one["now_s"] for one in records if one["what"] == "obeyed" and one["now_s"] > came_s - EARLIEST_S]
        before = [one for one in records if obeyed and one["now_s"] <= obeyed[0]]
        told = [one for one in before if one["what"] == "told"]
        decided = [one for one in before if one["what"] == "decided" and told and one["now_s"] <= told[-1]["now_s"]]
        if not decided:
            return None
        last = decided[-1]
        moments = (came_s, last["began_s"], last["now_s"], told[-1]["now_s"], obeyed[0])
        names = ("sound the ear waited for", "the ear's work", "the session", "the next block of the player")
        parts = {name: (b - a) * 1_000 for name, (a, b) in zip(names, pairwise(moments), strict=True)}
        inside_ms = (obeyed[0] - came_s) * 1_000
        return {**parts, WORK: last["work_s"] * 1_000, INSIDE: inside_ms, "early": float(not last["said"][-1][1])}
