"""A chain of voices: when one breaks, the next one says the same sentence, and the session is told.

A voice in this process gets a thread and a deadline for each sentence, since its libraries can hang; the output of
every voice is validated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.errors import VoiceError
from assistant.messages import Clip
from assistant.speak.clean_text import clean_text
from assistant.speak.clip_validation import refuse_garbage
from assistant.speak.voice import Voice
from assistant.wire.deadline import finish_within

# A hang is noticed within three seconds; a line takes 5 ms (espeak-ng) or 27 ms (hibari), 0.15 s on a busy machine.
# A child process has ten times as long a character (docs/faults.md, "Voice that hangs").
SENTENCE_S, SENTENCE_S_PER_CHARACTER = 2.0, 0.015
LOADING_S = 20.0  # of a model, before its first sentence: 0.5 s here, and this machine may be busy
MUTE = "silent"  # the voice that gives no sound on purpose


class InTime:
    """A voice of this process with a deadline for every sentence."""

    def __init__(self, voice: Voice, loading_s: float = LOADING_S) -> None:
        """Take the voice; `loading_s` is added to the deadline wherever it may have to load its model."""
        self._voice = voice
        self._loading_s = loading_s
        self._is_loaded = False
        self.name, self.version = voice.name, voice.version

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Return the voice's clip. Raises VoiceError when it takes longer than 2 s + 0.015 s a character."""
        seconds = SENTENCE_S + SENTENCE_S_PER_CHARACTER * len(text) + (0.0 if self._is_loaded else self._loading_s)
        made: list[Clip] = []
        if not finish_within(lambda: made.append(self._voice.synthesise(text, speed=speed)), seconds):
            remedy = "choose another: --voice"
            raise VoiceError(f"the voice took longer than {seconds:.0f} s for {text!r}", where=self.name, remedy=remedy)
        self._is_loaded = True
        return made[0]

    def rest(self) -> None:
        """Let the voice free its memory; the next sentence may take longer again."""
        self._is_loaded = False
        rest(self._voice)


class VoiceChain:
    """Speaks with the first voice that works; never returns to one that broke in this session."""

    def __init__(self, makers: Sequence[Callable[[], Voice]], on_failure: Callable[[str], None]) -> None:
        """Take voices in order of preference, made when needed; `on_failure` is told why one was abandoned.

        Raises VoiceError when none can be made.
        """
        self._makers = list(makers)
        self._on_failure = on_failure
        self._voice = self._next(None)

    @property
    def name(self) -> str:
        """Return the name of the present voice."""
        return self._voice.name

    @property
    def version(self) -> str:
        """Return the version of the present voice."""
        return self._voice.version

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Return the sentence by the first voice that can say it. Raises VoiceError when the last one fails too."""
        while True:
            try:
                clip = self._voice.synthesise(text, speed=speed)
                if self.name != MUTE:
                    refuse_garbage(clip, text, speed, self.name)
                return clip
            except VoiceError as error:
                if not clean_text(text):
                    raise  # no voice can say it, so this voice is not at fault
                self._voice = self._next(error)

    def rest(self) -> None:
        """Free the memory that only new sentences need."""
        rest(self._voice)

    def _next(self, error: VoiceError | None) -> Voice:
        while self._makers:
            if error is not None:
                self._on_failure(str(error))
            try:
                return self._makers.pop(0)()
            except VoiceError as another:
                error = another
        raise error or VoiceError("there is no voice to speak with", remedy="Run: tuina doctor")


def rest(voice: object) -> None:
    """Let a voice free its memory, if it can."""
    give_back = getattr(voice, "rest", None)
    if give_back is not None:
        give_back()
