"""Speaks one sentence where no session can begin: a person whose hands are busy may not see a printed line."""

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
    """Say a text and wait for its end. Without a voice or a speaker only note the reason."""
    try:
        clip = clips.get(text)
        player = Player(MOUTH_RATE_HZ)
        player.queue_sentence(0, clip)
        device = Speaker(speaker, player.render)
        device.start()
        Event().wait(clip.seconds + TAIL_S)
        device.stop()
    except (DeviceError, VoiceError) as error:
        note(f"This could not be said aloud: {error}")
