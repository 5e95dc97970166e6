"""Joins the echo canceller to what plays: whether there is one, and how it learns what the loudspeaker is given."""

from __future__ import annotations

from collections.abc import Callable

from assistant.capture.echo import EchoCanceller
from assistant.errors import EngineError
from assistant.messages import Pcm
from assistant.store.settings import EchoName


def echo_canceller(wanted: EchoName, note: Callable[[str], None]) -> EchoCanceller | None:
    """A canceller, or None where none is wanted or, with "auto", none loads: that is noted. "on" raises EngineError."""
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
    """`render`, of whose samples the canceller gets a copy."""
    if echo is None:
        return render

    def render_and_tell(frames: int) -> Pcm:
        pcm = render(frames)
        echo.played(pcm)
        return pcm

    return render_and_tell
