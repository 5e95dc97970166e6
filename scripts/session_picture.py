"""Draws docs/session.svg: the beginning of `tuina demo`, as a picture of a terminal. Run it when the words change."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console

from assistant.store.settings import Folders, resolve
from assistant.terminal.demo.play import PERSON, run_demo

LINES = 12  # of the script: a start, a clue, a count, how many left, slower, a pause
OUT = Path(__file__).parent.parent / "docs" / "session.svg"


def main() -> None:
    """Run the real demo in an empty home, and write its output as SVG without external fonts."""
    with tempfile.TemporaryDirectory() as home:
        where = Folders(config=Path(home), data=Path(home), cache=Path(home))
        console = Console(record=True, width=118, file=io.StringIO(), force_terminal=True)
        script = [line for line in (PERSON / "script.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
        run_demo(resolve(where, {}, {})[0], where, console, Path(home) / "demo.wav", script=script[:LINES])
    drawn = console.export_svg(title="tuina demo")
    OUT.write_text(re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
