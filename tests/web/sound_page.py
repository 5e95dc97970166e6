"""The messages of a page with sound, for tests without a browser."""

from __future__ import annotations

import struct

import numpy as np

from assistant.web.sound_frames import FromSound, PageMic

MIC = PageMic(name="Headset", rate_hz=48_000, cancels_echo=False)
BLOCK = np.arange(MIC.block, dtype="<i2").tobytes()  # not one value: that would be a muted microphone


def state(**changes: object) -> FromSound:
    """The state of a page that has a microphone, with these changes."""
    usual = {"stream": "one", "played": 0, "takes": True, "microphone": MIC, "problem": "", "is_hidden": False}
    assert not changes.keys() - usual.keys()
    return FromSound(**{**usual, **changes})


def frame(number: int, played: int = 0, lacked: int = 0, pcm: bytes = BLOCK) -> bytes:
    """A frame that goes up."""
    return struct.pack("<III", number, played, lacked) + pcm


def sent(data: bytes) -> tuple[int, np.ndarray]:
    """The position and the samples of a frame that came down."""
    return struct.unpack_from("<I", data)[0], np.frombuffer(data[4:], np.int16)
