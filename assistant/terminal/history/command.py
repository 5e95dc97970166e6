"""`tuina history`: prints the sessions of this machine as a table, writes them to a file, or deletes them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.errors import TuinaError
from assistant.store.forget import forget_files
from assistant.store.journal import HistoryRow, Journal, SessionRecord, history_rows
from assistant.store.journal.database import beside
from assistant.store.pronunciations import Pronunciations
from assistant.store.settings import Folders, folders
from assistant.terminal.history.table import as_csv, as_json, picture
from assistant.terminal.screen import printable
from assistant.terminal.single_instance import only_one

FORGOTTEN = "Everything that was remembered of you is deleted."
LATEST = 20  # sessions in the table; the files contain all
CAPTION = """
[dim]done: techniques. left, right, both: repetitions; both is for techniques that have no sides.
before, after: discomfort, zero to ten. * not done to its end.[/dim]"""


def history(
    csv: Annotated[Path | None, typer.Option(help="Write every session to this file, one line each.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write every session with all its notes to this file.")] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Delete everything that this machine remembers about you.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --forget: do not ask.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --csv or --json: overwrite the file.")] = False,
) -> None:
    """Show the sessions so far: when, how long, how many on each side, the discomfort before and after, pain.

    Only these numbers are kept, on this machine: no sound, nothing that was said, no answers to the safety questions.
    """
    where = folders()
    console = Console(highlight=False)
    if forget:
        _forget(where, console, is_sure=yes)
        return
    sessions, left_out = _sessions(where)
    if left_out:
        console.print(f"{left_out} damaged lines of the journal are left out of this; see: tuina doctor")
    if csv:
        _write(csv, as_csv(history_rows(sessions)), where, console, may_overwrite=force)
    if json:
        _write(json, as_json(sessions), where, console, may_overwrite=force)
    if not (csv or json):
        _show(history_rows(sessions), console)


def _sessions(where: Folders) -> tuple[tuple[SessionRecord, ...], int]:
    """Return the sessions, and how many rows are damaged, of whatever kind."""
    if not where.journal.exists():
        return (), 0
    with closing(Journal(where.journal, may_mend=False)) as journal:
        return journal.sessions(), journal.damaged


def _show(table: Sequence[HistoryRow], console: Console) -> None:
    if not table:
        console.print("No session yet. Begin one with: [bold]tuina start[/bold]")
        return
    console.print(_table(table[-LATEST:]))
    console.print(CAPTION)
    if len(table) > LATEST:
        console.print(f"\nThe last {LATEST} of {len(table)} sessions; --csv FILE writes all of them.")
    if lines := picture(table):
        console.print("\n[bold]Discomfort, zero to ten[/bold]", *lines, sep="\n")


def _table(table: Sequence[HistoryRow]) -> Table:
    shown = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    shown.add_column("date", no_wrap=True)
    shown.add_column("routine")
    for name in ("min", "done", "left", "right", "both", "before", "after", "pain"):
        shown.add_column(name, justify="right")
    for row in table:
        routine = escape(printable(row.routine)) or "–"
        numbers = (row.minutes, row.techniques, row.left, row.right, row.both, row.before, row.after, row.pains or None)
        cells = ["–" if number is None else str(number) for number in numbers]
        ended = "" if row.is_finished else "*"
        shown.add_row(row.begun[:16].replace("T", " "), routine + ended, *cells)
    return shown


def _forget(where: Folders, console: Console, *, is_sure: bool) -> None:
    """Delete everything. Raises TuinaError while a session runs, since it would write the deleted data again."""
    if not is_sure and not typer.confirm(
        "Delete every session, the saved place, all dates and pronunciations, for good?"
    ):
        console.print("Nothing was deleted.")
        return
    was_there = bool(Pronunciations(where.config).people()) or where.clips.exists()
    if not where.journal.parent.exists():
        forget_files(where)
        console.print(FORGOTTEN if was_there else "Nothing is remembered.")
        return
    with only_one(where.lock):
        forget_files(where)
        with closing(Journal(where.journal)) as journal:
            journal.forget_everything()
    console.print(FORGOTTEN)


def _write(path: Path, text: str, where: Folders, console: Console, *, may_overwrite: bool) -> None:
    """Write a file of the person's choice. Raises TuinaError; the journal itself is overwritten by nothing."""
    if path.resolve() in {one.resolve() for one in (*beside(where.journal), where.config / "settings.yaml")}:
        raise TuinaError("this file is one of tuina's own", where=str(path), remedy="Choose another file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if may_overwrite else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise TuinaError(
            "there is such a file already", where=str(path), remedy="Choose another name, or overwrite it with --force"
        ) from error
    except OSError as error:
        raise TuinaError(
            f"the history cannot be written ({error.strerror})", where=str(path), remedy="Choose another file"
        ) from error
    console.print(f"Written: {escape(str(path))}", soft_wrap=True)
