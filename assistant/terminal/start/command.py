"""tuina start: a session."""

from __future__ import annotations

import sys
from enum import Enum
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Annotated, Optional, cast

import typer
from rich.console import Console

from assistant.capture.devices import find_device
from assistant.errors import DeviceError, TuinaError
from assistant.store.settings import Folders, Settings, folders
from assistant.terminal.choices import SPEAKER_OPTION, EngineChoice, VoiceChoice
from assistant.terminal.demo.command import demo
from assistant.terminal.screen import tell_problems
from assistant.terminal.start.malloc_arenas import keep_little
from assistant.terminal.start.page_address import NO_OPEN_OPTION, PORT_OPTION, tell_address
from assistant.terminal.start.run_session import TerminalRun, Wish
from assistant.terminal.streams import LastingScreen
from assistant.web import PORT, opened
from assistant.wire import build
from assistant.wire.preferences import resolve

ECHO_OPTION = typer.Option(help="Remove the loudspeaker's sound from the microphone's. off: for headphones.")
PERSON_OPTION = typer.Option(metavar="NAME", help="The person whose rehearsed words the ear knows; see: tuina rehearse")
SCREEN_OPTION = typer.Option("--screen", help="Show the session on a page in the browser, too; see: tuina serve")


class EchoMode(str, Enum):
    """The mode of echo cancellation."""

    auto = "auto"
    on = "on"
    off = "off"


class TimeSource(str, Enum):
    """The source of time."""

    real = "real"
    max = "max"


def start(
    routine: Annotated[Optional[str], typer.Argument(help="A routine's id or spoken name; see: tuina list.")] = None,
    mic: Annotated[Optional[str], typer.Option(help="Microphone: part of its name, its number, or a FILE.wav.")] = None,
    speaker: Annotated[Optional[str], SPEAKER_OPTION] = None,
    typed: Annotated[bool, typer.Option("--typed", help="Type the commands instead of saying them.")] = False,
    engine: Annotated[
        Optional[EngineChoice], typer.Option(help="The ear. auto: Vosk if its model is installed.")
    ] = None,
    voice: Annotated[Optional[VoiceChoice], typer.Option(help="The voice. auto: hibari for English.")] = None,
    echo: Annotated[Optional[EchoMode], ECHO_OPTION] = None,
    person: Annotated[Optional[str], PERSON_OPTION] = None,
    night: Annotated[
        bool, typer.Option("--night", help="Play no earcons: only the voice and the ticks of the count sound.")
    ] = False,
    emergency_number: Annotated[Optional[str], typer.Option(metavar="DIGITS", help="Default: by the locale.")] = None,
    pace: Annotated[TimeSource, typer.Option(help="real: by the clock. max: as fast as possible.")] = TimeSource.real,
    trace: Annotated[Optional[Path], typer.Option(help="Write every event and effect to this file.")] = None,
    why: Annotated[bool, typer.Option("--why", help="With --trace: also write why something was refused.")] = False,
    screen: Annotated[bool, SCREEN_OPTION] = False,
    port: Annotated[int, PORT_OPTION] = PORT,
    no_open: Annotated[bool, NO_OPEN_OPTION] = False,
) -> None:
    """Guide a massage by voice. Say "start", "next", "how many left", "pause", "that hurts", "help".

    Not a medical device, and not reviewed by a clinician. If it hurts, take your hands away.
    """
    keep_little()
    out = LastingScreen(sys.stdout)
    console = Console(file=cast("IO[str]", out))
    _take_odd_bytes()
    where = folders()
    given = {"engine": engine, "voice": voice, "echo": echo and echo.value, "person": person, "night": night or None}
    settings, problems = resolve(where, {**given, "emergency_number": emergency_number})
    tell_problems(problems, console)
    is_alone = pace is TimeSource.real and not sys.stdin.isatty() and not typed and mic is None
    if is_alone and not _has_microphone():
        console.print("No microphone and no terminal here, so this is the demo.\n")
        demo()
        return
    wish = Wish(
        routine=routine, microphone=mic, speaker=speaker, is_typed=typed, pace=pace.value, trace=trace, says_why=why
    )
    if screen:
        _run_with_a_page(wish, settings, where, console, port, opens=not no_open)
    else:
        TerminalRun(wish, settings, where, console).run()
    _tell_lost(out)


def _run_with_a_page(
    wish: Wish, settings: Settings, where: Folders, console: Console, port: int, *, opens: bool
) -> None:
    if wish.pace == "max":
        raise TuinaError("--screen follows the clock", remedy="Leave out --pace max")
    with opened(build.load_files(settings, where), where.journal, port) as page:
        tell_address(page.address, console, opens=opens)
        TerminalRun(wish, settings, where, console, page).run()


def _take_odd_bytes() -> None:
    """Let an odd byte in a typed line make it unknown, and do no other harm."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


def _tell_lost(out: LastingScreen) -> None:
    if out.problem:
        Console(stderr=True).print(f"The screen was lost: {out.problem}", soft_wrap=True)


def _has_microphone() -> bool:
    try:
        find_device(None, "input")
    except DeviceError:
        return False
    return True
