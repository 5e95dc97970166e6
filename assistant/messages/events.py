"""Events: what happened. Past tense; the only way in which time reaches the dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from assistant.messages.intents import Intent, Slots

Screened: TypeAlias = Literal["never", "old", "passed", "passed_back", "passed_no_leg"]
"""Of the safety questions: never answered, or failed; passed, but more than a day ago; passed; passed, but those about
legs were not asked; passed, and legs are closed."""

Part: TypeAlias = Literal["capture", "muted", "missing", "clipped", "hum", "decode", "speak", "voice", "journal"]
"""What can break: the microphone gives nothing any more, gives silence only, was not there at the start, is driven too
hard, hums; the ear; the loudspeaker; who speaks; the journal."""

Saved: TypeAlias = Mapping[str, Any]
"""A place in a routine as plain values (respond/snapshot.py); what the journal keeps and gives back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the journal knows of earlier sessions, as far as the dialogue needs it."""

    sessions: int = 0
    days_ago: int = 0
    """Since the last session ended; meaningful when there was one."""
    sessions_this_week: int = 0
    techniques: int = 0
    """Done in the last session."""
    known: tuple[str, ...] = ()
    """Techniques that were done before: they are explained in fewer words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """The session began; always the first event."""

    at_s: float
    routine: str | None = None
    """The routine asked for on the command line, if any."""
    usual: str = ""
    """The routine that "start" alone means: the one done last, else the settings' own."""
    is_first_session: bool = False
    """Nobody has heard the expert advice on this machine yet."""
    screened: Screened = "passed"
    saved: Saved | None = None
    """Where an unfinished session was left, if one was."""
    past: Past = field(default_factory=Past)
    can_save: bool = True
    """False: nothing can be kept, and the person is told so."""
    asks_rating: bool = False
    """Ask for the discomfort before and after, zero to ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person said something that is understood and legal now."""

    at_s: float
    intent: Intent
    slots: Slots = field(default_factory=dict)
    text: str = ""
    score: float = 0.0
    corrects: bool = False
    """Something else was acted on while the person was still speaking: a hold that nobody asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """A person said something that is known, but cannot be obeyed in this state."""

    at_s: float
    intent: Intent
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perhaps:
    """Nearly a command that is costly to obey by mistake: too little to obey, enough to ask. Legal now."""

    at_s: float
    intent: Intent
    slots: Slots = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Speech that was not understood. Never advances, resumes or starts anything."""

    at_s: float
    best: str = ""
    """What came nearest, for the trace only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A time asked for with `WakeMe` has come; `at_s` is the time that was asked for."""

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
    """What had failed works again."""

    at_s: float
    room: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Slept:
    """The machine stood still: suspended, or too busy to listen. Nobody knows what was said meanwhile."""

    at_s: float
    seconds: float


Event: TypeAlias = Began | Said | NotNow | Perhaps | Unsure | Due | VoiceBegan | VoiceEnded | Failed | Recovered | Slept
