"""Little memory is kept in hand, where the C library can be asked. How much that saves: benchmarks/session.py."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from assistant.terminal.start import malloc_arenas


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked")
def test_threads_share_one_heap():
    """Without it each of eight threads that want memory would get a heap of its own from the system."""
    program = """
import ctypes, sys, threading
from assistant.terminal.start.malloc_arenas import keep_little
if "keep" in sys.argv:
    assert keep_little()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
places = []
together = threading.Barrier(8)
def ask():
    together.wait()
    places.append(libc.malloc(1_000))
    together.wait()
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len({place >> 26 for place in places}))  # glibc's heaps for threads are 64 MB apart
"""

    heaps = [
        int(subprocess.run([sys.executable, "-c", program, word], capture_output=True, check=True, timeout=60).stdout)
        for word in ("keep", "as it is")
    ]

    assert heaps[0] == 1
    assert heaps[1] > 1


def test_elsewhere_nothing_is_asked(monkeypatch):
    """Other systems give memory back by themselves."""
    monkeypatch.setattr(sys, "platform", "darwin")

    assert malloc_arenas.keep_little() is False
