"""The family of errors. Each says what is wrong, where, and what to do next; anything else that is raised is a bug.

Problems found in files are gathered first and raised once (`BadFiles`), so that a person mends them in one round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class TuinaError(Exception):
    """What a person can do something about. Shown as three plain parts, never as a traceback."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        """Keep the parts apart: `what` happened, `where` (file:line, device), and the `remedy` to try next."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """Everything in one line: where, what, what to do."""
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
    """A model could not be fetched, or what arrived was not what was promised."""


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
    """A sentence template cannot be read, or stands for more sentences than are allowed."""


class UnknownName(TuinaError):
    """A routine, technique, model or state that does not exist was asked for."""


class JournalError(TuinaError):
    """What should be remembered could not be read or written."""


class BadTrace(TuinaError):
    """A trace cannot be replayed: damaged, of another version, or its effects differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in one file."""

    path: str
    """As the person would type it."""
    line: int
    """Counted from 1; 0 means the file as a whole."""
    what: str
    remedy: str

    def __str__(self) -> str:
        """`path:line: what. remedy.`, the form that editors can jump to."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.what.rstrip('.')}. {self.remedy.rstrip('.')}."


class BadFiles(TuinaError):
    """One or more files are not valid; holds every problem, in the order of path and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Take all problems at once; `str()` gives one line for each."""
        self.problems = tuple(sorted(problems, key=lambda p: (p.path, p.line, p.what)))
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in the files")

    def __str__(self) -> str:
        """One line a problem."""
        return "\n".join(str(problem) for problem in self.problems)
