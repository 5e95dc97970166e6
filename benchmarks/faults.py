"""Measures how soon each fault of a microphone or speaker is noticed, whether it is said, and the session kept.

    .venv/bin/python -m benchmarks.faults [--trials N] [--only FAULT ...] [--json OUT.json]

The faults are those of docs/faults.md, "Microphone and speaker" (our own voice has its own benchmark, echo.py). Those
marked "card" run the whole application as a process on the virtual sound card (virtual_card.py): a count runs, the
fault is made with the sound server's own means, and it is waited until the trace says that it was noticed; then the
cause is taken away, the person says "resume", and the count must go on with the next number. Detection is wall time
from the return of the command that makes the fault. Spoken: the sentence went to the speaker (for a lost speaker: once
it is back). Kept: the count held, nothing was counted before "resume", and then no number was left out.
Those marked "fake" cannot be made there: streams that a program calls (faults_fake.py), with a clock moved by hand;
their detection is that clock's time. Load is printed with the table.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.store.settings import folders
from assistant.wire import build
from benchmarks import faults_fake
from tests.rigs.card_scene import Scene
from tests.rigs.virtual_card import LOOK_S, Card, missing, virtual_card

LONG = """id: card
words:
  en:
    title: Card routine
    spoken_names: [card]
steps:
  - {technique: back-pound, repetitions: 30, tempo_bpm: 50}
