"""Two machines of a network, made of two network namespaces: without --lan the other one reaches nothing of ours."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.rigs.not_tested import not_tested
from tests.web.desk import ROOT, SOON_S, tuina_serves

UNSHARE = ["unshare", "--user", "--map-root-user", "--net"]
OURS, OTHER = "10.99.77.1", "10.99.77.2"
NETWORK = f"""
set -e
unshare --net sleep 600 & other=$!
trap 'kill $other $served' TERM
until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
ip link add ours type veth peer name other netns $other
ip address add {OURS}/24 dev ours
ip link set lo up
ip link set ours up
ip route add default via {OTHER}
nsenter --target $other --net ip address add {OTHER}/24 dev other
nsenter --target $other --net ip link set other up
echo $other
"$@" & served=$!
wait $served
"""
"""Makes both machines, prints the other one's process, and runs a command on ours until it is told to end."""

TRIES = """
import socket, sys
for place in sys.argv[1:]:
    address, port = place.split(":")
    try:
        socket.create_connection((address, int(port)), 5).close()
        print("open")
    except OSError as error:
        print(type(error).__name__)
"""


@contextmanager
def served_in_a_network(home: Path, *words: str):
    """`tuina serve` on one machine; gives its process, and a process of the other machine."""
    serve = ["serve", "--no-open", "--port", "0", "--typed", "--speaker", "none", "--voice", "silent", *words]
    script = ["sh", "-c", NETWORK, "sh", sys.executable, "-m", "assistant", *serve]
    environment = {**os.environ, "TUINA_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([*UNSHARE, *script], cwd=home, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            other = process.stdout.readline().strip()
            assert other.isdigit(), "the two machines could not be joined"
            yield process, other
        finally:
            process.terminate()
            process.communicate(timeout=SOON_S)


def reached(other: str, *places: str) -> list[str]:
    """Return the end of connections of the other machine to these places, one word each."""
    enter = ["nsenter", "--target", other, "--user", "--net", "--preserve-credentials"]
    words = [*enter, sys.executable, "-c", TRIES, *places]
    return subprocess.run(words, capture_output=True, text=True, timeout=SOON_S, check=True).stdout.split()


def port_of(process: subprocess.Popen[str], text: str) -> str:
    """The port in the first printed line with this text."""
    for line in process.stdout:
        if text in line:
            return re.search(r":(\d+)/", line)[1]
    raise AssertionError(text)


@pytest.fixture
def _two_machines():
    """The programs that make machines of namespaces, and the right to do so; else only the bind check below is made."""
    missing = [one for one in ("unshare", "nsenter", "ip") if shutil.which(one) is None]
    if missing or subprocess.run([*UNSHARE, "true"], check=False, capture_output=True).returncode != 0:
        not_tested(f"network namespaces cannot be made here ({missing or 'not permitted'})", only_on_linux=True)


@pytest.mark.usefixtures("_two_machines")
def test_nothing_can_be_reached_from_another_machine(tmp_path):
    """It reaches our machine, which refuses: nothing listens there."""
    with served_in_a_network(tmp_path) as (process, other):
        port = port_of(process, "The page: ")

        assert reached(other, f"{OURS}:{port}") == ["ConnectionRefusedError"]


@pytest.mark.usefixtures("_two_machines")
def test_with_lan_only_the_encrypted_port_can_be_reached(tmp_path):
    """The page of the machine itself stays on loopback. The test above can tell an open port from a closed one."""
    with served_in_a_network(tmp_path, "--lan") as (process, other):
        port = port_of(process, "The page: ")
        secure = port_of(process, f"https://{OURS}")

        assert reached(other, f"{OURS}:{port}", f"{OURS}:{secure}") == ["ConnectionRefusedError", "open"]


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="only Linux has these tables")
def test_a_served_page_listens_on_loopback_and_nowhere_else(tmp_path):
    """The kernel's own list of what the process listens on; it needs no namespace."""
    with tuina_serves(tmp_path) as served:
        assert listening(served.process.pid) == {"127.0.0.1"}


def listening(pid: int) -> set[str]:
    """The addresses of all listening sockets of a process: its open files, looked up in the kernel's tables."""
    own = {str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()}
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = row.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in own:
                found.add(address_of(columns[1].split(":")[0], family))
    return found


def address_of(text: str, family: int) -> str:
    """An address as the kernel writes it: words of four bytes, the lowest first."""
    words = [bytes.fromhex(text[at : at + 8])[::-1] for at in range(0, len(text), 8)]
    return socket.inet_ntop(family, b"".join(words))
