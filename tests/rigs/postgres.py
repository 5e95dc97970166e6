"""A PostgreSQL server of a test's own: on a socket in its folder, without a port, and gone with the test."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rigs.not_tested import not_tested

OWNER = "postgres"  # Debian's user; root may not run the server
SOON_S = 60.0
QUICK = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=40", "shared_buffers=16MB")
PATIENT = "connect_timeout=60&options=-c%20statement_timeout%3D60s"  # a busy machine is no silent one
MISSING = "PostgreSQL's server is not installed: sudo apt install postgresql (scripts/set-up does it)"


class Postgres:
    """One server, which can be stopped and started; `address` leads to a database in it."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        self.process: subprocess.Popen[bytes] | None = None
        self.address = f"postgresql://{OWNER}@/postgres?host={folder}&{PATIENT}"

    def make(self) -> None:
        """Make the cluster."""
        self._run(
            "initdb", "--pgdata", str(self.folder / "data"), "-U", OWNER, "-A", "trust", "--no-sync", "-E", "UTF8"
        )

    def start(self) -> None:
        """Start the server, and wait until it lets somebody in."""
        settings = [word for one in QUICK for word in ("-c", one)]
        argv = ["postgres", "-D", str(self.folder / "data"), "-k", str(self.folder), *settings]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self._argv(*argv), stdout=log, stderr=log)
        until_s = time.monotonic() + SOON_S
        while self._run("pg_isready", "-q", "-h", str(self.folder), is_checked=False):
            assert time.monotonic() < until_s, (self.folder / "log").read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it at once, as a machine that loses its power does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(SOON_S)
            self.process = None

    def sql(self, text: str) -> str:
        """Give one command; return what it prints."""
        argv = self._argv("psql", "-qAtX", "-h", str(self.folder), "-U", OWNER, "-c", text, "postgres")
        return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=SOON_S).stdout.strip()

    def _argv(self, program: str, *words: str) -> list[str]:
        found = str(self.programs / program)
        return (
            ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups", found, *words]
            if _is_root()
            else [found, *words]
        )

    def _run(self, *words: str, is_checked: bool = True) -> int:
        done = subprocess.run(self._argv(*words), check=False, capture_output=True, cwd=self.folder, timeout=SOON_S)
        assert not is_checked or done.returncode == 0, done.stderr.decode()
        return done.returncode


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server until the block ends; skips the test where none is installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    if not installed and on_path is None:
        not_tested(MISSING, only_on_linux=True)
    programs = installed[-1].parent if installed else Path(str(on_path)).resolve().parent
    with tempfile.TemporaryDirectory(prefix="pg-") as name:  # short: a socket's path has 107 letters at most
        folder = Path(name)
        if _is_root():
            shutil.chown(folder, OWNER)
        server = Postgres(programs, folder)
        server.make()
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0
