"""Device health: finds the fault of one device from its blocks, frames and booleans about them. Opens nothing."""

from __future__ import annotations

import threading
from collections import deque
from typing import Literal, NamedTuple, Protocol, TypeAlias

from assistant.capture.levels import Levels
from assistant.capture.liveness import Liveness
from assistant.capture.pace import Pace
from assistant.messages import Part

OLD_S = 1.0  # without a block: docs/faults.md, "Microphone gone"
GRACE_S = 3.0  # a first block may take 2 s (docs/audio.md, "Start of a stream")
MOST_PACES = 2  # then the device's rate is accepted: to reopen it every few seconds is worse
DRY = (0.5, 0.5)  # a speaker that takes less runs dry now and then: the player compensates for that
NO_SOUND = "the device gives no more sound"
MONITOR = "the sound server gives what the speaker plays instead of a microphone"
SILENCE = "the microphone gives pure silence"

DeviceRoom: TypeAlias = Literal["capture", "speak"]


class WatchedDevice(Protocol):
    """The interface that a microphone and a speaker have in common."""

    device_name: str
    frames: int
    rate_hz: int
    last_block_s: float | None
    has_ended: bool
    last_error: str
    may_pause_s: float
    """Seconds for which it may give nothing beyond `OLD_S` before it counts as lost."""

    def start(self) -> None:
        """Open the device. Raises DeviceError."""

    def stop(self) -> object:
        """Close the device."""


class Listening(WatchedDevice, Protocol):
    """The further interface of a microphone."""

    flats: deque[bool]
    is_suspect: bool
    levels: Levels


class WatchedSpeaker(WatchedDevice, Protocol):
    """The further interface of a speaker."""

    sounds: deque[bool]
    is_hurried: bool


class Identity(Protocol):
    """Tells which source the sound server gives us."""

    is_monitor: bool

    def look(self) -> None:
        """Check now."""

    def has_microphone(self) -> bool:
        """True if it can give anything but monitors."""


class Fault(NamedTuple):
    """A fault, in the dialogue's word and in ours."""

    room: Part
    reason: str


class Senses:
    """Judges the microphone by its blocks, compared with what is played."""

    def __init__(self, microphone: Listening, speaker: WatchedSpeaker | None, source: Identity | None) -> None:
        """Take the parts; without a speaker no sound counts as ours, without a source its name is unknown."""
        self.microphone = microphone
        self._speaker = speaker
        self._source = source
        self._liveness = Liveness()

    def take(self) -> None:
        """Take the blocks since the last call."""
        sounds = self._speaker.sounds if self._speaker else ()
        for _ in range(len(sounds)):
            self._liveness.play(is_sounding=self._speaker.sounds.popleft())  # type: ignore[union-attr]  # is there
        flats = self.microphone.flats
        for _ in range(len(flats)):
            self._liveness.hear(is_flat=flats.popleft())

    def start_again(self) -> None:
        """Begin a new stream: the microphone was opened again."""
        self._liveness.start_again()

    def fault(self, *, was_dead: bool) -> Fault | None:
        """Return the reason why these blocks are no person's; such a fault ends only with live sound."""
        if (self._source is not None and self._source.is_monitor) or self._liveness.is_ourselves:
            return Fault("capture", MONITOR)
        if self._liveness.is_muted:
            return Fault("muted", SILENCE)
        return Fault("muted", SILENCE) if was_dead and not self._liveness.is_alive else None


class DeviceHealth:
    """One device with its state."""

    def __init__(self, room: DeviceRoom, device: WatchedDevice, now_s: float, senses: Senses | None = None) -> None:
        """Take a device; one that was never opened counts as lost from the start."""
        self.room: DeviceRoom = room
        self.device = device
        self.senses = senses
        self.name = device.device_name
        self.lost: Fault | None = None
        """The fault that was reported and is not over yet."""
        self.is_parked = False
        """True while we keep it closed for a moment."""
        self.is_new = False
        """True if it was opened again since the last check."""
        self.opened_s = self.next_try_s = now_s
        self.attempt: threading.Thread | None = None
        self._was_reopened = False
        self._paces = 0
        self._pace = self._new_pace()

    @property
    def was_dead(self) -> bool:
        """True if the reported fault was that the blocks were no person's."""
        return self.lost is not None and self.lost.reason in {MONITOR, SILENCE}

    def fault(self, now_s: float, awake_s: float) -> Fault | None:
        """Return the present fault. `awake_s`: the time since which the machine has not stood still."""
        device = self.device
        if self.is_new:
            self.judge_anew()
        if self.senses:
            self.senses.take()
        if device.has_ended or device.last_error:
            return Fault(self.room, device.last_error or NO_SOUND)
        if self._is_silent(now_s, awake_s):
            return Fault(self.room, NO_SOUND)
        return self._off_pace() or (self.senses.fault(was_dead=self.was_dead) if self.senses else None)

    def judge_anew(self) -> None:
        """Forget measurements: the device was opened again, or the machine stood still."""
        self._was_reopened = self._was_reopened or self.is_new
        self.is_new = False
        self._pace = self._new_pace()
        if self.senses:
            self.senses.start_again()

    def _is_silent(self, now_s: float, awake_s: float) -> bool:
        last_s = self.device.last_block_s
        if last_s is None:
            return self.lost is not None or now_s - max(self.opened_s, awake_s) > GRACE_S
        calm_s = self.opened_s + GRACE_S - OLD_S if self._was_reopened else awake_s  # a new sink stutters at first
        return now_s - max(last_s, awake_s, calm_s) > OLD_S + self.device.may_pause_s

    def _new_pace(self) -> Pace:
        return Pace(self.device.rate_hz) if self.room == "capture" else Pace(self.device.rate_hz, DRY)

    def _off_pace(self) -> Fault | None:
        if self.device.last_block_s is None or self._paces >= MOST_PACES:
            return None
        self._pace.note(self.device.last_block_s, self.device.frames)
        if not self._pace.is_off():
            return None
        self._paces += self.lost is None
        return Fault(self.room, f"the device runs at {self._pace.rate_hz:.0f} instead of {self.device.rate_hz} Hz")
