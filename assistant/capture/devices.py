"""Lists the sound devices, and finds the one that a name means. Opens nothing, makes no sound.

PortAudio is imported when first asked for, because a machine may lack its library. Its list of devices is made once, at
that moment (sounddevice#382); a device is kept by name, never by number, because numbers change when one is unplugged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from assistant.capture.reblock import HIGHEST_RATE_HZ, LOWEST_RATE_HZ
from assistant.errors import DeviceError

PortAudio: TypeAlias = Any  # the sounddevice module, which has no types, or its substitute in a test
Kind: TypeAlias = Literal["input", "output"]
NOUN: dict[Kind, str] = {"input": "microphone", "output": "speaker"}
_CARD = re.compile(r"\s*\(hw:\d+,\d+\)$")
_AGAIN = re.compile(r"\(\d+- ")
OPTION: dict[Kind, str] = {"input": "--mic", "output": "--speaker"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundDevice:
    """One sound device as PortAudio sees it."""

    index: int
    """Index in PortAudio's list; valid until a device is unplugged."""
    name: str
    host: str
    """The sound system that provides it: ALSA, Core Audio, MME."""
    inputs: int
    outputs: int
    rate_hz: int
    """Its native rate; 0 where the driver claims an impossible one."""
    is_default_input: bool
    is_default_output: bool

    @property
    def is_monitor(self) -> bool:
        """It records what a speaker plays: docs/faults.md, "Stream moved to a monitor"."""
        name = self.name.lower()
        return name.endswith(".monitor") or name.startswith("monitor of ")


def portaudio() -> PortAudio:
    """Return the sounddevice module. Raises DeviceError where the PortAudio library is missing."""
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(
            "the PortAudio library is missing",
            where="sound",
            remedy="install it: apt install libportaudio2, dnf install portaudio, pacman -S portaudio, or "
            "brew install portaudio",
        ) from error
    return sounddevice


def list_devices(sound: PortAudio = None) -> tuple[SoundDevice, ...]:
    """Return every device, in PortAudio's order; empty on a machine without sound. Raises DeviceError.

    `sound` stands for the sounddevice module, so that a test can describe a machine.
    """
    sound = sound or portaudio()
    try:
        hosts = sound.query_hostapis()
        found = list(sound.query_devices())
        default_input, default_output = sound.default.device
    except sound.PortAudioError as error:
        raise DeviceError(f"the sound system does not answer ({error})", where="sound") from error
    return tuple(
        SoundDevice(
            index=index,
            name=str(each["name"]),
            host=str(hosts[each["hostapi"]]["name"]),
            inputs=int(each["max_input_channels"]),
            outputs=int(each["max_output_channels"]),
            rate_hz=_rate_hz(each["default_samplerate"]),
            is_default_input=index == default_input,
            is_default_output=index == default_output,
        )
        for index, each in enumerate(found)
    )


def find_device(wanted: str | int | None, kind: Kind, sound: PortAudio = None) -> SoundDevice:
    """Return the device that a name, a part of a name, or a number means; None is the system's default.

    Raises DeviceError when there is none, when the name fits none or several, or when it is a speaker's monitor.
    """
    able = [each for each in list_devices(sound) if (each.inputs if kind == "input" else each.outputs)]
    if kind == "input" and wanted is None:
        able = [each for each in able if not each.is_monitor]
    if not able:
        raise DeviceError(
            f"no {NOUN[kind]} found", where="sound", remedy=f"plug one in, or give {OPTION[kind]} FILE.wav"
        )
    if wanted is None:
        default = [each for each in able if (each.is_default_input if kind == "input" else each.is_default_output)]
        return (default or able)[0]
    device = _named(wanted, able, kind)
    if kind == "input" and device.is_monitor:
        raise DeviceError(
            "this records what the speaker plays, not what you say",
            where=device.name,
            remedy=f"choose another {NOUN[kind]}: {_names(each for each in able if not each.is_monitor)}",
        )
    return device


