"""Keeps a crash from writing this process' memory to disk: it holds what was said, and answers about health."""

from __future__ import annotations


def write_none() -> bool:
    """Allow no core file, here and in every child process; false where the system has no such limit (Windows).

    A program that takes cores through a pipe is told the limit, and must heed it itself (core(5)).
    """
    try:
        import resource
    except ImportError:
        return False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return True
