"""`tuina doctor`: tries every part of this machine, and reports each with a remedy. Prints; the other files check."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from assistant.decode.recogniser import Recogniser
from assistant.errors import DeviceError, EngineError
from assistant.store.settings import Folders, Settings, folders
from assistant.terminal.acoustics.room import MeasuredEcho, judge
from assistant.terminal.acoustics.wording import RoomWords, described
from assistant.terminal.choices import EngineChoice, VoiceChoice
from assistant.terminal.doctor.checks import Finding, can_run
from assistant.terminal.doctor.level_bar import show
from assistant.terminal.doctor.live_levels import LevelMeter, listening
from assistant.terminal.doctor.this_machine import examine
from assistant.terminal.screen import printable
from assistant.wire import build
from assistant.wire.preferences import resolve

SHOWN_S = 20  # chosen: enough for five commands
COLOUR = {"good": "green", "missing": "yellow", "broken": "bold red"}


def doctor(
    mic: Annotated[str | None, typer.Option(metavar="DEVICE", help="Part of the microphone's name.")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="DEVICE", help="Part of the speaker's name.")] = None,
    engine: Annotated[EngineChoice | None, typer.Option(help="The ear to try.")] = None,
    voice: Annotated[VoiceChoice | None, typer.Option(help="The voice to try.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")] = False,
) -> None:
    """Test the microphone, the speaker, the voice, the ear and the files, and say what to do.

    Where there are a microphone and a speaker it says two sentences and measures how it hears itself: be quiet
    meanwhile. In a terminal it then shows for twenty seconds what the microphone gives: say some commands. It keeps
    nothing. The exit code is 0 when a session can run in some form (also typed, or without sound), else 1.
    """
    where = folders()
    settings, problems = resolve(where, {"microphone": mic, "speaker": speaker, "engine": engine, "voice": voice})
    console = Console()
    findings = []
    echoes: list[MeasuredEcho] = []
    for finding in examine(settings, where, echoes.append, problems):
        findings.append(finding)
        if as_json:
            typer.echo(json.dumps(dataclasses.asdict(finding)))
        else:
            console.print(line(finding), soft_wrap=True, highlight=False)
    runs = can_run(findings)
    if not as_json:
        verdict = "A session can run." if runs else "A session cannot run yet: mend what is broken above."
        console.print(f"\n{verdict}", soft_wrap=True)
        if console.is_terminal and is_good(findings, "microphone", "files"):
            show_room(settings, where, console, echoes[0] if echoes else None)
    raise typer.Exit(0 if runs else 1)


def show_room(settings: Settings, where: Folders, console: Console, echo: MeasuredEcho | None) -> None:
    """Show the microphone's levels for some seconds, then the advice."""
    loaded = build.load_files(settings, where)
    console.print(f"\nSay some commands; this goes on for {SHOWN_S} seconds, or until Ctrl-C.", soft_wrap=True)
    try:
        levels = LevelMeter(_ear(settings, where, loaded))
        show(levels, listening(settings.microphone, SHOWN_S), console)
    except DeviceError as error:
        console.print(escape(printable(str(error))), soft_wrap=True)
        return
    room = dataclasses.replace(levels.room(), echo=echo)
    console.print(described(room), soft_wrap=True, highlight=False)
    for advice in judge(room):
        console.print(RoomWords(loaded.pack).advice(advice), soft_wrap=True)


def is_good(findings: Sequence[Finding], *parts: str) -> bool:
    """True if each of these parts was tried and is good."""
    return set(parts) <= {finding.part for finding in findings if finding.verdict == "good"}


def _ear(settings: Settings, where: Folders, loaded: build.LoadedFiles) -> Recogniser | None:
    """Return the session's ear; levels can be shown without one."""
    try:
        own, _ = build.pronunciations(settings, where)
        return build.ear(settings.engine, settings, where, loaded.phrases, own=own)
    except EngineError:
        return None  # the report above has given the reason


def line(finding: Finding) -> str:
    """Return one finding in rich's markup."""
    colour = COLOUR[finding.verdict]
    words = escape(printable(finding.what))
    remedy = f" → {escape(printable(finding.remedy))}" if finding.remedy else ""
    return f"[{colour}]{finding.verdict:8}[/{colour}] {finding.part:11} {words}{remedy}"
