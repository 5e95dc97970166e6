"""Connects the echo canceller to the sound that is played, its reference."""

from __future__ import annotations

from collections.abc import Callable

from assistant.capture.echo import EchoCanceller
from assistant.errors import EngineError
from assistant.messages import Pcm
from assistant.store.settings import EchoName


def echo_canceller(wanted: EchoName, note: Callable[[str], None]) -> EchoCanceller | None:
    """Return a canceller; None if unwanted, or if none loads with "auto" (noted). With "on" that raises EngineError."""
    if wanted == "off":
        return None
    try:
        return EchoCanceller()
    except EngineError as error:
        if wanted == "on":
            raise
        note(f"Through a loudspeaker I will hear myself: {error}")
        return None


def overheard(render: Callable[[int], Pcm], echo: EchoCanceller | None) -> Callable[[int], Pcm]:
    """Return `render` with a copy of its samples for the canceller."""
    if echo is None:
        return render

    def render_and_tell(frames: int) -> Pcm:
        pcm = render(frames)
        echo.played(pcm)
        return pcm

    return render_and_tell
