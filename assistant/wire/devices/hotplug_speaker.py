"""A speaker that was missing at the start: until it is plugged in, a substitute plays or writes the sound."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assistant.capture.devices import PortAudio
from assistant.clock import Clock
from assistant.messages import Pcm
from assistant.wire.devices.speaker import Speaker


class LateSpeaker(Speaker):
    """A speaker that takes over at its first successful `start`; before that it was never open."""

    def __init__(
        self,
        device: str | int | None,
        render: Callable[[int], Pcm],
        stop_other: Callable[[], None],
        *,
        on_lack: Callable[[int], None] = lambda _: None,
        clock: Clock | None = None,
        sound: PortAudio = None,
    ) -> None:
        """Take the device; `stop_other` ends the substitute's calls of `render` before this one begins."""
        super().__init__(device, self._render_or_wait, on_lack=on_lack, clock=clock, sound=sound)
        self._render_at_last = render
        self._stop_other: Callable[[], None] | None = stop_other

    def start(self) -> None:
        """Open the device, and take over. Raises DeviceError; then the substitute continues."""
        super().start()
        if self._stop_other is not None:
            self._stop_other()
            self._stop_other = None

    def _render_or_wait(self, count: int) -> Pcm:
        return self._render_at_last(count) if self._stop_other is None else np.zeros(count, np.int16)
