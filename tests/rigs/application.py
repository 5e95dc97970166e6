"""The installed application as a process, with a virtual sound card for its ears and mouth."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.rigs.virtual_card import ROOT, Card


class Running:
    """The application from its start until `close`."""

    def __init__(self, card: Card, home: Path, words: tuple[str, ...], more: Mapping[str, str] | None = None) -> None:
        """Run `tuina` with these words; what it prints is kept in `home`.

        Its standard error has a file of its own: on a busy machine ALSA's library reports underruns there, in the
        middle of a line that a program wants to read.
        """
        self.printed, self._complaints = home / "printed.txt", home / "complaints.txt"
        with self.printed.open("wb") as out, self._complaints.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant", *words],
                cwd=home,
                env={**card.environment, "TUINA_HOME": str(home), "PYTHONPATH": str(ROOT), **(more or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
            )

    @property
    def told(self) -> str:
        """All that it printed so far, for a person."""
        return "\n".join(path.read_text("utf-8", "replace") for path in (self.printed, self._complaints))

    def close(self) -> None:
        """End it, however it is."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(5.0)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