"""
ENOUGH = 20  # numbers: a trial takes four, and the count ends at thirty
SOON_S = 30.0
DEAF = ("I cannot hear you",)
MUTE = ("The loudspeaker was gone", "The loudspeaker is back")
GOES_ON = 3  # numbers after "resume"
MOST_MORE = 3  # numbers until the fault is noticed, within 3 s


@dataclass
class Row:
    """One line of the table."""

    fault: str
    how: str
    detected_s: list[float] = field(default_factory=list)
    spoken: int = 0
    kept: int = 0
    n: int = 0
    recovered_s: list[float] = field(default_factory=list)

    def add(self, detected_s: float | None, *, spoken: bool, kept: bool, recovered_s: float | None = None) -> None:
        """Add a trial; None: the fault was not noticed at all."""
        self.n += 1
        self.detected_s += [detected_s] if detected_s is not None else []
        self.recovered_s += [recovered_s] if recovered_s is not None else []
        self.spoken += spoken
        self.kept += kept


@dataclass(frozen=True)
class Fault:
    """One fault: the ways to make it on a card, and to take its cause away."""

    fault: str
    make: Callable[[Card], object]
    end: Callable[[Card], object]
    room: str
    rescues: bool = True


def _reordered(card: Card) -> None:
    card.pactl("load-module", "module-null-sink", "sink_name=another", "rate=44100")
    card.plug_in("microphone")


FAULTS = [
    Fault("microphone unplugged; stream moved to a monitor", lambda c: c.unplug("microphone"),
          lambda c: c.plug_in("microphone"), "capture"),
    Fault("microphone unplugged; stream ended", lambda c: c.unplug("microphone"),
          lambda c: c.plug_in("microphone"), "capture", rescues=False),
    Fault("source suspended, stream open", lambda c: c.pactl("suspend-source", "mic", "1"),
          lambda c: c.pactl("suspend-source", "mic", "0"), "capture"),
    Fault("sound server killed", lambda c: c.kill(), lambda c: c.start(), "speak"),
    Fault("speaker unplugged", lambda c: c.unplug("speaker"), lambda c: c.plug_in("speaker"), "speak",
          rescues=False),
    Fault("microphone back behind a new device", lambda c: c.unplug("microphone"), _reordered, "capture"),
    Fault("microphone muted", lambda c: c.pactl("set-source-mute", "mic", "1"),
          lambda c: c.pactl("set-source-mute", "mic", "0"), "muted"),
]  # fmt: skip


class Trials:
    """One session on one card, in which a fault is made repeatedly."""

    def __init__(self, scene: Scene) -> None:
        """Begin to count."""
        self._scene = scene
        scene.begin_count()

    def one(self, fault: Fault) -> tuple[float | None, float | None, bool, bool]:
        """Make the fault, wait, end it, resume; return detection, recovery, spoken, kept."""
        scene = self._scene
        before, counted = len(scene.records()), len(scene.counted())
        fault.make(scene.card)
        detected_s = self._until(lambda: self._event(before, "failed", fault.room))
        time.sleep(3.0)  # its sentence about that; nothing may be counted meanwhile
        held = len(scene.counted())
        fault.end(scene.card)
        recovered_s = self._until(lambda: self._event(before, "recovered", fault.room))
        after = self._until(lambda: self._sounded(before, "Say “resume”"))
        time.sleep(1.5)
        silent = len(scene.counted())
        spoken = any(self._sounded(before, words) for words in (MUTE if fault.room == "speak" else DEAF))
        if after is None:
            return detected_s, recovered_s, spoken, False
        for _ in range(2):
            scene.you_say("kokoro-bf_emma: resume")
            if self._until(lambda: len(scene.counted()) >= silent + GOES_ON, 12.0) is not None:
                break
        numbers = [n for _, n in scene.counted()]
        whole = numbers == list(range(1, len(numbers) + 1))
        kept = silent - counted <= MOST_MORE and silent == held and len(numbers) > silent and whole
        return detected_s, recovered_s, spoken, kept

    def _until(self, is_so: Callable[[], bool], patience_s: float = SOON_S) -> float | None:
        start_s = time.monotonic()
        while not is_so():
            if time.monotonic() - start_s > patience_s or self._scene.app.process.poll() is not None:
                return None
            time.sleep(LOOK_S / 2)
        return time.monotonic() - start_s

    def _event(self, since: int, event: str, room: str) -> bool:
        return any(one.get("event") == event and one["room"] == room for one in self._scene.records()[since:])

    def _sounded(self, since: int, words: str) -> bool:
        texts: dict[int, str] = {}
        for place, one in enumerate(self._scene.records()):
            if one.get("effect") == "say":
                texts[one["utterance"]] = one["text"]
            elif one.get("event") == "voice_began" and place >= since and words in texts.get(one["utterance"], ""):
                return True
        return False


def on_card(fault: Fault, trials: int, home: Path) -> Row:
    """Run all trials of one fault."""
    row = Row(fault.fault, "card")
    voice = build.voice("auto", "en", print)
    clips = build.clips(voice, folders({"TUINA_HOME": str(home)}))
    while row.n < trials:
        with tempfile.TemporaryDirectory() as folder, virtual_card(Path(folder), rescues=fault.rescues) as card:
            scene = Scene(card, home, clips, LONG)
            try:
                session = Trials(scene)
                while row.n < trials and len(scene.counted()) < ENOUGH:
                    detected_s, recovered_s, spoken, kept = session.one(fault)
                    row.add(detected_s, spoken=spoken, kept=kept, recovered_s=recovered_s)
                    if not kept:
                        print(scene.app.told[-1500:], file=sys.stderr)
                        break
            finally:
                scene.close()
    return row


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    head = "| fault | how | n | detected s, p50 / max | back s, p50 | spoken | session kept |"
    lines = [head, "|---|" + "---|" * 6]
    for row in rows:
        times = f"{statistics.median(row.detected_s):.2f} / {max(row.detected_s):.2f}" if row.detected_s else "-"
        back = f"{statistics.median(row.recovered_s):.1f}" if row.recovered_s else "-"
        missed = f" (missed {row.n - len(row.detected_s)})" if len(row.detected_s) < row.n else ""
        lines.append(
            f"| {row.fault} | {row.how} | {row.n} | {times}{missed} | {back} "
            f"| {row.spoken}/{row.n} | {row.kept}/{row.n} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the requested rows, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[], help="the faults' names, as the table gives them")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows: list[Row] = []
    for fault, trial in faults_fake.TRIALS:
        if not args.only or fault in args.only:
            row = Row(fault, "fake")
            for _ in range(args.trials):
                detected_s, spoken, kept = trial()
                row.add(detected_s, spoken=spoken, kept=kept)
            rows.append(row)
    if lacks := missing():
        print(f"no virtual sound card: {', '.join(lacks)} missing")
    with tempfile.TemporaryDirectory() as home:
        for each in FAULTS:
            if not lacks and (not args.only or each.fault in args.only):
                rows.append(on_card(each, args.trials, Path(home)))
                print(table(rows[-1:]).splitlines()[-1], flush=True)
    print(table(rows))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if args.json:
        found: list[dict[str, Any]] = [asdict(row) for row in rows]
        args.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
