"""tuina replay: the same events must give the same effects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.store.settings import folders
from assistant.terminal.replay.compare import replay_file
from assistant.wire import build
from assistant.wire.preferences import resolve


def replay(
    trace: Annotated[Path, typer.Argument(help="A trace written by: tuina start --trace FILE")],
) -> None:
    """Feed a trace's events to the dialogue again; its effects must come out the same, to the byte."""
    where = folders()
    settings, _ = resolve(where, {})
    events, effects = replay_file(trace, build.load_files(settings, where))
    Console().print(f"{trace}: {events} events gave the same {effects} effects.")
