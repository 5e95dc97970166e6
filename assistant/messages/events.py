"""Events: what happened, in the past tense. Time reaches the dialogue only through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from assistant.messages.intents import Intent, Slots

Area: TypeAlias = Literal["general", "back", "legs"]
"""The parts that the safety questions protect: everybody, and a place that is worked on."""

Check: TypeAlias = Literal[
    "checked_general",
    "checked_back",
    "checked_legs",
    "unchanged_general",
    "unchanged_back",
    "unchanged_legs",
    "legs_closed",
    "doctor_agreed",
    "doctor_agreed_legs",
]
"""Passed of the safety questions: an area in full; an area without changes since then; legs are closed by an
answer; a doctor agreed to what a doctor decides, and to work on the legs. Stored with a date, and nothing else."""

Part: TypeAlias = Literal[
    "capture", "muted", "missing", "clipped", "hum", "decode", "speak", "voice", "journal", "forget",
    "lines", "page", "keyboard", "ear", "input",
]  # fmt: skip
"""Parts that can break: the microphone gives nothing any more, is muted, was missing at the start, clips, or hums; the
ear (decode); the loudspeaker (speak); the text-to-speech voice; the journal; the deletion of all that it holds
(forget); lines of it that were damaged and are left out; the page that is the only input is closed. Over for good: the
keyboard, the ear, the last of all inputs (input)."""

Preference: TypeAlias = Literal["speech_rate", "tempo"]
"""Choices of a person for every later session, in percent of the default."""

Saved: TypeAlias = Mapping[str, Any]
"""A place in a routine as plain values (respond/snapshot.py), as the journal stores it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Facts about earlier sessions that the dialogue needs."""

    sessions: int = 0
    days_ago: int = 0
    """Days since the last session ended; meaningful only if there was one."""
    sessions_this_week: int = 0
    techniques: int = 0
    """Number of techniques done in the last session."""
    known: Mapping[str, int] = field(default_factory=dict)
    """Days since each technique was last done: they are explained in fewer words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """The session began; always the first event."""

    at_s: float
    routine: str | None = None
    """The routine asked for on the command line, if any."""
    usual: str = ""
    """The routine that "start" alone means: the last one done, else the one in the settings."""
    is_first_session: bool = False
    """True if nobody has heard the expert advice on this machine yet."""
    checks: Mapping[Check, float] = field(default_factory=dict)
    """Passed of the safety questions, and how many seconds ago; below zero where the clock was set back."""
    saved: Saved | None = None
    """Place of an unfinished session, if there is one."""
    saved_age_s: float = 0.0
    """Age in seconds of that place; below zero where the clock was set back."""
    past: Past = field(default_factory=Past)
    preferred: Mapping[Preference, int] = field(default_factory=dict)
    """The choices of earlier sessions, else of the settings, in percent; what is missing is at its default."""
    emergency_number: str = ""
    """The digits to call in an emergency, as they are spoken; empty: nobody knows them."""
    can_save: bool = True
    """False if nothing can be stored; the person is told so."""
    asks_rating: bool = False
    """True to ask for the discomfort before and after, zero to ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person said something that was understood and is legal now."""

    at_s: float
    intent: Intent
    slots: Slots = field(default_factory=dict)
    text: str = ""
    score: float = 0.0
    corrects: bool = False
    """True if the session acted on something else while the person was still speaking: a hold that nobody asked for."""
    is_second: bool = False
    """True if it was said in one breath with another wish, which was told before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """A person said something known that cannot be obeyed in this state."""

    at_s: float
    intent: Intent
    text: str = ""
    is_guess: bool = False
    """True for words that are no phrase, and most likely mean that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perhaps:
    """Nearly a command: too little evidence to obey, enough to hold or to ask. Without the slots that are not sure."""

    at_s: float
    intent: Intent
    slots: Slots = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Speech that was not understood. It never advances, resumes or starts anything."""

    at_s: float
    best: str = ""
    """The nearest phrase, for the trace only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drowned:
    """Somebody talks without a pause: for seconds no command could be heard, but for a shout."""

    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A time requested with `WakeMe` has come; `at_s` is the requested time."""

    at_s: float
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceBegan:
    """The first sample of an utterance went to the speaker."""

    at_s: float
    utterance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceEnded:
    """An utterance is over: finished, or cut short by `Hush`."""

    at_s: float
    utterance: int
    is_finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A part outside the dialogue broke: a device, an engine, a voice, a file."""

    at_s: float
    room: Part
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """A part that had failed works again."""

    at_s: float
    room: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """All that waited was tried to be written once more, as `Settle` asked for."""

    at_s: float
    is_saved: bool
    """True if the last place that was kept is on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slept:
    """The machine stood still: suspended, or too busy to listen. Speech in that time is unknown."""

    at_s: float
    seconds: float


_Voice: TypeAlias = VoiceBegan | VoiceEnded
_Machine: TypeAlias = Failed | Recovered | Settled | Slept
Event: TypeAlias = Began | Said | NotNow | Perhaps | Unsure | Drowned | Due | _Voice | _Machine
