"""A run's figures as tables for a terminal of 80 columns. Prints; counts nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape as marked
from rich.table import Table

from assistant.terminal.bench.ears import TYPED, about
from assistant.terminal.bench.judge import JudgedClip
from assistant.terminal.bench.run import Run
from assistant.terminal.bench.tally import NOTHING, Tally, tally_by
from assistant.terminal.bench.wording import overview_rows, share_parts, slots_words, words_rows
from assistant.terminal.screen import printable

MOST_ERRORS = 15
MOST_WEAK = 8  # intents and voices; all of them are in the reports
WHOLE = ("kind", "speaker", "condition", "state")
WEAK = ("intent", "voice")
FOOT = (
    "In brackets 95 % intervals: Wilson, for the hour Poisson. Right: acts exactly once, with the wanted intent and "
    "slots. False: acts where nothing must be done. CPU: for a second of sound, with 1.3 s of quiet around each clip. "
    "Reaction: from the end of the word, sound and processor time."
)


def escape(text: str) -> str:
    """Return a manifest's text as it is: without markup or terminal controls."""
    return marked(printable(text))


def show(console: Console, runs: Sequence[Run]) -> None:
    """Print the main figures."""
    console.print(_overview(runs))
    for found in runs:
        console.print(f"\n[bold]{found.name}[/bold], [dim]{escape(about(found.spec))}[/dim]")
        console.print(_words(found))
        for group in WHOLE:
            held = tally_by(found.items, group)
            if len(held) > 1:
                console.print(_group(group, held))
        for group in WEAK:
            weak = _weakest(tally_by(found.items, group))
            if weak:
                console.print(_group(f"weakest {group}s", weak))
        _print_errors(console, found)
    for line in dict.fromkeys(line for found in runs for line in found.broken):
        console.print(f"[bold red]left out:[/bold red] {escape(line)}", soft_wrap=True)
    console.print(f"\n[dim]{FOOT}[/dim]")


def _overview(runs: Sequence[Run]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for found in runs:
        table.add_column(found.name, overflow="fold", style="bold" if len(runs) == 1 else "")
    for name, cells in overview_rows(runs):
        table.add_row(f"[cyan]{escape(name)}[/cyan]", *(escape(cell) for cell in cells))
    return table


def _words(found: Run) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("[dim]words[/dim]", "", "%", ""):
        table.add_column(name, overflow="fold", justify="left" if "words" in name else "right")
    for name, *cells in words_rows(found.items):
        table.add_row(escape(name), *map(escape, cells))
    return table


def _group(title: str, held: Mapping[str, Tally]) -> Table:
    table = Table(box=None, pad_edge=False, title_justify="left")
    table.add_column(f"[dim]{title}[/dim]", overflow="fold", max_width=24, min_width=14)
    for name in ("right", "%", "", "rejected", "wrong", "false", "%"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, counts in held.items():
        numbers = (
            (str(counts.rejected), f"[red]{counts.wrong}[/red]" if counts.wrong else "0") if counts.n else ("", "")
        )
        false, share, _ = share_parts(counts.false_clips, counts.negative_clips)
        false = f"[red]{false}[/red]" if counts.false_clips else false
        table.add_row(escape(name), *share_parts(counts.right, counts.n), *numbers, false, share)
    return table


def _weakest(held: Mapping[str, Tally]) -> dict[str, Tally]:
    """Return the groups that lack most, in clips; none where all is well."""
    weak = [(name, counts) for name, counts in held.items() if counts.right < counts.n]
    return dict(sorted(weak, key=lambda one: one[1].right - one[1].n)[:MOST_WEAK])


def _print_errors(console: Console, found: Run) -> None:
    bad = worst_first(found.items)
    if not bad:
        return
    table = Table(box=None, pad_edge=False)
    for name in ("", "said", "wanted", "heard as", "score", "clip"):
        table.add_column(f"[dim]{name}[/dim]", overflow="fold", justify="right" if name == "score" else "left")
    for item in bad[:MOST_ERRORS]:
        *cells, place = error_cells(item)
        table.add_row(*(escape(cell) for cell in (*cells, "/".join(place.split("/")[-2:]))))
    console.print(table)
    if len(bad) > MOST_ERRORS:
        console.print(f"[dim]and {len(bad) - MOST_ERRORS} more: --html or --json names them all[/dim]")


def worst_first(items: Sequence[JudgedClip]) -> list[JudgedClip]:
    """Return everything that was not right: false actions, then wrong ones, then refusals."""
    order = ("false", "wrong", "rejected")
    return sorted((item for item in items if item.verdict in order), key=lambda item: order.index(item.verdict))


def error_cells(item: JudgedClip) -> tuple[str, ...]:
    """Return verdict, words, wanted, heard, score, clip."""
    told = item.told
    heard = "no utterance" if told is None else told.heard.text or "no words"
    if told is not None and told.told.not_now is not None:
        heard += " (not now)"
    if item.asked is not None and not item.acts:
        heard += f" (asked: {item.asked[0]})"
    if len(item.acts) > 1:
        heard = " + ".join(act.utter.heard.text for act in item.acts)
    wanted = ", ".join(slots_words(name, slots) for name, slots in item.row.wishes) or NOTHING
    file = item.row.file or TYPED
    place = file if item.condition in {item.row.condition, TYPED} else f"{file} ({item.condition})"
    return item.verdict, item.row.text or "", wanted, heard, f"{told.heard.score:.1f}" if told else "", place
