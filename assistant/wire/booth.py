"""A rehearsal by voice: says what it wants to hear, waits until that is said, and listens for one utterance.

It never listens while it speaks: what it asks for is the very word that it waits for, and the loudspeaker would answer.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

from assistant.capture.microphone import Microphone
from assistant.decode.segment import Segmenter, Utterance
from assistant.errors import DeviceError, VoiceError
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, AudioBlock
from assistant.speak.clips import ClipCache
from assistant.speak.earcons import Earcon
from assistant.speak.player import Player
from assistant.wire.core_commands import Command
from assistant.wire.deadline import finish_within
from assistant.wire.recorded_takes import utterances
from assistant.wire.rehearse import Missed, Take
from assistant.wire.rehearse_words import RehearsalWords
from assistant.wire.speaker import Speaker

PATIENCE_S = 6.0  # for an answer; chosen: long enough to breathe, and a silent rehearsal still ends within two minutes
TAIL_S = 0.5  # what the device and the room still hold when the last sample was taken (audio.md section 1)
DEAD_S = 2.0  # a microphone that gives nothing for so long is gone (audio.md section 1)
CLOSE_S = 2.0  # as for the speaker
UNQUOTED = str.maketrans("", "", "\u201c\u201d")  # the marks around what may be answered are read, not spoken
STEP_S = 0.02
LONGEST_SIGN_S = 0.8  # earcons.py


class Booth:
    """Asks and listens. Order: open, (say | takes | took)*, close."""

    def __init__(
        self,
        words: RehearsalWords,
        clips: ClipCache | None,
        microphone: str | int | None,
        speaker: str | int | None,
        note: Callable[[str], None],
    ) -> None:
        """Take the voice's clips (None: on the screen only), the devices by name, and who is told what is missing."""
        self._words = words
        self._clips = clips
        self._note = note
        self._player = Player(MOUTH_RATE_HZ)
        self._speaker = Speaker(speaker, self._player.render) if clips else None
        self._frames: queue.SimpleQueue[tuple[bytes, float]] = queue.SimpleQueue()
        self._microphone = Microphone(microphone, lambda frames, at_s: self._frames.put((frames, at_s)))
        self._segmenter = Segmenter()
        self._opened = ExitStack()

    def open(self) -> None:
        """Open the devices. Raises DeviceError where there is no microphone; without a speaker it only says so."""
        self._microphone.start()
        self._opened.callback(lambda: finish_within(self._microphone.stop, CLOSE_S))
        self._note(f"Microphone: {self._microphone.device_name}")
        if self._speaker is not None:
            try:
                self._speaker.start()
                self._opened.callback(self._speaker.stop)
            except DeviceError as error:
                self._speaker = None
                self._note(f"No speaker: {error} What I ask for stands here.")

    def close(self) -> None:
        """Close the devices."""
        self._opened.close()

    def say(self, text: str) -> None:
        """Say it and wait until it is said; a voice that fails is told once, and the screen goes on."""
        if self._speaker is None or self._clips is None:
            return
        try:
            clip = self._clips.get(text.translate(UNQUOTED))
        except VoiceError as error:
            self._clips = None
            self._note(f"This can not be said aloud: {error}")
            return
        self._player.say(0, clip)
        self._wait(clip.seconds)

    def took(self, command: Command, got: Take | Missed) -> None:  # noqa: ARG002 - the audience's signature
        """A short sign for what was heard, words for what cannot be used."""
        if isinstance(got, Take):
            self._sign("heard" if got.is_heard else "not_understood")
        else:
            self.say(self._words.missed(got))

    def takes(self, command: Command) -> Iterator[Utterance | None]:
        """Ask for the command and give the answer, again and again; None where nobody spoke. Raises DeviceError."""
        for n in count():
            text = self._words.ask(command, n)
            self._note(text)
            self.say(text)
            yield self._listen()

    def _listen(self) -> Utterance | None:
        """One utterance, or None after some seconds without a voice."""
        while not self._frames.empty():
            self._frames.get()  # what was heard meanwhile is our own voice
        self._segmenter.reset()
        return next(utterances(self._blocks(), self._segmenter), None)

    def _blocks(self) -> Iterator[AudioBlock]:
        """What the microphone gives from now on, as long as anybody may answer."""
        left = round(PATIENCE_S / BLOCK_S)
        while left > 0:
            try:
                frames, at_s = self._frames.get(timeout=DEAD_S)
            except queue.Empty as error:
                raise DeviceError(
                    self._microphone.last_error or "the microphone gives no sound any more",
                    where=self._microphone.device_name,
                    remedy="Plug it in again, or choose another with --mic",
                ) from error
            for block in self._microphone.blocks_of(frames, at_s):
                left -= 1
                yield block

    def _sign(self, name: Earcon) -> None:
        if self._speaker is not None:
            self._player.sound(name)
            self._wait(LONGEST_SIGN_S)

    def _wait(self, seconds: float) -> None:
        """Until everything is said; a speaker that stands still is waited for a little longer than that."""
        pause = threading.Event()
        for _ in range(round((seconds + TAIL_S) / STEP_S)):
            if self._player.is_idle:
                break
            pause.wait(STEP_S)
        pause.wait(TAIL_S)
