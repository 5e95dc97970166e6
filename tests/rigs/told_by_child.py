"""Runs a function in a forked child that tells its parent facts through a pipe, a JSON object a line."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeAlias

Fact: TypeAlias = dict[str, Any]
Tell: TypeAlias = Callable[[Fact], None]


def in_a_child(live: Callable[[Tell], None]) -> tuple[list[Fact], bool]:
    """Fork; what the child told, and whether it came to its end. A traceback is told as such."""
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(mine)
        _live(live, theirs)
    os.close(theirs)
    with os.fdopen(mine, encoding="utf-8") as pipe:
        lines = pipe.read().split("\n")
    _, status = os.waitpid(child, 0)
    return [json.loads(line) for line in lines if line], os.WIFEXITED(status)


def _live(live: Callable[[Tell], None], out: int) -> None:
    def tell(fact: Fact) -> None:
        os.write(out, json.dumps(fact, ensure_ascii=False, default=str).encode() + b"\n")

    try:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
        live(tell)
    except BaseException:
        tell({"traceback": traceback.format_exc()})
        raise  # no further than to the end of the process
    finally:
        os._exit(0)
