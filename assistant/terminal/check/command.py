"""`tuina check`: every problem of every file, in the form that editors can jump to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.store.settings import folders
from assistant.terminal.check.engines import ears
from assistant.terminal.check.files import Checked, check_all, check_path


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files or folders. Without any: all of them.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language whose words are checked, as two letters.")] = "en",
) -> None:
    """Check routines, techniques, commands and replies: ours and your own. Ends with 1 where something is wrong."""
    console = Console(highlight=False, soft_wrap=True)
    where = folders()
    with ears(language, where.models) as (there, missing):
        if not paths:
            checked = [check_all(language=language, user_folder=where.config, ears=there)]
        else:
            checked = [check_path(path, language=language, ears=there) for path in paths]
    found = dict.fromkeys(problem for one in checked for problem in one.problems)
    warned = dict.fromkeys([*missing, *(warning for one in checked for warning in one.warnings)])
    for warning in warned:
        console.print(f"{warning} (warning)", markup=False, style="yellow")
    for problem in found:
        console.print(str(problem), markup=False)
    console.print(_summary(checked, len(found), len(warned)), style="bold red" if found else "bold green")
    if found:
        raise typer.Exit(1)


def _summary(checked: list[Checked], problems: int, warnings: int) -> str:
    if len(checked) == 1:
        return checked[0].summary()
    counts = [(problems, "problem"), (warnings, "warning")]
    told = [f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
    return f"{len(checked)} paths: {', '.join(told) if problems else ', '.join(['all good', *told])}"
