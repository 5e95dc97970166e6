"""The live line of `tuina doctor`. Only shows; live_levels.py measures."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.live import Live
from rich.text import Text

from assistant.messages import BLOCK_S, AudioBlock
from assistant.terminal.acoustics.room import SILENT_DBFS, SOFT_DBFS
from assistant.terminal.doctor.live_levels import LevelMeter
from assistant.terminal.screen import printable

LOWEST_DBFS = -80.0  # the left end of the bar; full scale is the right one
TOO_LOUD_DBFS = -6.0  # speech at this level clips: its peaks are 10 dB higher
WIDTH = 40  # characters
EVERY = round(0.1 / BLOCK_S)  # blocks: ten updates a second


def show(levels: LevelMeter, blocks: Iterable[AudioBlock], console: Console) -> None:
    """Show the blocks as they come; ends with them, or with Ctrl-C."""
    with Live(picture(levels), console=console, auto_refresh=False, transient=True) as live:
        try:
            for n, block in enumerate(blocks):
                levels.hear(block)
                if n % EVERY == 0:
                    live.update(picture(levels), refresh=True)
        except KeyboardInterrupt:
            return


def picture(levels: LevelMeter) -> Text:
    """Return the line: level as a bar and a number, a mark for the noise, speech or quiet, the last command."""
    line = Text()
    filled, noise = _place(levels.level_dbfs), _place(levels.noise_dbfs)
    colour = _colour(levels)
    for n in range(WIDTH):
        line.append("|" if n == noise else "█" if n < filled else "·", style="cyan" if n == noise else colour)
    line.append(f" {levels.level_dbfs:4.0f} dBFS, noise {levels.noise_dbfs:4.0f}, ")
    line.append("speech" if levels.is_speech else "quiet ", style="bold" if levels.is_speech else "dim")
    line.append("  " + "  ".join(f"“{printable(text)}”" if text else "(no command)" for text in levels.heard))
    return line


def _place(dbfs: float) -> int:
    share = (max(dbfs, LOWEST_DBFS) - LOWEST_DBFS) / -LOWEST_DBFS
    return min(round(share * WIDTH), WIDTH - 1)


def _colour(levels: LevelMeter) -> str:
    if levels.level_dbfs > TOO_LOUD_DBFS or levels.level_dbfs < SILENT_DBFS:
        return "red"
    return "yellow" if levels.is_speech and levels.level_dbfs < SOFT_DBFS else "green"
