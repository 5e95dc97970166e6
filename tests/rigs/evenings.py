"""A person's evenings with everything that writes, on a disk that refuses its n-th call; what was said must be true.

A forked child rehearses for two people, has a session with a trace to the middle of a count, writes the history to a
file, has another session, forgets one person's words and then everything. It tells the parent through a pipe what it
said that depends on the disk. The parent then looks at the disk as the next start does, in a second child.
`python -m benchmarks.failing_disk` tries every call; tests/store/test_failing_disk.py some.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from assistant.clock import SystemClock
from assistant.errors import JournalError, TuinaError
from assistant.messages import Effect, Event, ForgetEverything, Keep, Say
from assistant.store.journal import Journal
from assistant.store.journal.database import beside
from assistant.store.journal.sums import COLUMNS
from assistant.store.pronunciations import Pronunciations, Rehearsals
from assistant.store.settings import Folders, Settings, folders_in
from assistant.terminal.history.command import history
from assistant.terminal.single_instance import CannotLock, only_one
from assistant.wire import build
from assistant.wire.lockstep import Nowhere
from assistant.wire.session_run import SessionRun, begin_with
from assistant.wire.trace import open_trace
from tests.rigs.failing_disk import DYING, FailingDisk, How, Point
from tests.rigs.told_by_child import Fact, Tell, in_a_child

NOW = datetime(2026, 3, 10, 20, 0, tzinfo=timezone.utc)
WORDS = {"anna": {"stop": ["s t ɑ p"]}, "ben": {"stop": ["s t ɔ p"]}}
PROMISES = frozenset({"goodbye_saved", "left_saved", "place_kept", "recovered_journal"})
"""Replies that are true only where the last place is on disk."""
GONE, STAYS = "recovered_forget", "failed_forget"
FIRST = ("start", "ready", "ready", "+ 8", "pause", "end session")
AGAIN = ("resume", "ready", "+ 3", "slower", "that hurts", "end session")
FORGETS = ("discard", "yes", "forget me", "yes", "end session")
AFRESH = ("skip", "start", "no", "end session")
TABLES = (*COLUMNS, "aside")
KNOWN = ("expert_advice_heard", "checked_general", "checked_back", "checked_legs")  # so that the first one is short
EXCEPT = {"t.jsonl", "h.csv"}  # the trace and the table are the person's own: docs/trace.md says so


class Tape:
    """An observer that tells the parent what is kept, what is promised, and whether the promise was true then."""

    def __init__(self, tell: Tell, disk: FailingDisk, path: Path) -> None:
        """The journal's path is looked at whenever a promise is spoken."""
        self._tell, self._disk, self._path = tell, disk, path
        self._last: Any = None

    def on_event(self, event: Event) -> None:
        """Nothing: what happened is judged by what is said."""

    def on_effect(self, _at_s: float, effect: Effect, _text: str) -> None:
        """Tell a place before it is written, and each sentence that depends on the disk."""
        if isinstance(effect, Keep):
            self._last = effect.saved
            self._tell({"keep": effect.saved})
        elif isinstance(effect, ForgetEverything):
            self._last = None
            self._tell({"forget": True})
        elif isinstance(effect, Say):
            said: Fact = {"said": effect.reply}
            if effect.reply in PROMISES:
                with self._disk.out_of_the_way():
                    said |= {"place": self._last, "is_true": _saved(self._path) == self._last}
            self._tell(said)


@dataclass(kw_only=True)
class Evening:
    """The facts that one child told, and those that the next start found."""

    facts: list[Fact]
    points: list[Point]
    is_over: bool
    """It came to its end; false: it was killed."""
    found: Fact = field(default_factory=dict)

    @property
    def told(self) -> str:
        """All that it said or printed, for a reader."""
        return json.dumps(self.facts, ensure_ascii=False)


def have_evenings(loaded: build.LoadedFiles, home: Path, disk: FailingDisk, tell: Tell) -> None:
    """Everything that writes, one thing after the other; an error of ours ends the one, and the next begins."""
    where, words = folders_in(home), Pronunciations(home)
    trace = home / "t.jsonl"
    steps: tuple[Callable[[], object], ...] = (
        lambda: words.add("anna", WORDS["anna"], NOW, Rehearsals()),
        lambda: words.add("ben", WORDS["ben"], NOW, Rehearsals()),
        lambda: have_session(loaded, where, disk, tell, FIRST),
        lambda: history(csv=home / "h.csv", json=None, forget=False, yes=False, force=True),
        lambda: have_session(loaded, where, disk, tell, AGAIN, trace),
        lambda: words.forget("ben"),
        lambda: forget_by_voice(loaded, where, disk, tell),
        lambda: words.add("anna", WORDS["anna"], NOW, Rehearsals()),
        lambda: have_session(loaded, where, disk, tell, AFRESH),
        lambda: forget_by_command(where, disk, tell),
    )
    for n, step in enumerate(steps):
        tell({"step": n})
        try:
            step()
        except TuinaError as error:
            tell({"error": str(error)})


def forget_by_voice(loaded: build.LoadedFiles, where: Folders, disk: FailingDisk, tell: Tell) -> None:
    """Have a session with “forget me”, and tell what is left behind it."""
    have_session(loaded, where, disk, tell, FORGETS)
    tell(left_in(where, disk))


def forget_by_command(where: Folders, disk: FailingDisk, tell: Tell) -> None:
    """`tuina history --forget`: where it ends without an error, all is gone."""
    tell({"forget": True})
    history(csv=None, json=None, forget=True, yes=True, force=False)
    tell(left_in(where, disk))


