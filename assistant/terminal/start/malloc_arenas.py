"""Limits the memory that the C library keeps. A setting of the process, made once before any thread begins."""

from __future__ import annotations

import ctypes
import sys

# Most memory of a first session, 2026-11, benchmarks/session.py: 277 MB by glibc's defaults, 259 with one heap for all
# threads, 239 when free memory is also returned. Processor time is the same within its noise.
ARENAS = 1
KEPT_BYTES = 1_000_000
_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8  # malloc.h of glibc


def keep_little() -> bool:
    """Set the limits; true if they were accepted: glibc has them, other C libraries need none."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, ARENAS) and mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES))
