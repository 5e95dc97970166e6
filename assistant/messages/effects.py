"""Effects: actions for the outside world. Imperative; performed in the order in which they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.messages.events import Check, Preference, Saved
from assistant.messages.intents import Intent, SlotValue

Fact: TypeAlias = Literal["expert_advice_heard", "screening_failed"] | Check
"""Facts that are stored with a date; of the safety questions only that they were passed, never an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak a reply after what is already queued. While a count runs it sounds between two beats."""

    utterance: int
    """Counts up from 1 within a session; comes back in `VoiceBegan` and `VoiceEnded`."""
    reply: str
    """A key of replies.yaml."""
    values: Mapping[str, SlotValue] = field(default_factory=dict)
    """Fills the reply's placeholders; numbers are spoken as words."""
    interruptible: bool = True
    """False only for a safety warning."""
    at_once: bool = False
    """True if the words contain the present number of a count: one more number would make them wrong."""
    then_s: float = 0.0
    """Seconds of quiet after it, before the next sentence: the person does what it asks for. A hush ends them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """Sound the number `n` so that its first sample falls at `at_s`."""

    at_s: float
    n: int
    of: int
    period_s: float
    """Time to the next beat: the number must fit into it."""
    cue: str = ""
    """A word spoken with the number ("right"), or empty."""
    breath: Literal["", "breathe_in", "breathe_out"] = ""
    """A key of replies.yaml, spoken with the number where the person breathes with the count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Sound a word at `at_s`: a part of a repetition ("left"), a number of the count-in, or "half-way"."""

    at_s: float
    word: SlotValue = ""
    """A word of the technique, or a number."""
    reply: str = ""
    """A key of replies.yaml, in place of a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """Be silent: `now` cuts everything that sounds or waits; `phrase_end` lets the present sentence finish."""

    how: Literal["now", "phrase_end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeMe:
    """Send `Due(tag)` at `at_s`. A second one with the same tag replaces the first."""

    at_s: float
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Cancel a `WakeMe`."""

    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenFor:
    """From now on these intents are legal."""

    intents: frozenset[Intent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remember:
    """Write a fact to disk, with today's date, before anything that follows is performed."""

    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefer:
    """Write a choice of the person to disk; later sessions begin with it (`Began.preferred`)."""

    what: Preference
    percent: int
    """100 is the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Put the place on disk before anything that follows is performed; None: there is no place to resume."""

    saved: Saved | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Add a line to the history: numbers and ids only."""

    what: Literal["session_begun", "step_begun", "side_counted", "pain", "rating", "session_ended"]
    values: Mapping[str, SlotValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetEverything:
    """Delete everything stored about the person: history, places, facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRate:
    """Speak slower or faster, numbers where the beat allows it; the count keeps its own tempo."""

    percent: int
    """70 to 150; 100 is about 150 words a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """Put on disk at once what still waits for it, and answer with `Settled`: a promise depends on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Play an earcon: heard, not_understood, switch_side or finished."""

    earcon: Literal["heard", "not_understood", "switch_side", "finished"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Set the volume of everything that sounds."""

    percent: int
    """20 to 150; 100 is the level the clips are normalised to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """End the program after what is being said."""

    reason: Literal["finished", "asked", "red_flag", "silence", "not_today", "no_input"]


Effect: TypeAlias = (
    Say
    | Beat
    | Cue
    | Hush
    | WakeMe
    | Forget
    | ListenFor
    | Remember
    | Prefer
    | Keep
    | Note
    | ForgetEverything
    | Settle
    | Sound
    | Volume
    | SpeechRate
    | Leave
)