def left_in(where: Folders, disk: FailingDisk) -> Fact:
    """Whatever is personal and still there."""
    with disk.out_of_the_way():
        files = {path.name for path in where.config.rglob("*") if path.is_file()} - EXCEPT
        left: list[str] = sorted(files - {one.name for one in (*beside(where.journal), where.lock)})
        if where.journal.exists():
            journal = Journal(where.journal, may_mend=False)
            left += [table for table in TABLES if _rows(journal, table)]
            journal.close()
        log = beside(where.journal)[1]
        return {"left": left + [log.name] * (log.exists() and log.stat().st_size > 0)}


def have_session(
    loaded: build.LoadedFiles,
    where: Folders,
    disk: FailingDisk,
    tell: Tell,
    lines: tuple[str, ...],
    trace: Path | None = None,
) -> None:
    """One session as `tuina start --typed --pace max` has it, without its screen."""
    settings = Settings(voice="silent", emergency_number="112")

    def note(text: str) -> None:
        tell({"note": text})

    with ExitStack() as stack:
        with suppress(CannotLock):  # the door says that a second copy would not be noticed
            stack.enter_context(only_one(where.lock))
        journal = build.journal(where.journal, note)
        if journal:
            stack.callback(journal.close)
        observers: list[Any] = [Tape(tell, disk, where.journal)]
        if trace:
            observers.append(open_trace(trace, loaded.library))
            stack.callback(lambda: note(observers[-1].problem))
            stack.callback(observers[-1].close)
        run = SessionRun(
            loaded,
            settings,
            where,
            begin=begin_with(loaded, settings, "lower-back", note),
            journal=journal,
            observers=tuple(observers),
            note=note,
            closing=stack,
        )
        run.typed(lines, Nowhere())


def tried(loaded: build.LoadedFiles, home: Path, at: int = 0, how: How = "broken once") -> Evening:
    """One child on a disk that refuses its call `at`, and what the next start finds; 0: none is refused."""
    home.mkdir()
    journal = Journal(folders_in(home).journal)
    for fact in KNOWN:
        journal.remember(fact, SystemClock().wall())
    journal.close()
    disk = FailingDisk(home, at, how)

    def live(tell: Tell) -> None:
        os.environ["TUINA_HOME"] = str(home)
        disk.begin()
        have_evenings(loaded, home, disk, tell)
        tell({"points": [*map(list, disk.points)]})

    facts, is_over = in_a_child(live)
    points = [Point(*one) for fact in facts for one in fact.get("points", ())]
    evening = Evening(facts=[one for one in facts if "points" not in one], points=points, is_over=is_over)
    found, is_found = in_a_child(lambda tell: look(loaded, home, tell))
    evening.found = {key: value for fact in found for key, value in fact.items()}
    if not is_found:
        evening.found["traceback"] = evening.found.get("traceback", "the next start was killed")
    return evening


def look(loaded: build.LoadedFiles, home: Path, tell: Tell) -> None:
    """Tell all that the next start finds, before it begins and in its own words."""
    where = folders_in(home)
    journal = Journal(where.journal)
    tell({"aside": journal.moved_aside and journal.moved_aside.name, "saved": journal.saved()})
    tell({"facts": _rows(journal, "fact"), "sessions": _rows(journal, "session"), "notes": _rows(journal, "note")})
    journal.close()
    words = Pronunciations(home)
    tell({"people": {one: words.read(one, ["s", "t", "ɑ", "ɔ", "p"]).own for one in words.people()}})
    tell({"files": sorted(path.name for path in home.rglob("*") if path.is_file())})
    heard: list[str] = []
    have_session(loaded, where, FailingDisk(home), lambda fact: heard.append(fact.get("said", "")), ("end session",))
    tell({"hello": [one for one in heard if one]})


def _saved(path: Path) -> Any:
    try:
        journal = Journal(path, may_mend=False)
    except JournalError:
        return "no journal"
    try:
        return json.loads(json.dumps(journal.saved()))
    finally:
        journal.close()


def _rows(journal: Journal, table: str) -> int:
    return journal.aside() if table == "aside" else sum(1 for _ in journal._tables.rows(table))


def broken_promises(evening: Evening, how: How | None) -> list[str]:
    """Every promise that one evening broke, in words."""
    facts, found = evening.facts, evening.found
    broken = [f"a traceback: {one['traceback'].splitlines()[-1]}" for one in (*facts, found) if "traceback" in one]
    broken += [f"“{one['said']}” was not true" for one in facts if not one.get("is_true", True)]
    if not evening.is_over and how not in DYING:
        broken.append("it ended by itself")
    if "saved" in found and not found["aside"]:
        known = places(facts)
        if found["saved"] not in known:
            broken.append(f"the place {found['saved']} is none of {known}")
        if (found["saved"] is not None) != ("resume_restart_discard" in found.get("hello", ())):
            broken.append("the next start does not offer the place that is there")
    for one, words in found.get("people", {}).items():
        if words != {word: list(said) for word, said in WORDS[one].items()}:
            broken.append(f"the words of {one} are {words}")
    return broken + left_behind(facts)


def places(facts: list[Fact]) -> list[Any]:
    """The places that the next start may find: the last one that was promised, and those that came after it."""
    known: list[Any] = [None]
    for one in facts:
        if "place" in one:
            known = [one["place"]]
        elif "keep" in one:
            known.append(one["keep"])
        elif "forget" in one:
            known.append(None)
    return known


def left_behind(facts: list[Fact]) -> list[str]:
    """Whatever "forget me" left without a word about it."""
    broken, was_told = [], False
    for one in facts:
        if "step" in one or one.get("said") == GONE:
            was_told = False
        elif one.get("said") == STAYS or "error" in one:
            was_told = True
        elif one.get("left") and not was_told:
            broken.append(f"everything was to be forgotten, and there is still {', '.join(one['left'])}")
    return broken
