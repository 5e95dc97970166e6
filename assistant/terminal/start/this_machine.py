"""The devices of this machine, as the command line and the settings name them, and what steps in for a missing one."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from assistant.capture.devices import is_number
from assistant.capture.echo import EchoCanceller
from assistant.capture.microphone import Microphone
from assistant.capture.wav_file import RECORDINGS, WavFile
from assistant.errors import DeviceError
from assistant.messages import MOUTH_RATE_HZ
from assistant.wire.build import Notify
from assistant.wire.deadline import finish_within
from assistant.wire.devices.device_watch import CLOSE_S
from assistant.wire.devices.hotplug_speaker import LateSpeaker
from assistant.wire.devices.speaker import Speaker
from assistant.wire.devices.wav_sink import WavSink
from assistant.wire.echo_reference import overheard
from assistant.wire.lockstep import Nowhere, Sink
from assistant.wire.runtime import EarThread, Pump, play_recording, read_lines
from assistant.wire.session_run import LiveParts

SPOKEN = Path("out/session.wav")  # where speech is written when there is no speaker


class ThisMachine:
    """The devices of a live session. Order: open_output, then open_input."""

    is_here = True

    def __init__(
        self, microphone: str | None, speaker: str | None, note: Notify, *, is_typed: bool, reads_keyboard: bool = True
    ) -> None:
        """Names, numbers or files; None takes the system's own. `note` is told what is used and what is missing."""
        self._microphone_name = microphone
        self._speaker_name = speaker
        self._note = note
        self._reads_keyboard = reads_keyboard
        self.is_typed = is_typed

    def open_output(self, parts: LiveParts, echo: EchoCanceller | None) -> Speaker | None:
        """The speaker that was asked for; a file where there is none. Raises DeviceError for a named one that fails."""
        wanted = self._speaker_name
        if wanted == "none":
            _pump(Nowhere(), parts)
            return None
        if wanted is not None and is_recording(wanted):
            _pump(wav_sink(Path(wanted), parts.closing), parts)
            return None
        render = overheard(parts.player.render, echo)
        speaker = Speaker(device(wanted), render, on_lack=parts.player.skip)
        try:
            speaker.start()
        except DeviceError as error:
            if wanted is not None:
                raise
            self._note(f"No speaker: {error} What I say is written to {SPOKEN} instead.")
            stop_file = _pump(wav_sink(SPOKEN, parts.closing), parts)
            speaker = LateSpeaker(None, render, stop_file, on_lack=parts.player.skip)
            parts.closing.callback(speaker.stop)
            return speaker
        parts.closing.callback(speaker.stop)
        self._note(f"Speaker: {speaker.device_name}")
        return speaker

    def open_input(self, parts: LiveParts, ear: EarThread) -> tuple[Microphone | None, int]:
        """Start and count the sources of input; the keyboard helps at a terminal, unless nobody reads it."""
        wanted = self._microphone_name
        if not self.is_typed and wanted is not None and is_recording(wanted):
            source = wav_file(wanted, self._note)
            ear.listen()
            play_recording(source.blocks(), ear, parts.clock)
            return None, 1
        microphone = None if self.is_typed else self._open_microphone(ear, parts)
        if microphone is not None:
            ear.listen()
        if not self._reads_keyboard or (microphone is not None and not sys.stdin.isatty()):
            return microphone, 0 if microphone is None else 1
        if hasattr(signal, "SIGHUP"):  # a window that is closed ends the keyboard, which is told, not the massage
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        read_lines(sys.stdin, parts.inbox)
        if microphone is None or not microphone.device_name:
            self._note("Type a command and press enter, for instance: help")
        return microphone, 1 if microphone is None else 2

    def _open_microphone(self, ear: EarThread, parts: LiveParts) -> Microphone | None:
        wanted = self._microphone_name
        microphone = Microphone(device(wanted), lambda frames, at_s: ear.take_raw(microphone, frames, at_s))
        parts.closing.callback(lambda: finish_within(microphone.stop, CLOSE_S))
        try:
            microphone.start()
        except DeviceError as error:
            if wanted is not None:
                raise
            self._note(f"No microphone: {error}")
            can_wait = sys.stdin.isatty() or not self._reads_keyboard
            return microphone if can_wait else None  # a terminal or a page allows typing until one is plugged in
        self._note(f"Microphone: {microphone.device_name}")
        return microphone


def is_recording(name: str) -> bool:
    """True for the name of a file that stands for a device."""
    return name.lower().endswith(RECORDINGS)


def device(name: str | None) -> str | int | None:
    """A device's number, or part of its name; None for the system's own."""
    return int(name) if name is not None and is_number(name) else name


def wav_file(name: str, note: Notify) -> WavFile:
    """A recording; what is wrong with one that can be read all the same is noted. Raises BadAudio."""
    file = WavFile(Path(name))
    if file.problem:
        note(f"{name}: {file.problem}. The rest is heard.")
    return file


def wav_sink(path: Path, closing: ExitStack) -> WavSink:
    """A file that takes what the speaker plays, closed with the session."""
    sink = WavSink(path, MOUTH_RATE_HZ)
    closing.callback(sink.close)
    return sink


def _pump(sink: Sink, parts: LiveParts) -> Callable[[], None]:
    pump = Pump(parts.player, sink, parts.clock, parts.inbox)
    parts.closing.callback(pump.stop)
    return pump.stop
