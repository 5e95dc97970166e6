"""One run of `tuina start`: what the command line asked for, given to a session with a console that watches it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.markup import escape

from assistant.capture.wav_file import WavFile
from assistant.errors import TuinaError
from assistant.store.settings import Folders, Settings
from assistant.terminal.screen import Conversation, printable
from assistant.terminal.single_instance import AnotherRuns, CannotLock, only_one
from assistant.terminal.start.announce import announce
from assistant.terminal.start.this_machine import ThisMachine, device, is_recording, wav_file, wav_sink
from assistant.web import ScreenPage
from assistant.wire import build
from assistant.wire.lockstep import Nowhere, Sink
from assistant.wire.parts import Observer
from assistant.wire.session_run import Devices, SessionRun, begin_with
from assistant.wire.trace import TraceWriter, open_trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The command line's options."""

    routine: str | None
    microphone: str | None
    speaker: str | None
    is_typed: bool
    pace: Literal["real", "max"]
    trace: Path | None
    says_why: bool = False
    """The trace also holds why something was refused."""
    is_from_page: bool = False
    """It was begun on a page: nobody sits at the keyboard."""


class TerminalRun:
    """A session from its first word to its last, in a terminal, with whatever this machine has."""

    def __init__(
        self, wish: Wish, settings: Settings, where: Folders, console: Console, page: ScreenPage | None = None
    ) -> None:
        """Read all files; `page` shows the session too.

        Raises BadFiles for a broken shipped file, UnknownName for an unknown routine.
        """
        self._wish = wish
        self._settings = settings
        self._where = where
        self._console = console
        self._page = page
        self._loaded = build.load_files(settings, where)
        for problem in self._loaded.problems:
            self._note(str(problem))
        if page is not None:
            page.show(self._loaded)
        self._begin = begin_with(self._loaded, settings, wish.routine, self._note)
        self._own, unusable = ({}, ()) if wish.is_typed else build.pronunciations(settings, where)
        for problem in unusable:
            self._note(str(problem))

    def run(self) -> None:
        """Run to the end. Raises a TuinaError where it cannot begin, AnotherRuns before anything is changed."""
        with ExitStack() as stack:
            self._be_the_only_one(stack)
            journal = build.journal(self._where.journal, self._note)
            if journal:
                stack.callback(journal.close)
            run = SessionRun(
                self._loaded,
                self._settings,
                self._where,
                begin=self._begin,
                journal=journal,
                observers=self._observers(stack),
                note=self._note,
                own=self._own,
                closing=stack,
            )
            if self._wish.pace == "real":
                run.live(self._devices())
            elif self._wish.is_typed:
                run.typed(sys.stdin, self._file_sink(stack))
            else:
                run.heard(self._recording(), self._file_sink(stack), str(self._wish.microphone))

    def _be_the_only_one(self, stack: ExitStack) -> None:
        try:
            stack.enter_context(only_one(self._where.lock))
        except AnotherRuns as error:
            if self._wish.pace == "real" and not (self._page and self._page.sound):
                self._announce(self._loaded.pack.replies.get("already_running", error.what))
            raise
        except CannotLock as error:
            self._note(f"If tuina is started a second time, nobody will notice: {error}")

    def _announce(self, text: str) -> None:
        wanted = self._wish.speaker or self._settings.speaker
        if wanted != "none" and not (wanted and is_recording(wanted)):
            voice = build.voice(self._settings.voice, self._settings.language, self._note)
            announce(text, build.clips(voice, None), device(wanted), self._note)

    def _observers(self, stack: ExitStack) -> tuple[Observer, ...]:
        conversation = Conversation(self._console)
        stack.callback(conversation.close)
        watching: tuple[Observer, ...] = (conversation,) if self._page is None else (conversation, self._page)
        if self._wish.trace is None:
            return watching
        return *watching, self._trace(self._wish.trace, stack)

    def _devices(self) -> Devices:
        wish, settings = self._wish, self._settings
        microphone, speaker = wish.microphone or settings.microphone, wish.speaker or settings.speaker
        keyboard = not wish.is_from_page
        here = ThisMachine(microphone, speaker, self._note, is_typed=wish.is_typed, reads_keyboard=keyboard)
        if self._page is None:
            return here
        return self._page.beside(self._page.devices(self._note) or here, began=wish.is_from_page)

    def _recording(self) -> WavFile:
        if self._wish.microphone is None or not is_recording(self._wish.microphone):
            raise TuinaError(
                "--pace max counts time in samples, and a microphone cannot be hurried",
                remedy="Give a recording (--mic FILE.wav) or type (--typed)",
            )
        return wav_file(self._wish.microphone, self._note)

    def _file_sink(self, stack: ExitStack) -> Sink:
        wanted = self._wish.speaker
        if wanted is None or wanted == "none":
            return Nowhere()
        if not is_recording(wanted):
            raise TuinaError(
                "--pace max cannot wait for a speaker",
                where=wanted,
                remedy="Give --speaker FILE.wav or --speaker none",
            )
        return wav_sink(Path(wanted), stack)

    def _trace(self, path: Path, stack: ExitStack) -> TraceWriter:
        writer = open_trace(path, self._loaded.library, says_why=self._wish.says_why)
        stack.callback(lambda: self._note(f"{path}: {writer.problem}") if writer.problem else None)
        stack.callback(writer.close)
        self._note(f"{path} will hold all that you say and answer. “Forget me” does not find it: delete it yourself.")
        return writer

    def _note(self, text: str) -> None:
        self._console.print(f"[dim]{escape(printable(text))}[/dim]", soft_wrap=True)
        if self._page is not None:
            self._page.note(text)
