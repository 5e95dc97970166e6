"""Abandons calls that hang in a driver: each runs on its own thread, and is left behind after its deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable


def finish_within(action: Callable[[], None], seconds: float) -> bool:
    """Run `action`; true if it returned in time. If not, its thread stays behind and dies with the program.

    Raises the exception of `action`.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - passed on to the caller's thread
            raised.append(error)

    thread = threading.Thread(target=run, name="finish_within", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    return not thread.is_alive()
