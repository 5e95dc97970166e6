"""A page as the devices of a session. `wire/session_run.py` says what the methods of devices are."""

from __future__ import annotations

import threading

from assistant.capture.echo import EchoCanceller
from assistant.errors import DeviceError
from assistant.messages import BLOCK_S
from assistant.web.sound_ends import PageMicrophone, PageSpeaker
from assistant.web.sound_link import SoundLink
from assistant.wire.build import Notify
from assistant.wire.echo_reference import overheard
from assistant.wire.runtime import EarThread
from assistant.wire.session_run import LiveParts

MOST_S = 0.5  # for the last 0.2 s, which were sent ahead; a page that takes longer has stopped playing; chosen


class SoundDevices:
    """The microphone and the loudspeaker of whichever page has the sound. What is missing is waited for."""

    is_typed = False
    is_here = False

    def __init__(self, link: SoundLink, note: Notify) -> None:
        """Take the link to the page; `note` is told what is used and what is missing."""
        self._link = link
        self._note = note
        self._speaker: PageSpeaker | None = None

    def open_output(self, parts: LiveParts, echo: EchoCanceller | None) -> PageSpeaker:
        """Begin to play on the page; until there is one, time passes unheard."""
        render = overheard(parts.player.render, echo)
        speaker = self._speaker = PageSpeaker(self._link.state, render, parts.player, clock=parts.clock)
        self._link.attach(speaker, note=self._note)
        parts.closing.callback(self._close)
        parts.closing.callback(self._play_out)
        try:
            speaker.start()
        except DeviceError as error:
            self._note(f"No speaker: {error}")
        else:
            self._note(f"Speaker: {speaker.device_name}")
        return speaker

    def open_input(self, parts: LiveParts, ear: EarThread) -> tuple[PageMicrophone, int]:
        """Begin to hear the page."""
        microphone = PageMicrophone(
            self._link.state, lambda frames, at_s: ear.take_raw(microphone, frames, at_s), clock=parts.clock
        )
        ear.listen()
        parts.closing.callback(microphone.stop)
        self._link.attach(self._speaker, microphone, self._note)
        try:
            microphone.start()
        except DeviceError as error:
            self._note(f"No microphone: {error}")
        else:
            self._note(f"Microphone: {microphone.device_name}")
            self._note_its_echo()
        return microphone, 1

    def _note_its_echo(self) -> None:
        state = self._link.state()
        if state is not None and state.microphone is not None and state.microphone.cancels_echo:
            self._note("The browser changes the microphone's sound by itself; words spoken over mine may be lost.")

    def _play_out(self) -> None:
        """Wait for the last words: the session is over once they are rendered, and 0.2 s are sent ahead."""
        sent, pause = self._link.sent, threading.Event()
        for _ in range(round(MOST_S / BLOCK_S)):
            if self._link.is_heard(sent):
                break
            pause.wait(BLOCK_S)

    def _close(self) -> None:
        self._link.attach(None)
        if self._speaker is not None:
            self._speaker.stop()
