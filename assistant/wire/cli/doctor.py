"""`tuina doctor`: try every part of this machine, and say what to do about each. Prints; wire/doctor.py finds out."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from assistant.wire.conversation import printable
from assistant.wire.doctor import Finding, can_run
from assistant.wire.examine import examine
from assistant.wire.settings import EngineName, VoiceName, folders, resolve

COLOUR = {"good": "green", "missing": "yellow", "broken": "bold red"}


def doctor(
    mic: Annotated[str | None, typer.Option(metavar="DEVICE", help="Part of the microphone's name.")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="DEVICE", help="Part of the speaker's name.")] = None,
    engine: Annotated[EngineName | None, typer.Option(help="The ear to try.")] = None,
    voice: Annotated[VoiceName | None, typer.Option(help="The voice to try.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")] = False,
) -> None:
    """Try microphone, speaker, voice, ear and files; say of each whether it is good, and what to do.

    Listens for a third of a second and plays one short sign; keeps nothing. The exit code is 0 when a session can run
    in some form (also typed, or without sound), else 1.
    """
    where = folders()
    settings, _ = resolve(where, {"microphone": mic, "speaker": speaker, "engine": engine, "voice": voice})
    console = Console()
    findings = []
    for finding in examine(settings, where):
        findings.append(finding)
        if as_json:
            typer.echo(json.dumps(dataclasses.asdict(finding)))
        else:
            console.print(line(finding), soft_wrap=True, highlight=False)
    runs = can_run(findings)
    if not as_json:
        verdict = "A session can run." if runs else "A session cannot run yet: mend what is broken above."
        console.print(f"\n{verdict}", soft_wrap=True)
    raise typer.Exit(0 if runs else 1)


def line(finding: Finding) -> str:
    """One finding in rich's markup."""
    colour = COLOUR[finding.verdict]
    words = escape(printable(finding.what))
    remedy = f" → {escape(printable(finding.remedy))}" if finding.remedy else ""
    return f"[{colour}]{finding.verdict:8}[/{colour}] {finding.part:11} {words}{remedy}"
