"""A whole session opens no socket beyond the sound server's; the kernel sees what compiled libraries do, too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rigs.not_tested import not_tested

ROOT = Path(__file__).parents[2]
SPOKEN = ROOT / "assistant" / "terminal" / "demo" / "voice" / "start_the_evening_routine.flac"
SOCKET = re.compile(r"\bsocket\((AF_\w+)")
LOCAL = {"AF_UNIX"}  # the sound server's, and the name service's cache
CONTINUOUS = {"CI", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TF_BUILD"}  # onnxruntime may hold back there
WAIT_S = 20  # onnxruntime 1.32 reaches out 9 s after it was loaded
UNREACHABLE = "inject=connect,sendto,sendmmsg,sendmsg:error=ENETUNREACH"  # the control must reach nobody's server
WATCHED = f"""
import sys, time
FIRST
from assistant.__main__ import main
for command in COMMANDS:
    sys.argv = ["tuina", *command]
    try:
        main()
    except SystemExit as end:
        assert not end.code, end.code
print("loaded:", "onnxruntime" in sys.modules, flush=True)
time.sleep({WAIT_S})
"""
SESSION = ["start", "full", "--mic", str(SPOKEN), "--pace", "max", "--speaker", "none", "--voice", "hibari"]


@pytest.fixture(scope="session")
def strace() -> str:
    """The tracer. Without it these tests are skipped, but in continuous integration they fail."""
    found = shutil.which("strace")
    works = found and subprocess.run([found, "-qq", "-o", os.devnull, "true"], check=False).returncode == 0
    if not works:
        not_tested("strace is missing or may not trace here (apt install strace)", only_on_linux=True)
    return str(found)


def families(strace: str, folder: Path, commands: list[list[str]], *, first: str = "", inject: str = "") -> set[str]:
    """The address families of all sockets that the commands open, and their child processes, until 20 s afterwards."""
    log = folder / "strace.log"
    code = WATCHED.replace("FIRST", first).replace("COMMANDS", repr(commands))
    trace = ["-e", "trace=network", *(["-e", inject] if inject else [])]
    kept = {name: value for name, value in os.environ.items() if name not in {"ORT_DISABLE_TELEMETRY", *CONTINUOUS}}
    done = subprocess.run(
        [strace, "-f", "-qq", *trace, "-o", str(log), sys.executable, "-c", code],
        cwd=folder,
        env={
            **kept,
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "TUINA_HOME": str(folder / "tuina"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "loaded: True" in done.stdout, "the natural voice was not asked for"
    return set(SOCKET.findall(log.read_text(encoding="utf-8", errors="replace")))


def written_by_telemetry(folder: Path) -> set[str]:
    """Names of the files in the cache that Microsoft's telemetry keeps."""
    return {path.name for path in folder.rglob("Microsoft/**/*") if path.is_file()}


def test_a_whole_session_opens_no_socket(strace, tmp_path):
    """The demo and a session with the natural voice open no socket to any network, and keep no device id."""
    assert families(strace, tmp_path, [["demo"], SESSION]) <= LOCAL
    assert not written_by_telemetry(tmp_path)


def test_the_watch_notices_telemetry(strace, tmp_path):
    """With onnxruntime loaded before we turn its telemetry off, the same watch sees its sockets and its device id."""
    seen = families(strace, tmp_path, [SESSION], first="import onnxruntime", inject=UNREACHABLE)

    assert seen & {"AF_INET", "AF_INET6"}
    assert "deviceid" in written_by_telemetry(tmp_path)
