"""Recognisers and voices in a child process, behind the same protocols; one that dies is started again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from assistant.decode.recogniser import Recogniser
from assistant.errors import EngineError, TuinaError, VoiceError
from assistant.messages import AudioBlock, Clip, Heard, Intent, Phrase
from assistant.speak.voice import Voice
from assistant.wire.processes.child_process import Child
from assistant.wire.voices import SENTENCE_S, SENTENCE_S_PER_CHARACTER

BATCH = 3  # blocks a call: a stop is late by 40 ms at most, and 16 calls a second cost 2 ms (0.12 ms each, measured)
FEED_S = 5.0  # 100 times what a batch takes; a busy machine is not a hung engine
LEARN_S = 60.0
DEATHS_IN_A_ROW = 3  # without a word heard between them: it will not recover


class ChildRecogniser:
    """A Recogniser in a child process; when that dies or hangs, the utterance is dropped and the next one is heard."""

    failures: list[str]
    """Failures that were recovered, in order."""

    def __init__(
        self,
        factory: Callable[..., Recogniser],
        *args: object,
        name: str = "the recogniser",
        remedy: str = "use the other engine: --engine phonetic",
        on_failure: Callable[[str], None] | None = None,
    ) -> None:
        """Take the engine's factory; `on_failure` is called, on the feeding thread, when the engine is lost.

        `remedy` is for an engine that dies while it starts, such as downloading its model again.
        """
        self._child = Child(RemoteEar, factory, args, name=name, remedy=remedy)
        self._on_failure = on_failure
        self._phrases: tuple[Phrase, ...] = ()
        self._intents: frozenset[Intent] | None = None
        self._waiting: list[AudioBlock] = []
        self._ready: list[Heard] = []
        self._deaths = 0
        self.failures = []

    def start(self) -> None:
        """Load the engine; `learn` does it too. Raises EngineError if the model is missing or damaged."""
        self._child.start()

    def learn(self, phrases: Sequence[Phrase]) -> None:
        """Take the session's phrases. Raises EngineError also when the engine dies of them."""
        self._phrases = tuple(phrases)
        self._waiting.clear()
        self._ready.clear()
        self._child.start()
        self._child.call("learn", self._phrases, timeout_s=LEARN_S)

    def expect(self, intents: frozenset[Intent]) -> None:
        """Set the legal intents from the next utterance on."""
        self._intents = intents
        self._ready += self._send()
        self._ready += self._ask("expect", intents)

    def feed(self, block: AudioBlock) -> tuple[Heard, ...]:
        """Take a block; every third one goes to the child. Raises EngineError when the engine keeps dying."""
        self._waiting.append(block)
        if len(self._waiting) < BATCH and not self._ready:
            return ()
        return self._give(self._send())

    def finish(self) -> tuple[Heard, ...]:
        """End the sound: return what was still open."""
        return self._give([*self._send(), *self._ask("finish")])

    def reset(self) -> None:
        """Forget the utterance in progress."""
        self._waiting.clear()
        self._ready.clear()
        self._ask("reset")

    def unknown_words(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """Return the words that the engine can never hear, sorted."""
        self._child.start()
        words: tuple[str, ...] = self._child.call("unknown_words", tuple(phrases), timeout_s=LEARN_S)
        return words

    def close(self) -> None:
        """End the child."""
        self._child.close()

    @property
    def pid(self) -> int | None:
        """Return the child's process id, while there is one."""
        return self._child.pid

    def _send(self) -> list[Heard]:
        blocks, self._waiting = tuple(self._waiting), []
        return self._ask("feed_all", blocks) if blocks else []

    def _give(self, heard: Iterable[Heard]) -> tuple[Heard, ...]:
        given = (*self._ready, *heard)
        self._ready.clear()
        return given

    def _ask(self, method: str, *args: object) -> list[Heard]:
        """Return the engine's answer; nothing if it was lost and restarted."""
        try:
            answer = self._child.call(method, *args, timeout_s=FEED_S)
        except TuinaError as error:
            if self._child.is_alive:
                raise
            self._recover(error)
            return []
        heard = list(answer or ())
        if heard:
            self._deaths = 0
        return heard

    def _recover(self, error: TuinaError) -> None:
        self.failures.append(error.what)
        self._deaths += 1
        if self._on_failure is not None:
            self._on_failure(error.what)
        if self._deaths > DEATHS_IN_A_ROW:
            raise EngineError(f"{error.what}; it died {self._deaths} times in a row", remedy=error.remedy) from error
        self._child.restart()
        if self._phrases:
            self._child.call("learn", self._phrases, timeout_s=LEARN_S)
        if self._intents is not None:
            self._child.call("expect", self._intents, timeout_s=FEED_S)


class RemoteEar:
    """The engine inside the child, with one call for several blocks."""

    def __init__(self, factory: Callable[..., Recogniser], args: tuple[object, ...]) -> None:
        """Make the engine."""
        engine = factory(*args)
        self.learn, self.expect = engine.learn, engine.expect
        self.finish, self.reset, self.unknown_words = engine.finish, engine.reset, engine.unknown_words
        self._feed = engine.feed

    def feed_all(self, blocks: Sequence[AudioBlock]) -> tuple[Heard, ...]:
        """Return what was heard in all of them."""
        return tuple(heard for block in blocks for heard in self._feed(block))


class ChildVoice:
    """A Voice in a child process with a deadline for each sentence; after a death it is restarted and retried once."""

    failures: list[str]
    """Failures, in order."""

    def __init__(self, factory: Callable[..., Voice], *args: object, name: str = "voice") -> None:
        """Take the voice's factory; `name` is for errors before the voice has given its own. Starts nothing."""
        self.failures = []
        self._child = Child(
            RemoteVoice, factory, args, name=f"the {name}", error=VoiceError, remedy="choose another: --voice"
        )
        self._told: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """Return the voice's own name. Starts it at the first call; raises VoiceError if there is none."""
        return self._identity()[0]

    @property
    def version(self) -> str:
        """Return what else determines its sound. Starts it at the first call; raises VoiceError if there is none."""
        return self._identity()[1]

    def synthesise(self, text: str, *, speed: float = 1.0) -> Clip:
        """Return the sentence as sound. Raises VoiceError when the voice refuses it, hangs, or dies of it twice."""
        timeout_s = SENTENCE_S + SENTENCE_S_PER_CHARACTER * len(text)
        if self._child.pid is None:
            self._child.start()
        began_s = time.monotonic()
        try:
            return self._once(text, speed, timeout_s)
        except VoiceError as error:
            if self._child.is_alive:
                raise
            self.failures.append(error.what)
            if time.monotonic() - began_s >= timeout_s:
                raise  # the person has waited long enough: another voice may say it
        self._child.restart()
        return self._once(text, speed, timeout_s)

    def close(self) -> None:
        """End the child."""
        self._child.close()

    def _once(self, text: str, speed: float, timeout_s: float) -> Clip:
        clip = self._child.call("synthesise", text, timeout_s=timeout_s, speed=speed)
        if not isinstance(clip, Clip):
            raise VoiceError(f"the voice gave no sound for {text!r}", remedy="choose another: --voice")
        return clip

    def _identity(self) -> tuple[str, str]:
        if self._told is None:
            self._child.start()
            name, version = self._child.call("identity", timeout_s=FEED_S)
            self._told = str(name), str(version)
        return self._told


class RemoteVoice:
    """The voice inside the child."""

    def __init__(self, factory: Callable[..., Voice], args: tuple[object, ...]) -> None:
        """Make the voice."""
        self._voice = factory(*args)
        self.synthesise = self._voice.synthesise

    def identity(self) -> tuple[str, str]:
        """Return its name and version."""
        return self._voice.name, self._voice.version
