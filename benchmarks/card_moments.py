"""When each thing on the way from a word to silence happened inside the application, on one monotonic clock.

`env(folder)` gives what a run of the application needs in its environment; it then writes `moments.jsonl`, one line
for each thing, and `heard.raw`, what the microphone gave. `Moments` reads both while it runs. What is noted: a block
came, the engine said something of one, the session took that up, the player was told to hush, and the sound card's
thread obeyed. The application's own code does not know of it: sitecustomize puts a note around each of five calls.
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
    """Environment of an application that takes notes in this folder."""
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
        """Something happens now; `sound` goes to its own file."""
        self._waiting.put(({"what": what, "now_s": time.monotonic(), **more}, sound))

    def before(self, owner: type, name: str, what: str, more: Callable[..., Details] = lambda *_: (b"", {})) -> None:
        """Note each call of a method before it runs, with what `more` finds in its arguments."""
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
    """Take notes from now on; in the application."""
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
    """What was noted so far."""

    def __init__(self, folder: Path) -> None:
        """Read what an application writes there."""
        self._folder = folder

    def records(self) -> list[Record]:
        """Everything, in order of what was noted."""
        text = (self._folder / "moments.jsonl").read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in text.splitlines()]

    def heard(self) -> npt.NDArray[np.int16]:
        """What the microphone gave since it was opened, at 16 000 Hz."""
        data = (self._folder / "heard.raw").read_bytes()
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2")

    def parts(self, place: Callable[[npt.NDArray[np.int16]], float], last_s: float) -> dict[str, float] | None:
        """Milliseconds from the arrival of a word's end to the player's silence, part by part.

        `place` finds the word's end among the last `last_s` seconds of what was heard, in seconds. None where the
        notes do not tell a whole story.
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
