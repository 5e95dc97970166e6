"""The figures of a run as tables for a terminal. Prints; counts nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.wire.bench.ears import ENGINES
from assistant.wire.bench.judge import Item
from assistant.wire.bench.record import cpu_per_s
from assistant.wire.bench.run import Run
from assistant.wire.bench.tally import GROUPS, NOTHING, Tally, tally, tally_by
from assistant.wire.bench.wording import hourly_words, seconds_words, share_words, slots_words

MOST_ERRORS = 20
LONG = 25  # values of a group that still fit a screen; a longer table is in the HTML report


def show(console: Console, runs: Sequence[Run]) -> None:
    """Print everything that a person looks at first."""
    console.print(_overview(runs))
    for found in runs:
        console.print(f"\n[bold]{found.spec.engine}[/bold]  [dim]{escape(ENGINES[found.spec.engine])}[/dim]")
        for group in GROUPS:
            held = tally_by(found.items, group)
            if 1 < len(held) <= LONG or group == "kind":
                console.print(_group(group, held))
        _print_errors(console, found)
        for line in found.broken:
            console.print(f"[bold red]left out:[/bold red] {escape(line)}", soft_wrap=True)
    console.print(
        "\n[dim]In brackets: 95 % intervals (Wilson; Poisson for the hour). Commands right: exactly the wanted intent "
        "and slots, once. False: any action where nothing must be done. CPU: processor seconds for a second of sound, "
        "with 1.3 s of quiet around each clip. Reaction: from the end of the word, sound and processor time.[/dim]"
    )


def _overview(runs: Sequence[Run]) -> Table:
    table = Table(title="Commands and false actions", title_justify="left", box=None, pad_edge=False)
    for name in ("engine", "commands right", "rejected", "wrong", "false clips", "false an hour"):
        table.add_column(name, justify="left" if name == "engine" else "right", overflow="fold")
    for name in ("CPU/s", "memory", "reaction p50", "p95"):
        table.add_column(name, justify="right")
    for found in runs:
        whole = tally(found.items)
        peak = found.costs.get("peak_mb")
        table.add_row(
            found.spec.engine,
            *_right(whole),
            *_false(whole),
            _figure(cpu_per_s(found), "{:.3f}"),
            _figure(peak, "{:.0f} MB"),
            seconds_words(whole.reaction(0.5)),
            seconds_words(whole.reaction(0.95)),
        )
    return table


def _group(group: str, held: dict[str, Tally]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(group, overflow="fold", style="cyan")
    for name in ("commands right", "rejected", "wrong", "false clips", "false an hour"):
        table.add_column(name, justify="right")
    for name, counts in held.items():
        table.add_row(escape(name), *_right(counts), *_false(counts))
    return table


def _right(counts: Tally) -> tuple[str, str, str]:
    if not counts.n:
        return "", "", ""
    wrong = f"[red]{counts.wrong}[/red]" if counts.wrong else "0"
    return share_words(counts.right, counts.n), str(counts.rejected), wrong


def _false(counts: Tally) -> tuple[str, str]:
    if not counts.negative_clips:
        return "", ""
    return share_words(counts.false_clips, counts.negative_clips), hourly_words(counts)


def _print_errors(console: Console, found: Run) -> None:
    """What was done wrongly comes first; what was only refused is left to the reports where there is much of it."""
    bad = sorted(
        (item for item in found.items if item.verdict not in ("right", "quiet")),
        key=lambda item: ("false", "wrong", "rejected").index(item.verdict),
    )
    if not bad:
        return
    table = Table(box=None, pad_edge=False)
    for name in ("", "clip", "said", "wanted", "heard as", "score"):
        table.add_column(name, overflow="fold", justify="right" if name == "score" else "left")
    for item in bad[:MOST_ERRORS]:
        table.add_row(*(escape(cell) for cell in error_cells(item)))
    console.print(table)
    if len(bad) > MOST_ERRORS:
        console.print(f"[dim]and {len(bad) - MOST_ERRORS} more: --json or --html names them all[/dim]")


def error_cells(item: Item) -> tuple[str, ...]:
    """Verdict, clip, words, wanted, heard, score."""
    told = item.told
    place = item.row.file if item.condition in ("clean", item.row.condition) else f"{item.row.file} ({item.condition})"
    heard = "nothing" if told is None else told.heard.text or "no words"
    if told is not None and told.heard.is_sure and not told.is_legal:
        heard += " (not now)"
    wanted = NOTHING if item.row.intent is None else slots_words(item.row.intent, item.row.slots or {})
    return item.verdict, place, item.row.text or "", wanted, heard, f"{told.heard.score:.1f}" if told else ""


def _figure(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)
