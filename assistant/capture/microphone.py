"""The microphone. PortAudio's callback only copies bytes to a sink.

Order: start, then (the sink is called on PortAudio's thread; `blocks_of` on whichever thread empties the queue), stop.
PortAudio does not tell when a microphone vanishes: whoever runs this watches `last_block_s` (docs/faults.md,
"Microphone gone").
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.capture.devices import PortAudio, SoundDevice, find_again, portaudio, refused, settings_taken
from assistant.capture.frame_cutter import FrameCutter, SoundCheck
from assistant.capture.levels import Levels
from assistant.clock import Clock, SystemClock
from assistant.messages import BLOCK_S, EAR_RATE_HZ, AudioBlock

if TYPE_CHECKING:  # known to the type checker only
    from _typeshed import ReadableBuffer

MOST_FLATS = 500  # 10 s of booleans, one a block, for a reader that polls now and then
# With 0.1 PortAudio delivers two blocks at a time, and words are heard 20 to 40 ms later. At a load of 13 on two cores
# no sound was lost with either (30 s each); 0.06 is PortAudio's least but one here.
LATENCY_S = 0.06

FrameSink: TypeAlias = Callable[[bytes, float], None]
"""Takes raw int16 frames as the device gave them, and their `at_s`: frames before them / the device's rate."""


class Microphone:
    """Fills a sink with sound from a device, at 16 000 Hz where the device can, else at its own rate."""

    device_name: str
    rate_hz: int
    """The device's rate; `blocks_of` gives 16 000 Hz all the same."""
    frames: int
    """Frames delivered since `start`."""
    last_error: str
    """The last error that the sink raised, or why the stream ended."""
    has_ended: bool
    """True if the stream ended by itself: the sound server died or the device vanished."""
    last_block_s: float | None
    """Time of the sink's last call, by the clock; None before the first."""
    may_pause_s = 0.0
    """Seconds for which it may give nothing, beyond those after which any device is lost."""
    flats: deque[bool]
    """For each block True if all its samples are equal, as no microphone gives them; the reader empties it."""
    cutter: FrameCutter
    """Makes blocks of what this opening gives; goes to another thread with the frames, which then never asks here."""

    def __init__(
        self,
        device: str | int | None,
        sink: FrameSink,
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
        self._found: SoundDevice | None = None
        self._check = SoundCheck()
        self.levels: Levels = self._check.levels
        """Advice on the sound itself; kept over a `start`, so that each is given once."""
        self._forget()

    def start(self) -> None:
        """Open the device and begin; it can be started again after a `stop`. Raises DeviceError."""
        sound = self._sound or portaudio()
        device = find_again(self._wanted, self._found, "input", sound)
        rate_hz, channels = settings_taken(sound, device, "input", EAR_RATE_HZ)
        self._forget()
        self._found = device
        self.device_name, self.rate_hz, self._channels = device.name, rate_hz, channels
        self.cutter = FrameCutter(rate_hz, channels, self._check)
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
        return self.cutter.blocks_of(frames, at_s)

    @property
    def is_suspect(self) -> bool:
        """Set by whoever judges: these blocks are not a person's. None is given until it is cleared."""
        return self._check.is_suspect

    @is_suspect.setter
    def is_suspect(self, is_so: bool) -> None:
        self._check.is_suspect = is_so

    @property
    def missing_s(self) -> float:
        """Return the seconds since the first sound that were not delivered, by the clock; jitters by `LATENCY_S`."""
        if self._first_block_s is None or self.last_block_s is None:
            return 0.0
        return self.last_block_s - self._first_block_s - (self.frames - self._first_frames) / self.rate_hz

    def _forget(self) -> None:
        self.device_name = ""
        self.rate_hz = EAR_RATE_HZ
        self.frames = 0
        self._first_frames = 0
        self.last_error = ""
        self.has_ended = self._is_stopping = False
        self.last_block_s: float | None = None
        self._first_block_s: float | None = None
        self.flats = deque(maxlen=MOST_FLATS)
        self._channels = 1
        self.cutter = FrameCutter(EAR_RATE_HZ, 1, self._check)

    def _take(self, frames: ReadableBuffer, count: int, _time: object, _status: object) -> None:
        """PortAudio's thread. An exception here would end the stream (docs/faults.md, "Exception in a callback")."""
        try:
            at_s = self.frames / self.rate_hz
            self.frames += count
            self.last_block_s = self._clock.now_s()
            if self._first_block_s is None:
                self._first_block_s, self._first_frames = self.last_block_s, self.frames
            data = bytes(frames)
            first = data[: 2 * self._channels]
            self.flats.append(data == first * (len(data) // len(first)))
            self._sink(data, at_s)
        except Exception as error:  # noqa: BLE001 - the boundary to C; kept, and read by the device watch
            self.last_error = f"{type(error).__name__}: {error}"

    def _ended(self) -> None:
        if not self._is_stopping:
            self.has_ended = True
            self.last_error = "the sound system ended the stream"
