"""Prints a session as a conversation with times: every sentence with its speaker, and a count on one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from assistant.errors import Problem
from assistant.messages import (
    Beat,
    Cue,
    Due,
    Effect,
    Event,
    Failed,
    NotNow,
    Perhaps,
    Recovered,
    Said,
    Say,
    Sound,
    Unsure,
    VoiceBegan,
)

NUMBERS_A_LINE = 12


class Conversation:
    """An observer that writes the session to a terminal (or a file) as it proceeds."""

    def __init__(self, console: Console) -> None:
        """Print to this console."""
        self._console = console
        self._texts: dict[int, str] = {}
        self._next = ""
        self._numbers: list[str] = []
        self._numbers_at_s = 0.0

    def on_event(self, event: Event) -> None:
        """Show a person's words, the beginning of a sentence, a number that is due, or a failure."""
        match event:
            case Said(text=text):
                self._line(event.at_s, "you", text, "bold green")
            case NotNow(text=text):
                self._line(event.at_s, "you", f"{text}  (not now)", "green")
            case Perhaps(text=text):
                self._line(event.at_s, "you", f"?  (perhaps: {text})", "dim")
            case Unsure(best=best):
                self._line(event.at_s, "you", f"?  (nearest: {best})" if best else "?", "dim")
            case VoiceBegan(utterance=utterance):
                self._line(event.at_s, "it", self._texts.pop(utterance, ""), "cyan")
            case Due(tag="beat", at_s=at_s):
                self._number(at_s, self._next)
            case Failed(room=room, reason=reason):
                if room == "speak":
                    self._console.bell()  # the one signal that is left
                self._line(event.at_s, "!", f"{room}: {reason}", "bold red")
            case Recovered(room=room):
                self._line(event.at_s, "!", f"{room}: works again", "green")

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        """Keep sentences and numbers until they sound; show earcons."""
        match effect:
            case Say(utterance=utterance):
                self._texts[utterance] = text
            case Beat():
                self._next = text
            case Cue(at_s=due_s, word=int()):
                self._number(due_s, text)
            case Cue(at_s=due_s, reply=reply) if reply:
                self._number(due_s, text.lower().rstrip("."))
            case Cue():
                self._next += f", {text}"  # with the number of its repetition
            case Sound(earcon=earcon):
                self._line(at_s, "it", f"({earcon.replace('_', ' ')} sign)", "dim")

    def close(self) -> None:
        """Print the text that is still held back."""
        self._flush()

    def _number(self, at_s: float, text: str) -> None:
        if not self._numbers:
            self._numbers_at_s = at_s
        self._numbers.append(text)
        if len(self._numbers) >= NUMBERS_A_LINE:
            self._flush()

    def _line(self, at_s: float, who: str, text: str, style: str) -> None:
        self._flush()
        self._print(at_s, who, text, style)

    def _flush(self) -> None:
        if self._numbers:
            self._print(self._numbers_at_s, "it", ". ".join(self._numbers) + ".", "bright_black")
            self._numbers = []

    def _print(self, at_s: float, who: str, text: str, style: str) -> None:
        minutes, seconds = divmod(at_s, 60)
        line = Text()
        line.append(f"{int(minutes):3d}:{seconds:04.1f}  ", style="dim")
        line.append(f"{who:>3}: ", style="bold")
        line.append(printable(text), style=style)
        self._console.print(line, soft_wrap=True)


def printable(text: str) -> str:
    """Return the text without control, format or private characters: a file's text must not control a terminal."""
    return "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"})


def tell_problems(problems: Iterable[Problem], console: Console) -> None:
    """Print what is wrong in a person's own files, each with its place and remedy."""
    for problem in problems:
        console.print(f"[yellow]{escape(printable(str(problem)))}[/yellow]", soft_wrap=True)
