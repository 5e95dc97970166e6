"""The standard streams, made so that none of them can end a session: closed, in another alphabet, or refusing.

What a terminal cannot show is written in plain letters, else as "?"; a stream that refuses what is written is given up,
and what sounds goes on.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from typing import TextIO

PLAIN = {"“": '"', "”": '"', "„": '"', "\u2018": "'", "’": "'", "–": "-", "—": "-", "…": "...", "→": "->", "·": "."}
STANDARD = (0, 1, 2)  # the numbers of stdin, stdout, stderr
HANDLER = "tuina-plain"  # the name of our error handler in `codecs`


def make_safe() -> None:
    """Open closed streams on the null device, and let the others show in plain letters what they cannot encode.

    To be called before any file is opened: one that took the number of a closed stream would be read and written as it.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= STANDARD[-1]:
        os.set_inheritable(handle, True)
    os.close(handle)
    if sys.stdin is None:
        sys.stdin = os.fdopen(STANDARD[0], encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = os.fdopen(STANDARD[1], "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(STANDARD[2], "w", encoding="utf-8")
    codecs.register_error(HANDLER, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


class LastingScreen(io.TextIOBase):
    """A stream for text that is never refused: when the one below breaks, nothing more is shown, and that is all."""

    def __init__(self, below: TextIO) -> None:
        """Write to `below`."""
        super().__init__()
        self._below = below
        self.problem = ""
        """The reason why nothing more is shown; empty: all is."""

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute there
        """The encoding of the stream below."""
        return self._below.encoding

    def isatty(self) -> bool:
        """True for a terminal."""
        return self._below.isatty()

    def fileno(self) -> int:
        """The number of the stream below."""
        return self._below.fileno()

    def write(self, text: str) -> int:
        """Show a text, if it can be shown."""
        if not self.problem:
            try:
                self._below.write(text)
            except (OSError, ValueError) as error:
                self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """Show what waits, if it can be shown."""
        if not self.problem:
            try:
                self._below.flush()
            except (OSError, ValueError) as error:
                self._give_up(error)

    def _give_up(self, error: OSError | ValueError) -> None:
        """Lead the broken stream to nowhere: what waits in it would be refused again at the end of the program."""
        self.problem = getattr(error, "strerror", None) or str(error)
        if not self._below.closed and _has_number(self._below):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._below.fileno())
            os.close(null)


def _has_number(stream: TextIO) -> bool:
    """False for a stream that is no file: a program that starts ours may put anything in its place."""
    try:
        stream.fileno()
    except (OSError, ValueError):
        return False
    return True


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Replace what an encoding lacks: the error handler of `codecs`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = "".join(_plain_char(char) for char in error.object[error.start : error.end])
    return text, error.end


def _plain_char(char: str) -> str:
    base = "".join(one for one in unicodedata.normalize("NFKD", char) if not unicodedata.combining(one))
    return PLAIN.get(char) or (base if base.isascii() else "") or "?"