def find_again(wanted: str | int | None, before: SoundDevice | None, kind: Kind, sound: PortAudio) -> SoundDevice:
    """`find_device` for a device that may have been open `before`: that one is looked for first, by its name.

    A number means another device after one was unplugged (sounddevice#427), and a part of a name may fit another one
    that was plugged in. Raises DeviceError as `find_device` does.
    """
    if before is None or wanted is None:
        return find_device(wanted, kind, sound)
    try:
        return find_device(before.name, kind, sound)
    except DeviceError:
        if is_number(wanted):
            raise
        return find_device(wanted, kind, sound)


def is_number(wanted: str | int) -> bool:
    """True for a device's place in PortAudio's list."""
    return str(wanted).strip().isdecimal()


def lasting_name(name: str) -> str:
    """The part of a name that is the same when the device is plugged in again, for comparing.

    ALSA puts the number of the card behind it: "Speakerphone: USB Audio (hw:1,0)". Windows counts the times that it
    met the device: "Microphone (2- USB Audio)". Letters with marks may be written in two ways.
    """
    return _AGAIN.sub("(", _CARD.sub("", _plain(name)))


def settings_taken(
    sound: PortAudio,
    device: SoundDevice,
    kind: Kind,
    rate_hz: int,
) -> tuple[int, int]:
    """Return the rate and channels to open `device` with: the wanted rate and mono if it takes them, else its own.

    Raises DeviceError when it takes no usable setting.
    """
    check = sound.check_input_settings if kind == "input" else sound.check_output_settings
    refusal = "it claims an impossible rate"
    for rate in dict.fromkeys(one for one in (rate_hz, device.rate_hz) if one):
        for channels in (1, 2):
            told = _refusal(sound, check, device=device.index, channels=channels, dtype="int16", samplerate=rate)
            if told is None:
                return rate, channels
            refusal = told
    raise refused(device, kind, refusal, sound)


def refused(device: SoundDevice, kind: Kind, reason: str, sound: PortAudio) -> DeviceError:
    """Return the error for a device that could not be opened."""
    others = _names(
        each
        for each in list_devices(sound)
        if (each.inputs if kind == "input" else each.outputs) and each.name != device.name and not each.is_monitor
    )
    return DeviceError(
        f"the {NOUN[kind]} cannot be opened ({reason})",
        where=device.name,
        remedy="close other programs that use it" + (f", or choose another: {others}" if others else ""),
    )


def _rate_hz(claimed: float) -> int:
    """A driver's own words: 0 for nonsense, which would hang or end its user (docs/faults.md, "Wrong rate")."""
    return round(claimed) if LOWEST_RATE_HZ <= claimed <= HIGHEST_RATE_HZ else 0


def _refusal(sound: PortAudio, check: Callable[..., None], **settings: int | str) -> str | None:
    try:
        check(**settings)
    except (sound.PortAudioError, ValueError) as error:
        return str(error)
    return None


def _named(wanted: str | int, able: list[SoundDevice], kind: Kind) -> SoundDevice:
    fits = [each for each in able if each.index == int(wanted)] if is_number(wanted) else _called(str(wanted), able)
    if not fits:
        raise DeviceError(f"no such {NOUN[kind]}", where=str(wanted), remedy=f"there is: {_names(able)}")
    # Windows shows one device through several hosts: the same name is the same device.
    if len({each.name for each in fits}) > 1:
        raise DeviceError(f"more than one {NOUN[kind]} has this in its name", where=str(wanted), remedy=_which(fits))
    return fits[0]


def _called(wanted: str, able: list[SoundDevice]) -> list[SoundDevice]:
    """The devices of this name; else those in whose name it stands; else those of this name under other numbers."""
    text = _plain(wanted)
    same = [each for each in able if _plain(each.name) == text]
    part = [each for each in able if text and text in _plain(each.name)]
    return same or part or [each for each in able if text and lasting_name(each.name) == lasting_name(wanted)]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _which(fits: list[SoundDevice]) -> str:
    return f"say which: {_names(fits)}"


def _names(devices: Iterable[SoundDevice]) -> str:
    return ", ".join(dict.fromkeys(f'"{each.name}"' for each in devices))
