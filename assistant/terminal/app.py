"""The `tuina` command: its sub-commands, and the one place where an error becomes words and an exit code."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from assistant.errors import TuinaError
from assistant.terminal import hear, models
from assistant.terminal import list as list_command
from assistant.terminal.bench.command import bench
from assistant.terminal.card.command import card
from assistant.terminal.check.command import check
from assistant.terminal.demo.command import demo
from assistant.terminal.doctor.command import doctor
from assistant.terminal.history.command import history
from assistant.terminal.rehearse.command import rehearse
from assistant.terminal.replay.command import replay
from assistant.terminal.screen import printable
from assistant.terminal.serve import serve
from assistant.terminal.start.command import start

ABOUT = """
A hands-free voice guide for self-massage of the lower back, buttocks and legs. Works offline, keeps no audio.

Not a medical device, and not reviewed by a clinician. See a doctor first; stop when it hurts.

Try [bold]tuina demo[/bold] to hear a session, [bold]tuina start[/bold] to begin one.
"""

app = typer.Typer(help=ABOUT, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)
app.command("start")(start)
app.command("serve")(serve)
app.command("demo")(demo)
app.command("hear")(hear.hear)
app.command("rehearse")(rehearse)
app.command("list")(list_command.list_routines)
app.command("bench")(bench)
app.command("check")(check)
app.command("card")(card)
app.command("replay")(replay)
app.command("history")(history)
app.command("doctor")(doctor)
app.add_typer(models.app, name="models")


def main() -> None:
    """Run the command; an error of ours is printed without a traceback, and the exit code is 1."""
    try:
        app()
    except TuinaError as error:
        Console(stderr=True).print(f"[bold red]tuina:[/bold red] {escape(_clean(str(error)))}", soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)  # the shells' exit code of a program ended by Ctrl-C
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe is gone; Python would complain at exit
        sys.exit(1)


def _clean(text: str) -> str:
    return "\n".join(printable(line) for line in text.splitlines())
