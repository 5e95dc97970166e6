"""Every event and effect as one JSON line each; the same events give the same effects, so a trace can be replayed.

Format (docs/trace.md): `{"at_s", "event", …}` and `{"at_s", "effect", …}`; the first line is the event `opened`.
Only where it is asked for: `{"at_s", "refused", …}`, why something that was heard is not obeyed; a replay skips it.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO

from assistant.errors import TuinaError
from assistant.interpret import explain, refusal_values
from assistant.messages import Effect, Event, Refusal
from assistant.messages.records import Record, record_effect, record_event
from assistant.routine import Library

VERSION = 1
_BEGINNING = b'{"at_s": 0.0, "event": "opened"'


def opened(library: Library) -> Record:
    """Return the header: format version, language, and a digest of the techniques and routines that were used."""
    head: Record = {"at_s": 0.0, "event": "opened", "version": VERSION}
    return {**head, "language": library.language, "library": digest(library)}


def digest(library: Library) -> str:
    """Return 16 hex digits of the library's SHA-256: with other files a replay would differ without a fault."""
    return sha256(library.model_dump_json().encode()).hexdigest()[:16]


def record_refusal(at_s: float, refusal: Refusal) -> Record:
    """A refusal as a record of its own: `why` is for people, the other fields are for programs."""
    return {"at_s": at_s, "refused": refusal.text, "why": explain(refusal), **_but_text(refusal_values(refusal))}


def _but_text(values: Mapping[str, object]) -> Record:
    return {key: value for key, value in values.items() if key != "text"}


class TraceWriter:
    """Writes records as they come, one line each, flushed: a crash loses no decision."""

    def __init__(self, out: IO[str], library: Library) -> None:
        """Write the header."""
        self._out = out
        self.problem = ""
        """Reason why the trace ends before the session: a full disk must not stop a massage."""
        self._write(opened(library))

    def on_event(self, event: Event) -> None:
        """Write an event."""
        self._write(record_event(event))

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        """Write an effect."""
        self._write(record_effect(at_s, effect, text))

    def close(self) -> None:
        """Close the file."""
        try:
            self._out.close()
        except OSError as error:  # data that could not be flushed is lost; the file is closed
            self.problem = self.problem or f"the trace ends early: {error.strerror}"

    def _write(self, record: Record) -> None:
        if self.problem:
            return
        try:
            self._out.write(json.dumps(record, ensure_ascii=False) + "\n")
            self._out.flush()
        except OSError as error:
            self.problem = f"the trace ends early: {error.strerror}"


class WhyTraceWriter(TraceWriter):
    """The same, with a record of its own for everything that is refused."""

    def on_refusal(self, at_s: float, refusal: Refusal) -> None:
        """Write why, before the event."""
        self._write(record_refusal(at_s, refusal))


def _is_trace(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_BEGINNING)) in {b"", _BEGINNING}


def _privately(path: str, flags: int) -> int:
    """Open for the owner only: a trace holds what was answered to questions of health."""
    handle = os.open(path, flags, 0o600)
    if hasattr(os, "fchmod") and stat.S_ISREG(os.fstat(handle).st_mode):
        os.fchmod(handle, 0o600)  # it may have been there before, readable by others
    return handle


def open_trace(path: Path, library: Library, *, says_why: bool = False) -> TraceWriter:
    """A new trace file, readable by its owner only, with its folder; `says_why` adds refusals.

    Raises TuinaError where it cannot be written, and where another file than a trace would be overwritten.
    """
    writer = WhyTraceWriter if says_why else TraceWriter
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and not _is_trace(path):
            raise TuinaError("this file is no trace, and stays as it is", where=str(path), remedy="Choose another file")
        return writer(open(path, "w", encoding="utf-8", opener=_privately), library)
    except OSError as error:
        what = f"the trace cannot be written ({error.strerror})"
        raise TuinaError(what, where=str(path), remedy="Choose another file") from error
