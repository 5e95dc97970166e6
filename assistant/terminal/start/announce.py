"""Speaks one sentence where no session can begin: to a person whose hands may be busy, a printed line says nothing."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from assistant.errors import DeviceError, VoiceError
from assistant.messages import MOUTH_RATE_HZ
from assistant.speak.clips import ClipCache
from assistant.speak.player import Player
from assistant.wire.devices.speaker import Speaker

TAIL_S = 0.5  # what the device still holds: up to 0.2 s (docs/audio.md, "Delay and drift")


def announce(text: str, clips: ClipCache, speaker: str | int | None, note: Callable[[str], None]) -> None:
    """Say it and wait until it is said. Without a voice or a speaker it is only noted why."""
    try:
        clip = clips.get(text)
        player = Player(MOUTH_RATE_HZ)
        player.say(0, clip)
        device = Speaker(speaker, player.render)
        device.start()
        Event().wait(clip.seconds + TAIL_S)
        device.stop()
    except (DeviceError, VoiceError) as error:
        note(f"This could not be said aloud: {error}")
