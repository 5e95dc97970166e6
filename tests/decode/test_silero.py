"""The speech detector's loader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_silero_thinks_on_one_thread() -> None:
    """It starts no threads of its own, and leaves the limit of others as it was."""
    code = (
        "import os\n"
        "os.environ['OMP_THREAD_LIMIT'] = '7'\n"
        "from assistant.decode.silero import load_silero\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "load_silero().process_samples([0.1] * 512)\n"
        "print(len(os.listdir('/proc/self/task')) - before, os.environ['OMP_THREAD_LIMIT'])\n"
    )

    ended = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert ended.stdout.split() == ["0", "7"]
