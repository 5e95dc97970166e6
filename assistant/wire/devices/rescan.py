"""Lets PortAudio find devices plugged in since its start: it lists devices only once (sounddevice#382).

A new list ends every open stream, so it is made only where a separate process sees that
the devices have changed, and only during silence.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TypeAlias

from assistant.capture.devices import PortAudio, list_devices, portaudio
from assistant.errors import DeviceError

PATIENCE_S = 10.0  # PortAudio asks every driver: 0.2 s here, seconds on some machines
_LOOK = "import json, sounddevice; print(json.dumps([each['name'] for each in sounddevice.query_devices()]))"

DeviceNames: TypeAlias = tuple[str, ...]


def names_from_outside() -> DeviceNames | None:
    """Return the devices that a new process sees; None where that fails."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _LOOK], capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        return tuple(json.loads(done.stdout.splitlines()[-1])) if done.returncode == 0 else None
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError):
        return None  # unknown, so nothing changed; the next attempt asks again


class Rescan:
    """Detects devices that PortAudio does not know, and makes it list them again."""

    def __init__(self, sound: PortAudio = None, look: Callable[[], DeviceNames | None] = names_from_outside) -> None:
        """Take a substitute for the sounddevice module in tests."""
        self._sound = sound
        self._look = look

    def is_worth_it(self) -> bool:
        """True if the machine's devices have changed. Takes a moment: never call it where somebody waits."""
        names = self._look()
        try:
            return names is not None and names != tuple(each.name for each in list_devices(self._sound))
        except DeviceError:
            return bool(names)

    def run(self) -> None:
        """Make a new list. Every stream must be closed. Raises DeviceError where PortAudio does not start again."""
        sound = self._sound or portaudio()
        try:
            sound._terminate()
            sound._initialize()
        except sound.PortAudioError as error:
            raise DeviceError(f"the sound system does not start again ({error})", where="sound") from error
