"""Live levels of the microphone: level, noise, speech, and commands heard. Shows nothing.

`LevelMeter` takes blocks and can be read at any time; `listening` gives the blocks of a device.
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Iterator

import numpy as np

from assistant.capture.microphone import Microphone
from assistant.decode.recogniser import Recogniser
from assistant.decode.segment import BEGIN, Segmenter, SpeechDetector
from assistant.errors import DeviceError
from assistant.messages import BLOCK_S, AudioBlock, Pcm
from assistant.terminal.acoustics.room import RoomLevels, RoomMeter, dbfs, power_of
from assistant.wire.deadline import finish_within

SHOWN_S = 0.2  # a level over a shorter time flickers
FLOOR_S = 3.0  # chosen: long enough for a pause between two words
FLOOR_AT = 10  # percentile of the blocks: the quietest tenth
KEPT = 5  # of the last commands
DEAD_S = 2.0  # a microphone that gives nothing for so long is gone (docs/audio.md, "Start of a stream")
CLOSE_S = 2.0  # as for the speaker


class LevelMeter:
    """The values of a microphone to show."""

    def __init__(self, ear: Recogniser | None = None) -> None:
        """Take an ear that has learned its phrases; without one there are levels only."""
        self._ear = ear
        self._recent: deque[float] = deque([0.0], maxlen=round(SHOWN_S / BLOCK_S))
        self._past: deque[float] = deque([0.0], maxlen=round(FLOOR_S / BLOCK_S))
        self._detector = SpeechDetector()
        self._segmenter = Segmenter(self._speech)
        self._meter = RoomMeter()
        self.is_speech = False
        self.heard: deque[str] = deque(maxlen=KEPT)
        """The last commands; empty texts were speech, but no command."""

    @property
    def level_dbfs(self) -> float:
        """Return the level of the last moment, in dBFS."""
        return dbfs(float(np.mean(self._recent)))

    @property
    def noise_dbfs(self) -> float:
        """Return the level of the quietest moments of the last seconds, in dBFS."""
        return dbfs(float(np.percentile(self._past, FLOOR_AT)))

    def hear(self, block: AudioBlock) -> None:
        """Take the microphone's next block."""
        power = power_of(block)
        self._recent.append(power)
        self._past.append(power)
        self._meter.hear(block)
        for utterance in self._segmenter.feed(block):
            if utterance.is_over:
                self._meter.spoke(utterance)
            else:
                self._segmenter.keep_open()
        if self._ear is not None:
            self.heard += [one.text if one.is_sure else "" for one in self._ear.feed(block) if one.is_final]

    def room(self) -> RoomLevels:
        """Return all measurements, after the last block."""
        self._meter.pause()
        return self._meter.room()

    def _speech(self, chunk: Pcm) -> float:
        probability = self._detector(chunk)
        self.is_speech = probability >= BEGIN
        return probability


def listening(device: str | None, seconds: float) -> Iterator[AudioBlock]:
    """Yield a microphone's blocks for so long. Raises DeviceError where there is none, or when it fails."""
    frames: queue.SimpleQueue[tuple[bytes, float]] = queue.SimpleQueue()
    microphone = Microphone(device, lambda sound, at_s: frames.put((sound, at_s)))
    microphone.start()
    try:
        left = round(seconds / BLOCK_S)
        while left > 0:
            try:
                taken = frames.get(timeout=DEAD_S)
            except queue.Empty as error:
                what = microphone.last_error or "the microphone gives no sound any more"
                raise DeviceError(what, where=microphone.device_name, remedy="Plug it in again") from error
            for block in microphone.blocks_of(*taken):
                left -= 1
                yield block
    finally:
        finish_within(microphone.stop, CLOSE_S)
