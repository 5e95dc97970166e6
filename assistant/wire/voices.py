"""A chain of voices: when one breaks, the next one says the same sentence, and the session is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.errors import VoiceError
from assistant.messages import Clip
from assistant.speak.clean_text import clean_text
from assistant.speak.voice import Voice


class VoiceChain:
    """Speaks with the first voice that works; never goes back to one that broke in this session."""

    def __init__(self, makers: Sequence[Callable[[], Voice]], on_failure: Callable[[str], None]) -> None:
        """Voices in order of preference, made when their turn comes; `on_failure` is told why one was left.

        Raises VoiceError when none can even be made.
        """
        self._makers = list(makers)
        self._on_failure = on_failure
        self._voice = self._next(None)

    @property
    def name(self) -> str:
        """The name of the voice that speaks now."""
        return self._voice.name

    @property
    def version(self) -> str:
        """The version of the voice that speaks now."""
        return self._voice.version

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """The sentence, by the first voice that can say it. Raises VoiceError when the last one fails too."""
        while True:
            try:
                return self._voice.synthesise(text, speed=speed)
            except VoiceError as error:
                if not clean_text(text):
                    raise  # no voice can say it: that is not this voice's fault
                self._voice = self._next(error)

    def _next(self, error: VoiceError | None) -> Voice:
        while self._makers:
            if error is not None:
                self._on_failure(str(error))
            try:
                return self._makers.pop(0)()
            except VoiceError as another:
                error = another
        raise error or VoiceError("there is no voice to speak with", remedy="Run: tuina doctor")
