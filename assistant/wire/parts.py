"""The parts of a session, and what it asks of those that it does not know: a mouth, and observers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from assistant.clock import Clock
from assistant.interpret import Interpreter
from assistant.messages import Effect, Event, Intent, Preference, Refusal
from assistant.respond.states import State
from assistant.routine import Library
from assistant.speak.player import Player
from assistant.speak.wording import Wording
from assistant.store.journal import Journal

Preferred: TypeAlias = Mapping[Preference, int]


class Mouth(Protocol):
    """Turns texts into clips and hands them to the player, at once or from a thread."""

    @property
    def is_idle(self) -> bool:
        """True if nothing waits to be rendered."""

    def speak_sentence(self, utterance: int, text: str, *, at_once: bool = False, then_s: float = 0.0) -> None:
        """Queue a sentence, and quiet after it; `at_once`: while a count runs, before its next number."""

    def speak_number(self, at_s: float, text: str, n: int, period_s: float) -> None:
        """Place a number."""

    def speak_word(self, at_s: float, text: str) -> None:
        """Place a word."""

    def hush(self, how: Literal["now", "phrase_end"]) -> None:
        """Drop what waits; with "now" also what sounds."""

    def rate(self, percent: int) -> None:
        """Set the rate of the sentences and numbers that follow, in percent; the beat stays as it is."""


class Observer(Protocol):
    """Receives every event and effect: the trace, the terminal, the demo's script."""

    def on_event(self, event: Event) -> None:
        """Take an event."""

    def on_effect(self, at_s: float, effect: Effect, text: str) -> None:
        """Take an effect; `text` is the sentence that is spoken."""


@runtime_checkable
class RefusalObserver(Protocol):
    """An observer that also asks why something that was heard is not obeyed."""

    def on_refusal(self, at_s: float, refusal: Refusal) -> None:
        """Something is refused; the event that tells the dialogue, if there is one, follows."""


@runtime_checkable
class StateObserver(Protocol):
    """An observer that also sees the dialogue's state."""

    def on_state(self, at_s: float, state: State) -> None:
        """Take the state after an event, when its effects were performed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a session; `build.py` chooses them."""

    library: Library
    interpreter: Interpreter
    wording: Wording
    player: Player
    mouth: Mouth
    clock: Clock
    journal: Journal | None  # None if nothing can be saved; the session then runs in memory
    expect: Callable[[frozenset[Intent]], None]  # tells the ear the legal intents
    observers: Sequence[Observer] = ()
    has_echo: bool = False  # the microphone hears the loudspeaker: our own sentences must not count as commands
    forget_more: Callable[[], None] = lambda: None  # deletes data outside of the journal; raises JournalError
