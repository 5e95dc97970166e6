"""tuina demo: a session that needs neither a microphone nor a speaker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from assistant.store.settings import folders
from assistant.terminal.demo.play import run_demo
from assistant.wire.preferences import resolve

OUT = Path("out/demo.wav")


def demo(
    out: Annotated[Path, typer.Option(help="Where to write what the speaker played.")] = OUT,
    trace: Annotated[Optional[Path], typer.Option(help="Write every event and effect to this file.")] = None,
) -> None:
    """Run a session with a recorded person: print the conversation, and write what the speaker played."""
    where = folders()
    settings, _ = resolve(where, {})
    console = Console()
    console.print("[bold]A recorded person has a session.[/bold] Every word below was really heard or spoken.\n")
    run_demo(settings, where, console, out, trace=trace)
    console.print(f"\nWhat the speaker played: [bold]{out}[/bold]. Your own session: [bold]tuina start[/bold]")
