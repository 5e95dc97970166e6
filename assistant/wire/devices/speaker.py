"""The speaker: PortAudio's callback copies samples from `render`. One stream for the whole session."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import soxr

from assistant.capture.devices import PortAudio, SoundDevice, find_again, portaudio, refused, settings_taken
from assistant.clock import Clock, SystemClock
from assistant.messages import BLOCK_S, MOUTH_RATE_HZ, Pcm
from assistant.wire.deadline import finish_within
from assistant.wire.devices.underruns import UnderrunMeter

# Over the virtual sound card a click returned after 80 to 90 ms with 0.06 here and at the microphone, after 170 to 180
# with 0.1. At a load of 7 on two cores neither ran dry; against four programs that wanted both 0.06 did 7 times in 30
# s.
LATENCY_S = 0.06
CALM_LATENCY_S = 0.1  # for a device that ran dry too often with less: against the same four programs it never did
MOST_UNDERRUNS = 3  # chosen: one or two happen while a machine loads its models
MOST_SOUNDS = 500  # 10 s of booleans, one a block, for a reader that polls now and then
CLOSE_S = 2.0  # chosen: a driver that takes longer hangs (sounddevice#78)


class Speaker:
    """Plays the samples of `render(frames)`, at 24 000 Hz where the device can, else resampled to its own rate."""

    device_name: str
    frames: int
    """Samples taken from `render` since `start`, at `rate_hz`."""
    underruns: int
    """Underruns by the clock: `on_lack` got the number of missing samples."""
    last_error: str
    """The last error of `render`, or of the stream when it ended."""
    is_hurried: bool
    """True if it ran dry so often that it should be reopened with a longer buffer, during silence."""
    has_ended: bool
    """True if the stream ended by itself: the sound server died or the device vanished."""
    last_block_s: float | None
    """Time of the last call of `render`, by the clock; None before the first."""
    may_pause_s = 0.0
    """Seconds for which it may take nothing, beyond those after which any device is lost."""
    sounds: deque[bool]
    """For each block True if anything sounds in it; the reader removes what it has read."""

    def __init__(
        self,
        device: str | int | None,
        render: Callable[[int], Pcm],
        *,
        on_lack: Callable[[int], None] = lambda _: None,
        rate_hz: int = MOUTH_RATE_HZ,
        clock: Clock | None = None,
        sound: PortAudio = None,
    ) -> None:
        """Take a device by name, part of its name or number (None: the system's default). Opens nothing.

        `render` runs on PortAudio's thread: it must be quick, without locks that are held for long. So must `on_lack`,
        which gets the samples that the device lacked, at `rate_hz`: later sound would be late by them.
        """
        self._wanted = device
        self._render = render
        self._on_lack = on_lack
        self.rate_hz = rate_hz
        self._clock = clock or SystemClock()
        self._sound = sound
        self._stream: Any = None
        self._resampler: Any = None
        self._found: SoundDevice | None = None
        self._asked_s = LATENCY_S
        self._forget()

    def start(self) -> None:
        """Open the device and begin; it can be started again after a `stop`. Raises DeviceError."""
        sound = self._sound or portaudio()
        device = find_again(self._wanted, self._found, "output", sound)
        rate_hz, channels = settings_taken(sound, device, "output", self.rate_hz)
        if self.is_hurried:
            self._asked_s = CALM_LATENCY_S
        self._forget()
        self._found = device
        self.device_name = device.name
        self._lack = UnderrunMeter(rate_hz, self._asked_s - 2 * BLOCK_S)
        if rate_hz != self.rate_hz:
            self._resampler = soxr.ResampleStream(self.rate_hz, rate_hz, 1, dtype="int16")
        try:
            self._stream = sound.OutputStream(
                device=device.index,
                samplerate=rate_hz,
                channels=channels,
                dtype="int16",
                blocksize=round(rate_hz * BLOCK_S),
                latency=self._asked_s,
                callback=self._fill,
                finished_callback=self._ended,
            )
            self._stream.start()
        except sound.PortAudioError as error:
            self.stop()
            raise refused(device, "output", str(error), sound) from error

    def stop(self) -> bool:
        """Fall silent and close the device; false if the driver did not return within two seconds."""
        self._is_stopping = True
        if self._stream is None:
            return True
        stream, self._stream = self._stream, None
        return finish_within(stream.abort, CLOSE_S) and finish_within(stream.close, CLOSE_S)

    def _forget(self) -> None:
        self.device_name = self.last_error = ""
        self.frames = self.underruns = self._given = 0
        self.has_ended = self.is_hurried = self._is_stopping = False
        self.last_block_s: float | None = None
        self.sounds = deque(maxlen=MOST_SOUNDS)
        self._resampler = None
        self._ready = np.zeros(0, np.int16)

    def _fill(self, out: Pcm, count: int, _time: object, _status: object) -> None:
        """PortAudio's thread. An exception here would end the stream (docs/faults.md, "Exception in a callback")."""
        out.fill(0)
        with self._kept():
            self.last_block_s = self._clock.now_s()
            self._look_for_lack(self.last_block_s, count)
            samples = self._samples(count)
            self.sounds.append(bool(samples.any()))
            out[:] = samples[:, None]

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Keep an error instead of raising it."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the boundary to C; kept, and read by the device watch
            self.last_error = f"{type(error).__name__}: {error}"

    def _look_for_lack(self, now_s: float, count: int) -> None:
        lacked_s = self._lack.at(now_s, self._given)
        self._given += count
        if lacked_s:
            self.underruns += 1
            self.is_hurried = self.underruns >= MOST_UNDERRUNS and self._asked_s < CALM_LATENCY_S
            self._on_lack(round(lacked_s * self.rate_hz))

    def _samples(self, count: int) -> Pcm:
        if self._resampler is None:
            self.frames += count
            return self._render(count)
        step = round(self.rate_hz * BLOCK_S)
        while len(self._ready) < count:
            self.frames += step
            self._ready = np.concatenate([self._ready, self._resampler.resample_chunk(self._render(step))])
        samples, self._ready = self._ready[:count], self._ready[count:]
        return samples

    def _ended(self) -> None:
        if not self._is_stopping:
            self.has_ended = True
            self.last_error = "the sound system ended the stream"
