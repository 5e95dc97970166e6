"""A rehearsal by voice: it says a command, waits until the sound has ended, and listens for one utterance.

It never listens while it speaks: it would hear its own command from the loudspeaker as the answer.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from typing import TypeAlias

from assistant.capture.echo import EchoCanceller
from assistant.capture.microphone import Microphone
from assistant.decode.segment import Segmenter, Utterance
from assistant.errors import DeviceError, VoiceError
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, AudioBlock
from assistant.speak.clips import ClipCache
from assistant.speak.earcons import Earcon
from assistant.speak.player import Player
from assistant.speak.wording import aloud
from assistant.terminal.acoustics.own_echo import OwnEcho
from assistant.terminal.acoustics.room import RoomLevels, RoomMeter, judge
from assistant.terminal.rehearse.commands import CommandToRehearse
from assistant.terminal.rehearse.from_recordings import utterances
from assistant.terminal.rehearse.learn import ENOUGH, Missed, Take
from assistant.terminal.rehearse.wording import RehearsalWords
from assistant.wire.deadline import finish_within
from assistant.wire.devices.speaker import Speaker
from assistant.wire.echo_reference import overheard

PATIENCE_S = 6.0  # for an answer; chosen: long enough to breathe, and a silent rehearsal still ends within two minutes
TAIL_S = 0.5  # what device and room still hold (docs/audio.md, "Delay and drift")
DEAD_S = 2.0  # a microphone that gives nothing for so long is gone (docs/audio.md, "Start of a stream")
CLOSE_S = 2.0  # as for the speaker
STEP_S = 0.02
LONGEST_SIGN_S = 0.8  # earcons.py
DeviceFrames: TypeAlias = tuple[bytes, float, float]
"""Frames as a device gave them, their `at_s`, and the seconds given to the loudspeaker when they came."""


class VoiceRehearsal:
    """Asks and listens. Order: open, (say | takes | took)*, close."""

    def __init__(
        self,
        words: RehearsalWords,
        clips: ClipCache | None,
        microphone: str | int | None,
        speaker: str | int | None,
        note: Callable[[str], None],
        *,
        canceller: EchoCanceller | None = None,
    ) -> None:
        """Take the voice's clips (None: on the screen only), the devices by name, and a receiver of notes.

        `canceller` serves to measure our own echo; the takes are the unprocessed sound.
        """
        self._words = words
        self._clips = clips
        self._note = note
        self._player = Player(MOUTH_RATE_HZ)
        self._canceller = canceller
        self._own_echo = OwnEcho(canceller) if canceller else None
        self._speaker = Speaker(speaker, overheard(self._player.render, canceller)) if clips else None
        self._frames: queue.SimpleQueue[DeviceFrames] = queue.SimpleQueue()
        self._microphone = Microphone(microphone, self._take)
        self._segmenter = Segmenter()
        self._meter = RoomMeter()
        self._is_told = False
        self._opened = ExitStack()

    def open(self) -> None:
        """Open the devices. Raises DeviceError where there is no microphone; a missing speaker is only noted."""
        self._microphone.start()
        self._opened.callback(lambda: finish_within(self._microphone.stop, CLOSE_S))
        self._note(f"Microphone: {self._microphone.device_name}")
        if self._speaker is not None:
            try:
                self._speaker.start()
                self._opened.callback(self._speaker.stop)
            except DeviceError as error:
                self._speaker = None
                self._note(f"No speaker: {error} I print what I ask for.")

    def close(self) -> None:
        """Close the devices."""
        self._opened.close()

    def say(self, text: str) -> None:
        """Say a text and wait for its end; a failing voice is noted once, and the screen continues."""
        if self._speaker is None or self._clips is None:
            return
        try:
            clip = self._clips.get(aloud(text))
        except VoiceError as error:
            self._clips = None
            self._note(f"This cannot be said aloud: {error}")
            return
        self._player.queue_sentence(0, clip)
        self._wait(clip.seconds)

    @property
    def room(self) -> RoomLevels:
        """Return the levels measured so far, or since the person was advised."""
        room = self._meter.room()
        return replace(room, echo=self._own_echo.measured(room.noise_dbfs)) if self._own_echo else room

    def took(self, command: CommandToRehearse, got: Take | Missed) -> None:  # noqa: ARG002 - the audience's signature
        """Play an earcon for a take; say why, if it cannot be used."""
        if isinstance(got, Take):
            self._sign("heard" if got.is_heard else "not_understood")
        else:
            self.say(self._words.missed(got))

    def takes(self, command: CommandToRehearse) -> Iterator[Utterance | None]:
        """Ask for the command and yield the answer, repeatedly; None where nobody spoke. Raises DeviceError."""
        self._tell_room()
        for n in count():
            text = self._words.ask(command, n)
            self._note(text)
            self.say(text)
            yield self._listen()

    def _tell_room(self) -> None:
        """Advise once, after the first command: a person who moves closer now need not start over."""
        if self._is_told or self._meter.answers < ENOUGH:
            return
        self._is_told = True
        advice = [one for one in judge(self.room) if one != "room_good"]
        for text in map(self._words.room, advice):
            self._note(text)
            self.say(text)
        if advice:
            self._meter.start_again()

    def _listen(self) -> Utterance | None:
        """Return one utterance, or None after some seconds without a voice."""
        self._hear_ourselves()
        self._segmenter.reset()
        found = next(utterances(self._blocks(), self._segmenter, self._meter), None)
        self._meter.pause()
        return found

    def _blocks(self) -> Iterator[AudioBlock]:
        """Yield the microphone's blocks from now on, as long as somebody may answer."""
        left = round(PATIENCE_S / BLOCK_S)
        while left > 0:
            try:
                frames = self._frames.get(timeout=DEAD_S)
            except queue.Empty as error:
                raise DeviceError(
                    self._microphone.last_error or "the microphone gives no sound any more",
                    where=self._microphone.device_name,
                    remedy="Plug it in again, or choose another with --mic",
                ) from error
            for block in self._unpack(frames, is_speaking=False):
                left -= 1
                yield block

    def _hear_ourselves(self) -> None:
        """Feed the canceller with the sound of our own voice; it keeps only the last five seconds played."""
        for _ in range(self._frames.qsize()):
            self._unpack(self._frames.get(), is_speaking=True)

    def _take(self, frames: bytes, at_s: float) -> None:
        """Queue the frames, on the sound card's thread."""
        self._frames.put((frames, at_s, self._canceller.played_s if self._canceller else 0.0))

    def _unpack(self, frames: DeviceFrames, *, is_speaking: bool) -> list[AudioBlock]:
        """Return the frames as blocks; the canceller must see all of them to keep count."""
        sound, at_s, played_s = frames
        blocks = list(self._microphone.blocks_of(sound, at_s))
        if self._own_echo is not None:
            for block in blocks:
                self._own_echo.hear(block, played_s, is_speaking=is_speaking)
        return blocks

    def _sign(self, name: Earcon) -> None:
        if self._speaker is not None:
            self._player.sound(name)
            self._wait(LONGEST_SIGN_S)

    def _wait(self, seconds: float) -> None:
        """Wait until everything is said; a stalled speaker gets a little longer."""
        pause = threading.Event()
        for _ in range(round((seconds + TAIL_S) / STEP_S)):
            if self._player.is_idle:
                break
            pause.wait(STEP_S)
            self._hear_ourselves()
        pause.wait(TAIL_S)
