"""The microphone and the loudspeaker of a page: devices like any other, that a page's frames drive instead of a driver.

The watch opens and closes them as it does those of this machine (`wire/devices/device_watch.py`); what a page sends
goes through the same counters, and what it plays through the same `_fill`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from assistant.capture.frame_cutter import FrameCutter
from assistant.capture.microphone import FrameSink, Microphone
from assistant.clock import Clock
from assistant.errors import DeviceError
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, Pcm
from assistant.speak.player import Player
from assistant.web.sound_frames import FromSound, PageMic, Problem
from assistant.wire.devices.speaker import Speaker

FRAMES = round(BLOCK_S * MOUTH_RATE_HZ)
MAY_PAUSE_S = 2.0  # with the 1 s of any device: a page that connects again within 3 s was not lost; chosen
WHERE = "browser"
REMEDY = "Press “Use the sound of this page” on a page of tuina"
WORDS: dict[Problem, str] = {
    "": "the page has no microphone",
    "denied": "the browser was not allowed to use a microphone",
    "insecure": "the browser gives no microphone to a page that comes without HTTPS from another machine",
    "none": "the browser found no microphone",
    "stopped": "the browser stopped the sound of the page",
    "unplugged": "the browser's microphone is gone",
}

State: TypeAlias = "Callable[[], FromSound | None]"
"""Returns the state of the page that has the sound; None while none is connected."""


class PageMicrophone(Microphone):
    """A microphone that a page gives. `take` runs on the server's loop."""

    may_pause_s = MAY_PAUSE_S

    def __init__(self, state: State, sink: FrameSink, *, clock: Clock | None = None) -> None:
        """Take the page's state and who gets the frames. Opens nothing."""
        super().__init__(None, sink, clock=clock)
        self._state = state
        self._given: PageMic | None = None
        self.is_started = False

    def start(self) -> None:
        """Begin with the microphone that the page has now. Raises DeviceError where it has none."""
        state = self._state()
        if state is None:
            raise DeviceError("no page gives its microphone", where=WHERE, remedy=REMEDY)
        if state.microphone is None:
            raise DeviceError(WORDS[state.problem], where=WHERE, remedy=REMEDY)
        self._forget()
        self._given = state.microphone
        self.device_name = f"{state.microphone.name or 'microphone'} ({WHERE})"
        self.rate_hz = state.microphone.rate_hz
        self.cutter = FrameCutter(self.rate_hz, 1, self._check)
        self.is_started = True

    def stop(self) -> None:
        """Take no more."""
        self.is_started = False

    def take(self, pcm: bytes) -> None:
        """Take 20 ms, int16 mono at the declared rate."""
        if self.is_started:
            self._take(pcm, len(pcm) // 2, None, None)

    def changed(self, state: FromSound) -> None:
        """Learn what the page has now; without the microphone that was opened, this one has ended."""
        if self.is_started and state.microphone != self._given:
            self.has_ended = True
            self.last_error = WORDS[state.problem] if state.microphone is None else "the page has another microphone"


class PageSpeaker(Speaker):
    """A loudspeaker that a page gives. Its blocks are asked for on the server's loop, and nowhere else."""

    may_pause_s = MAY_PAUSE_S

    def __init__(
        self, state: State, render: Callable[[int], Pcm], player: Player, *, clock: Clock | None = None
    ) -> None:
        """Take the page's state, and the player whose samples `render` gives. Opens nothing."""
        super().__init__(None, render, on_lack=player.skip, clock=clock)
        self._state = state
        self._player = player
        self._hushed_at = player.hushed_at
        self.is_started = False

    def start(self) -> None:
        """Begin to play. Raises DeviceError where no page has the sound."""
        if self._state() is None:
            raise DeviceError("no page plays the sound", where=WHERE, remedy=REMEDY)
        self._forget()
        self.device_name = f"loudspeaker ({WHERE})"
        self.is_started = True

    def stop(self) -> bool:
        """Fall silent."""
        self.is_started = False
        return True

    def next_block(self) -> tuple[Pcm, bool]:
        """Return the next 20 ms, int16 mono at 24 000 Hz; and true if nothing that was given before shall sound."""
        out = np.zeros((FRAMES, 1), np.int16)
        self._fill(out, FRAMES, None, None)
        before, self._hushed_at = self._hushed_at, self._player.hushed_at
        return out[:, 0], self._hushed_at != before

    def pass_time(self) -> None:
        """Let 20 ms pass that nobody hears, so that a session without its page comes to an end too.

        Raises nothing: it would end the time of every session. The error is kept, and read by the device watch.
        """
        with self._kept():
            self._render(FRAMES)

    def lacked(self, samples: int) -> None:
        """Leave out what the page lacked, so that the next beat is on its grid."""
        self.underruns += 1
        self._on_lack(samples)

    def _look_for_lack(self, _now_s: float, count: int) -> None:
        """The page tells what it lacked: a late request says more of the network than of its loudspeaker."""
        self._given += count
