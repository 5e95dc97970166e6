"""`tuina card`: what can be said, on one screen or on one printed page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.errors import TuinaError
from assistant.store.library import load
from assistant.terminal.card.contents import Section, card_for, firsts
from assistant.terminal.card.contents import card as sections_of
from assistant.terminal.card.page import as_html


def card(
    html: Annotated[
        Optional[Path],
        typer.Option("--html", metavar="FILE", help="Write it for printing to this file, with a page of drawings."),
    ] = None,
    state: Annotated[
        Optional[str],
        typer.Option(help="Everything that is understood in one state: counting, paused, ..."),
    ] = None,
    language: Annotated[str, typer.Option(help="The language of the commands, as two letters.")] = "en",
) -> None:
    """Show what you can say, by situation; or write it as a page to print and hang up."""
    loaded = load(language)
    pack = loaded.pack
    sections = card_for(pack, state) if state else sections_of(pack)
    console = Console(highlight=False)
    if html is None:
        console.print(_table(sections))
        return
    drawings = () if state else firsts(loaded.library)
    try:
        html.write_text(as_html(sections, language=language, drawings=drawings), encoding="utf-8")
    except OSError as error:
        raise TuinaError(
            f"the card cannot be written: {error.strerror or error}",
            where=str(html),
            remedy="Name a file in a folder that exists and may be written",
        ) from error
    pages = "two pages A4, what to say and the techniques" if drawings else "one page A4"
    console.print(f"Wrote {escape(str(html))}. Open it in a browser and print it: {pages}.", soft_wrap=True)


def _table(sections: Sequence[Section]) -> Table:
    """Return two columns: sections side by side, or the halves of a single one."""
    grid = Table.grid(padding=(0, 4, 0, 0))
    if len(sections) == 1:
        phrases = sections[0].phrases
        half = (len(phrases) + 1) // 2
        grid.add_row(f"[bold]{escape(sections[0].title)}[/bold]", "")
        grid.add_row(*(escape("\n".join(part)) for part in (phrases[:half], phrases[half:])))
        return grid
    blocks = [_block(section, is_first=i == 0) for i, section in enumerate(sections)]
    for i in range(0, len(blocks), 2):
        grid.add_row(*blocks[i : i + 2])
    return grid


def _block(section: Section, *, is_first: bool) -> str:
    colour = "red" if is_first else "cyan"
    phrases = "\n".join(f"  {escape(phrase)}" for phrase in section.phrases)
    return f"[bold {colour}]{escape(section.title)}[/bold {colour}]\n{phrases}\n"
