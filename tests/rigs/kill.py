"""kill -9 at random moments of real sessions on a real journal: what was acknowledged must be there, no number skipped.

A forked child runs the dialogue, typed words and time counted in samples (about 1,000 times faster than by the clock),
and writes to a pipe what it is about to put on disk, what is on disk by its own account, and every number that
sounds. The parent kills it, opens the journal as the next start does, compares, and lets the next child resume.

    python -m tests.rigs.kill --kills 3000

kill -9 is not a power cut: the system's own caches survive it. tests/store/journal/test_journal_damage.py cuts the
log at any byte.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.clock import SystemClock
from assistant.decode.typed_engine import heard_from_line
from assistant.messages import Due, Effect, Event, Keep, Note, Remember
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.speak.silent_voice import SilentVoice
from assistant.store.journal import Journal
from assistant.store.settings import Folders, Settings
from assistant.wire import build
from assistant.wire.lockstep import Lockstep, Nowhere
from assistant.wire.mouth import DirectMouth
from assistant.wire.session import Session

MOST_LINES = 80  # of a child's life: from before its journal is open to far into a count
MOMENT_S = 0.004  # after its last line; a write to the journal takes 0.2 to 2 ms
PATIENCE_S = 60.0  # until a child has written so much; on a busy machine each line takes milliseconds
AGAIN = 5  # beats that may be counted again (issue 4)
ANSWERS = {
    "ResumeOffer": "resume",
    "Offered": "start",
    "Finished": "start",
    "Idle": "start",
    "Screening": "no",
    "Rating": "five",
    "ReadyPrompt": "ready",
    "FeelingAsked": "done",
    "Paused": "resume",
    "PauseAsked": "yes",
    "Confirm": "yes",
    "AskedBack": "no",
}
INTERRUPTED = 0.1  # of the moments in which the person could let it count
INTERRUPTIONS = ("pause", "how many left", "slower", "faster", "repeat", "next")  # none counts a step anew


# --- the child -------------------------------------------------------------------------------------------------------


class Tape:
    """An observer that tells the parent, a line each: P(lanned), D(one: planned is on disk), B(eat sounded)."""

    def __init__(self, out: int) -> None:
        """Write to this pipe; the session is named later, since it is made with its observers."""
        self._out = out
        self._is_open = False
        self.session: Session | None = None

    def on_event(self, event: Event) -> None:
        """All that came before is done."""
        self._done()
        place = getattr(self.session.state, "place", None) if self.session else None
        if isinstance(event, Due) and event.tag == "beat" and place is not None:
            self._tell(f"B {place.step} {place.side} {place.n + 1}")

    def on_effect(self, _at_s: float, effect: Effect, _text: str) -> None:
        """The effect before this one is done; this one is about to be."""
        self._done()
        if isinstance(effect, (Keep, Note, Remember)):
            content = {"Keep": "saved", "Note": "values", "Remember": "fact"}[type(effect).__name__]
            self._tell(f"P {type(effect).__name__} {json.dumps(getattr(effect, content))}")
            self._is_open = True

    def _done(self) -> None:
        if self._is_open:
            self._tell("D")
            self._is_open = False

    def _tell(self, line: str) -> None:
        os.write(self._out, f"{line}\n".encode())  # under PIPE_BUF: whole or not at all


def live(loaded: build.LoadedFiles, path: Path, out: int, seed: int) -> None:
    """Sessions without end, until killed."""
    player, tape, person = Player(), Tape(out), random.Random(seed)
    journal = Journal(path)
    mouth = DirectMouth(ClipCache(SilentVoice(), None), player)
    session = build.session(
        loaded, player, mouth, lambda _: None, clock=SystemClock(), journal=journal, observers=(tape,)
    )
    tape.session = session
    lockstep = Lockstep(session, player, Nowhere())
    session.begin(None, "full", asks_rating=True)
    while not session.is_over:
        lockstep.wait_until_quiet()
        text = ANSWERS.get(type(session.state).__name__)
        if text is None:
            lockstep.wait(person.uniform(0.0, 20.0))
            text = person.choice(INTERRUPTIONS) if person.random() < INTERRUPTED else None
        if text:
            lockstep.step((heard_from_line(text, player.now_s),))


# --- the parent ------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Figures:
    """The results of the kills."""

    kills: int = 0
    opened: int = 0
    """Children that had written anything before they were killed."""
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    repeated: Counter[int] = field(default_factory=Counter)
    """Beats that are counted again after a kill in a count, by how many."""
    resumed: int = 0
    """Counts that went on after a kill."""
    skipped: list[str] = field(default_factory=list)
    reopen_s: list[float] = field(default_factory=list)


@dataclass(kw_only=True)
class Found:
    """The content of the journal."""

    saved: dict[str, Any] | None
    notes: int
    facts: int


def run(kills: int, seed: int, loaded: build.LoadedFiles, path: Path) -> Figures:
    """Kill that many children, one after the other, on one journal."""
    chance, figures = random.Random(seed), Figures()
    build.interpreter(loaded)  # is made once: else each child would make its own, which takes two seconds
    before = look(path, figures)
    figures.reopen_s.clear()
    for n in range(kills):
        lines = kill_one(loaded, path, seed * 1_000_000 + n, chance.randrange(MOST_LINES), chance.uniform(0, MOMENT_S))
        after = look(path, figures)
        judge(lines, before, after, figures)
        before = after
        if n % 40 == 39:
            path.unlink()
            before = look(path, figures)
    return figures


def kill_one(loaded: build.LoadedFiles, path: Path, seed: int, after_lines: int, then_s: float) -> list[str]:
    """Fork, wait for so many lines and a moment more, kill; gives the whole lines that the child wrote.

    What the child has done decides, not the clock: on a busy machine it does little in the same time.
    """
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(mine)
        try:
            live(loaded, path, theirs, seed)
        finally:
            os._exit(1)  # a child that ends is found by the parent, whatever ended it
    os.close(theirs)
    with open(mine, "rb") as pipe:  # noqa: PTH123 - a pipe, not a path
        os.set_blocking(mine, False)
        until_s = time.monotonic() + PATIENCE_S
        written = b""
        while written.count(b"\n") < after_lines and time.monotonic() < until_s:
            time.sleep(0.001)
            written += pipe.read() or b""
        time.sleep(then_s)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.set_blocking(mine, True)
        written += pipe.read()
    if not os.WIFSIGNALED(status):
        msg = "the child ended by itself"
        raise RuntimeError(msg)
    return written.decode().split("\n")[:-1]


def look(path: Path, figures: Figures) -> Found:
    """Open the journal as the next start does, and close it."""
    begun_s = time.perf_counter()
    journal = Journal(path)
    saved = journal.saved()
    journal.past(SystemClock().wall())
    journal.usual()
    journal.checks(SystemClock().wall())
    figures.reopen_s.append(time.perf_counter() - begun_s)
    if journal.moved_aside:
        figures.lost.append(f"the whole journal: {journal.moved_aside}")
    notes = sum(1 for _ in journal._tables.rows("note"))
    facts = sum(1 for _ in journal._tables.rows("fact"))
    journal.close()
    return Found(saved=saved, notes=notes, facts=facts)


def judge(lines: list[str], before: Found, after: Found, figures: Figures) -> None:
    """Compare what the child reported with what is on disk; a routine that ended before a number does not go on."""
    figures.kills += 1
    figures.opened += bool(lines)
    places: list[Any] = [before.saved]
    known = {"Keep": 0, "Note": 0, "Remember": 0}  # on disk, as the child was told
    planned, last, is_new = dict(known), "", False
    beats: list[tuple[int, ...]] = []
    has_left = False  # the count of the last beat: the same side may be begun anew, in a session after this one
    for line in lines:
        mark, _, rest = line.partition(" ")
        if mark == "P":
            last, _, content = rest.partition(" ")
            planned[last] += 1
            if last == "Keep":
                places.append(json.loads(content))
                has_left = has_left or (bool(beats) and not is_in(places[-1], beats[-1]))
        elif mark == "D":
            known[last] = planned[last]
        else:
            is_new = is_new or (not beats and None in places[1:])
            beats.append(tuple(int(part) for part in rest.split()))
            has_left = False
    figures.acknowledged += sum(known.values())
    if after.saved not in places[known["Keep"] :]:
        figures.lost.append(f"place: {after.saved} is none of {places[known['Keep'] :]}")
    if not known["Note"] <= after.notes - before.notes <= planned["Note"]:
        figures.lost.append(f"notes: {after.notes - before.notes} of {known['Note']}")
    if after.facts < before.facts or (known["Remember"] and not after.facts):
        figures.lost.append("a fact")
    judge_beats(beats, Found(saved=None, notes=0, facts=0) if is_new else before, after, figures, has_left=has_left)


def judge_beats(beats: list[tuple[int, ...]], before: Found, after: Found, figures: Figures, *, has_left: bool) -> None:
    """The first number after the last kill, and the last number before this one."""
    if beats and before.saved:
        step, side, n = beats[0]
        kept = count_at(before.saved)
        if kept[:2] == (step, side) and kept[2] > 0:
            figures.resumed += 1
            if n != kept[2] + 1:
                figures.skipped.append(f"went on with {n} after {kept[2]} was kept")
    if beats and after.saved and not has_left and is_in(after.saved, beats[-1]):
        again = beats[-1][2] - count_at(after.saved)[2]
        figures.repeated[again] += 1
        if not 0 <= again <= AGAIN:
            figures.skipped.append(f"{beats[-1]} had sounded, {count_at(after.saved)} is kept")


def is_in(saved: dict[str, Any] | None, beat: tuple[int, ...]) -> bool:
    """True if the place is on the step and side of the beat."""
    return saved is not None and count_at(saved)[:2] == beat[:2]


def count_at(saved: dict[str, Any]) -> tuple[int, int, int]:
    """Step, side and the count there."""
    return saved["steps"][saved["at"]], saved["side"], saved["done"][saved["side"]]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        loaded = build.load_files(Settings(), Folders(config=home, data=home, cache=home))
        begun_s = time.perf_counter()
        figures = run(asked.kills, asked.seed, loaded, home / "journal.db")
    times = sorted(figures.reopen_s)
    print(f"kills {figures.kills} in {time.perf_counter() - begun_s:.0f} s, {figures.opened} after the first write")
    print(f"acknowledged {figures.acknowledged}, lost {len(figures.lost)}")
    print(f"counts gone on with {figures.resumed}, skipped or counted again too often {len(figures.skipped)}")
    print(f"beats counted again: {dict(sorted(figures.repeated.items()))}")
    print(f"reopen ms: p50 {times[len(times) // 2] * 1e3:.1f}, p95 {times[int(len(times) * 0.95)] * 1e3:.1f}")
    for problem in (*figures.lost, *figures.skipped):
        print(problem)
    sys.exit(bool(figures.lost or figures.skipped))


if __name__ == "__main__":
    main()
