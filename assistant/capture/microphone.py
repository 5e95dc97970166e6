"""The microphone. PortAudio's callback only copies bytes to a sink.

Order: start, then (the sink is called on PortAudio's thread; `blocks_of` on whichever thread empties the queue), stop.
PortAudio does not tell when a microphone vanishes: whoever runs this watches `last_block_s` (docs/faults.md,
"Microphone gone").
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np

from assistant.capture.devices import Device, PortAudio, find_again, portaudio, refused, settings_taken
from assistant.capture.levels import Levels
from assistant.capture.reblock import FULL_SCALE, Reblock, mix_to_mono
from assistant.clock import Clock, SystemClock
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock

MOST_FLATS = 500  # 10 s of booleans, one a block, for a reader that polls now and then
# With 0.1 PortAudio delivers two blocks at a time, and words are heard 20 to 40 ms later. At a load of 13 on two cores
# no sound was lost with either (30 s each); 0.06 is PortAudio's least but one here.
LATENCY_S = 0.06

Sink: TypeAlias = Callable[[bytes, float], None]
"""Takes raw int16 frames as the device gave them, and their `at_s`: frames before them / the device's rate."""


class Microphone:
    """Fills a sink with sound from a device, at 16 000 Hz where the device can, else at its own rate."""

    device_name: str
    rate_hz: int
    """The device's rate; `blocks_of` gives 16 000 Hz all the same."""
    frames: int
    """Frames delivered since `start`."""
    overflows: int
    """Times that PortAudio reported a loss. Zero proves nothing (docs/faults.md, "Sound lost without a flag")."""
    sink_errors: int
    last_error: str
    """The last error that the sink raised, or why the stream ended."""
    has_ended: bool
    """True if the stream ended by itself: the sound server died or the device vanished."""
    last_block_s: float | None
    """Time of the sink's last call, by the clock; None before the first."""
    flats: deque[bool]
    """For each block True if all its samples are equal, as no microphone gives them; the reader empties it."""
    is_suspect: bool
    """Set by the reader of `flats` while the blocks are not a person's; `blocks_of` then gives none of them."""

    def __init__(
        self,
        device: str | int | None,
        sink: Sink,
        *,
        clock: Clock | None = None,
        sound: PortAudio = None,
    ) -> None:
        """Take a device by name, part of its name or number (None: the system's default). Opens nothing."""
        self._wanted = device
        self._sink = sink
        self._clock = clock or SystemClock()
        self._sound = sound
        self._stream: Any = None
        self._found: Device | None = None
        self.levels = Levels()
        """Advice on the sound itself; kept over a `start`, so that each is given once."""
        self.is_suspect = False
        self._forget()

    def start(self) -> None:
        """Open the device and begin; it can be started again after a `stop`. Raises DeviceError."""
        sound = self._sound or portaudio()
        device = find_again(self._wanted, self._found, "input", sound)
        rate_hz, channels = settings_taken(sound, device, "input", EAR_RATE_HZ)
        self._forget()
        self._found = device
        self.device_name, self.rate_hz, self._channels = device.name, rate_hz, channels
        self._reblock = Reblock(rate_hz)
        try:
            self._stream = sound.RawInputStream(
                device=device.index,
                samplerate=rate_hz,
                channels=channels,
                dtype="int16",
                blocksize=round(rate_hz * BLOCK_S),
                latency=LATENCY_S,
                callback=self._take,
                finished_callback=self._ended,
            )
            self._stream.start()
        except sound.PortAudioError as error:
            self.stop()
            raise refused(device, "input", str(error), sound) from error

    def stop(self) -> None:
        """Close the device. May hang: call it under a deadline (docs/faults.md, "Device that does not close")."""
        self._is_stopping = True
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.close()

    def blocks_of(self, frames: bytes, at_s: float) -> Iterator[AudioBlock]:
        """Return the sink's bytes as blocks of 16 kHz. Call it in order; frames that were dropped advance `at_s`."""
        samples = np.frombuffer(frames[: len(frames) // (2 * self._channels) * 2 * self._channels], dtype="<i2")
        floats = (samples / np.float32(FULL_SCALE)).astype(np.float32).reshape(-1, self._channels)
        lost_s = at_s - self._frames_used / self.rate_hz
        if lost_s > 0:
            self._reblock.skip(lost_s)
            self._frames_used += round(lost_s * self.rate_hz)
        self._frames_used += len(floats)
        return self._judged(self._reblock.push(mix_to_mono(floats)))

    def _judged(self, blocks: Iterator[AudioBlock]) -> Iterator[AudioBlock]:
        for block in blocks:
            self.levels.hear(block.pcm)
            if not self.is_suspect:
                yield block

    @property
    def missing_s(self) -> float:
        """Return the seconds since the first sound that were not delivered, by the clock; jitters by `LATENCY_S`."""
        if self._first_block_s is None or self.last_block_s is None:
            return 0.0
        return self.last_block_s - self._first_block_s - (self.frames - self._first_frames) / self.rate_hz

    def _forget(self) -> None:
        self.device_name = ""
        self.rate_hz = EAR_RATE_HZ
        self.frames = self.overflows = self.sink_errors = 0
        self._first_frames = 0
        self._frames_used = 0
        self.last_error = ""
        self.has_ended = self._is_stopping = False
        self.last_block_s: float | None = None
        self._first_block_s: float | None = None
        self.flats = deque(maxlen=MOST_FLATS)
        self._channels = 1
        self._reblock = Reblock(EAR_RATE_HZ)

    def _take(self, frames: Any, count: int, _time: Any, status: Any) -> None:  # noqa: ANN401
        """PortAudio's thread. An exception here would end the stream (docs/faults.md, "Exception in a callback")."""
        try:
            at_s = self.frames / self.rate_hz
            self.frames += count
            self.overflows += bool(status.input_overflow)
            self.last_block_s = self._clock.now_s()
            if self._first_block_s is None:
                self._first_block_s, self._first_frames = self.last_block_s, self.frames
            data = bytes(frames)
            first = data[: 2 * self._channels]
            self.flats.append(data == first * (len(data) // len(first)))
            self._sink(data, at_s)
        except Exception as error:  # noqa: BLE001 - the boundary to C; counted, and read by the watchdog
            self.sink_errors += 1
            self.last_error = f"{type(error).__name__}: {error}"

    def _ended(self) -> None:
        if not self._is_stopping:
            self.has_ended = True
            self.last_error = "the sound system ended the stream"
