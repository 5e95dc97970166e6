"""One device under watch: what is wrong with it now, judged by blocks, frames and truths about them. Opens nothing."""

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
MOST_PACES = 2  # after that the device is taken as it is: to open it again every few seconds is worse
DRY = (0.5, 0.5)  # a speaker that takes less runs dry now and then: the player makes up for that
NO_SOUND = "the device gives no more sound"
MONITOR = "the sound server gives what the speaker plays instead of a microphone"
SILENCE = "the microphone gives pure silence"

Room: TypeAlias = Literal["capture", "speak"]


class Device(Protocol):
    """What a microphone and a speaker have in common."""

    device_name: str
    frames: int
    rate_hz: int
    last_block_s: float | None
    has_ended: bool
    last_error: str

    def start(self) -> None:
        """Open the device. Raises DeviceError."""

    def stop(self) -> object:
        """Close it."""


class Listening(Device, Protocol):
    """What a microphone tells besides."""

    flats: deque[bool]
    is_suspect: bool
    levels: Levels


class Sounding(Device, Protocol):
    """What a speaker tells besides."""

    sounds: deque[bool]
    is_hurried: bool


class Identity(Protocol):
    """Knows which source the sound server gives us."""

    is_monitor: bool

    def look(self) -> None:
        """See now."""

    def has_microphone(self) -> bool:
        """Whether it has anything but monitors to give."""


class Fault(NamedTuple):
    """What is wrong, in the dialogue's word and in ours."""

    room: Part
    reason: str


class Senses:
    """What the blocks of the microphone tell about it, held against what is played."""

    def __init__(self, microphone: Listening, speaker: Sounding | None, source: Identity | None) -> None:
        """Without a speaker, nothing that is heard is ours; without a source its name is unknown."""
        self.microphone = microphone
        self._speaker = speaker
        self._source = source
        self._liveness = Liveness()

    def take(self) -> None:
        """Take in the blocks since the last time."""
        sounds = self._speaker.sounds if self._speaker else ()
        for _ in range(len(sounds)):
            self._liveness.play(is_sounding=self._speaker.sounds.popleft())  # type: ignore[union-attr]  # is there
        flats = self.microphone.flats
        for _ in range(len(flats)):
            self._liveness.hear(is_flat=flats.popleft())

    def start_again(self) -> None:
        """The microphone was opened again."""
        self._liveness.start_again()

    def fault(self, *, was_dead: bool) -> Fault | None:
        """Why these blocks are no person's; after such a fault only life ends it."""
        if (self._source is not None and self._source.is_monitor) or self._liveness.is_ourselves:
            return Fault("capture", MONITOR)
        if self._liveness.is_muted:
            return Fault("muted", SILENCE)
        return Fault("muted", SILENCE) if was_dead and not self._liveness.is_alive else None


class Post:
    """One device, and what is known of it."""

    def __init__(self, room: Room, device: Device, now_s: float, senses: Senses | None = None) -> None:
        """A device that was never opened counts as lost from the start."""
        self.room: Room = room
        self.device = device
        self.senses = senses
        self.name = device.device_name
        self.lost: Fault | None = None
        """What was told, until it is told to be over."""
        self.is_parked = False
        """Closed for a moment by ourselves."""
        self.is_new = False
        """Opened again since the last look."""
        self.opened_s = self.next_try_s = now_s
        self.attempt: threading.Thread | None = None
        self._was_reopened = False
        self._paces = 0
        self._pace = self._new_pace()

    @property
    def was_dead(self) -> bool:
        """What was told is that the blocks were nobody's."""
        return self.lost is not None and self.lost.reason in {MONITOR, SILENCE}

    def fault(self, now_s: float, awake_s: float) -> Fault | None:
        """What is wrong now. `awake_s`: since when the machine has not stood still."""
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
        """Forget what was measured: the device was opened again, or the machine stood still."""
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
        return now_s - max(last_s, awake_s, calm_s) > OLD_S

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
