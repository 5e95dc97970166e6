"""`tuina list`: prints the routines with their steps, length and names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.durations import minutes
from assistant.routine import Library
from assistant.store.library import load
from assistant.store.settings import folders


def list_routines(
    language: Annotated[str, typer.Option(help="The language of the names, as two letters.")] = "en",
) -> None:
    """Show the routines: their steps, how long they take, and how to ask for them."""
    user_folder = folders().config
    loaded = load(language, user_folder=user_folder)
    console = Console(highlight=False)
    console.print(_table(loaded.library))
    console.print('\nStart one by voice ("start the evening routine") or with: [bold]tuina start NAME[/bold]')
    console.print("Drawings of the techniques, to print: [bold]tuina card --html FILE[/bold]")
    console.print(_own(user_folder, len(loaded.problems)), soft_wrap=True)


def _table(library: Library) -> Table:
    table = Table("name", "say", "about", "steps", box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for routine in library.routines.values():
        words = routine.words[library.language]
        title = f"[bold]{escape(routine.id)}[/bold]" + (" (yours)" if routine.is_users else "")
        steps = "\n".join(
            f"{i}. {escape(library.words(step.technique).name)}" for i, step in enumerate(routine.steps, start=1)
        )
        said = escape(", ".join(words.spoken_names))
        table.add_row(title, said, f"{minutes(library, routine.id)} min", steps)
    return table


def _own(user_folder: Path, problems: int) -> str:
    if problems:
        return f"{problems} problem(s) in your own files, which are left out. See them with: [bold]tuina check[/bold]"
    return f"Your own routines go to: {escape(str(user_folder))}"
