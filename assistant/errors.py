"""The family of errors. Each says what is wrong, where, and what to do next; any other exception is a bug.

Problems found in files are collected first and raised once (`BadFiles`), so that a person can correct them all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class TuinaError(Exception):
    """An error that a person can do something about. Shown as three plain parts, never as a traceback."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        """Store the parts separately: `what` happened, `where` (file:line, device), and the `remedy` to try next."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """Return everything in one line: where, what, remedy."""
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.remedy:
            parts.append(self.remedy[:1].upper() + self.remedy[1:])
        return ". ".join(part.rstrip(".") for part in parts) + "."


class BadAudio(TuinaError):
    """A recording cannot be used: missing, empty, truncated, or not a sound file."""


class DeviceError(TuinaError):
    """A microphone or a speaker is missing, refused to open, or vanished."""


class EngineError(TuinaError):
    """A recogniser or its model is missing, damaged or died."""


class VoiceError(TuinaError):
    """A voice could not say a text: missing, hung, silent or damaged output."""


class NetworkError(TuinaError):
    """A model could not be downloaded, or the download was not the promised file."""


class MissingExtra(TuinaError):
    """A package of an optional part is not installed."""

    @classmethod
    def of(cls, extra: str, package: str, needed_for: str) -> MissingExtra:
        """The error for a package; `extra` is its group in pyproject.toml. It can be pickled."""
        return cls(
            f"the package {package} is not installed; it is needed for {needed_for}",
            remedy=f"Install it with: pip install 'tuina[{extra}]' (in a clone of the repository: make extras)",
        )


class BadTemplate(TuinaError):
    """A sentence template cannot be read, or expands to more sentences than are allowed."""


class UnknownName(TuinaError):
    """The person asked for an unknown routine, technique, model or state."""


class JournalError(TuinaError):
    """The journal could not be read or written."""


class BadTrace(TuinaError):
    """A trace cannot be replayed: damaged, of another version, or its effects differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in one file."""

    path: str
    """The path as the person would type it."""
    line: int
    """Line number from 1; 0 means the file as a whole."""
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return `path:line: what. remedy.`, the form that editors can jump to."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.what.rstrip('.')}. {self.remedy.rstrip('.')}."


class BadFiles(TuinaError):
    """One or more files are invalid; holds every problem, sorted by path and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Take all problems at once; `str()` gives one line for each."""
        self.problems = tuple(sorted(problems, key=lambda p: (p.path, p.line, p.what)))
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in the files")

    def __str__(self) -> str:
        """Return one line a problem."""
        return "\n".join(str(problem) for problem in self.problems)
