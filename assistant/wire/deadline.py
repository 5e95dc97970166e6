"""Ends what may hang in a driver: a call gets a thread and a time, and is left behind when the time is over."""

from __future__ import annotations

import threading
from collections.abc import Callable


def finish_within(action: Callable[[], None], seconds: float) -> bool:
    """Whether `action` came back in time. If not, its thread stays behind and dies with the program.

    Raises whatever `action` raised.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - carried over to the caller's thread
            raised.append(error)

    thread = threading.Thread(target=run, name="finish_within", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    return not thread.is_alive()
