"""Wording of room acoustics: advice becomes a sentence of the language, levels become a line for the screen."""

from __future__ import annotations

from assistant.language import LanguagePack
from assistant.messages import Say
from assistant.speak.wording import Wording
from assistant.terminal.acoustics.room import MeasuredEcho, RoomAdvice, RoomLevels

MS = 1_000


class RoomWords:
    """The sentences about a room in one language."""

    def __init__(self, pack: LanguagePack) -> None:
        """Take the language's replies."""
        self._wording = Wording(pack)

    def advice(self, one: RoomAdvice) -> str:
        """Return what to do, to be spoken and shown."""
        return self._wording.sentence(Say(utterance=0, reply=one, values={}))


def described(room: RoomLevels) -> str:
    """Return the levels on one line for the screen; empty where nothing was measured."""
    parts = []
    if room.voice_dbfs is not None:
        parts.append(f"voice {room.voice_dbfs:.0f} dBFS")
    if room.noise_dbfs is not None:
        parts.append(f"noise {room.noise_dbfs:.0f} dBFS")
    if room.above_noise_db is not None:
        parts.append(f"the voice stands out by {room.above_noise_db:.0f} dB")
    if room.echo is not None:
        parts.append(f"my own voice {heard(room.echo)}")
    line = ", ".join(parts)
    return line[:1].upper() + line[1:]


def heard(echo: MeasuredEcho) -> str:
    """Describe our own echo."""
    told = f"{echo.level_dbfs:.0f} dBFS, {echo.delay_s * MS:.0f} ms after it is played"
    if echo.left_dbfs is None:
        return told
    return f"{told}, {max(echo.level_dbfs - echo.left_dbfs, 0):.0f} dB of it taken out"
