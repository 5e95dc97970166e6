from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WATCHED = """
import sys

REACHING = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"}

def watch(event, arguments):
    if event in REACHING:
        sys.stderr.write(f"REACHED OUT: {event} {arguments}\\n")
        sys.stderr.flush()

sys.addaudithook(watch)
COMMAND
"""


def run(command, folder):
    """Run Python code in a process of its own whose every attempt to reach a network is written down."""
    return subprocess.run(
        [sys.executable, "-c", WATCHED.replace("COMMAND", command)],
        cwd=folder,
        env={**os.environ, "TUINA_HOME": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_whole_session_reaches_no_network(tmp_path):
    """From audio in over decode and dialogue to the voice, nobody even asks for an address."""
    done = run("sys.argv = ['tuina', 'demo']; from assistant.__main__ import main; main()", tmp_path)

    assert "REACHED OUT" not in done.stderr
    assert "Goodbye" in done.stdout
    assert done.returncode == 0


def test_the_watch_notices_a_download(tmp_path):
    """The same watch sees the one command that may reach out, so the test above can fail."""
    command = (
        "sys.argv = ['tuina', 'models', 'get', 'vosk-model-small-en-us-0.15', '--from', 'http://127.0.0.1:9/'];"
        "import time; time.sleep = lambda seconds: None;"
        "from assistant.__main__ import main; main()"
    )

    done = run(command, tmp_path)

    assert "REACHED OUT: socket.connect" in done.stderr
    assert "cannot be reached" in done.stderr
    assert done.returncode == 1
