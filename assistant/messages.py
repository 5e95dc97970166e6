"""The vocabulary that the rooms share: blocks, what was heard, intents, events, effects. Values only, no behaviour.

Events are past (`Said`, `VoiceEnded`), effects imperative (`Say`, `Hush`). Every time is `at_s`: seconds of the
session, counted in samples, 0.0 when the session began.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

EAR_RATE_HZ = 16_000  # what every recogniser takes; the phonetic model and silero were trained at it
MOUTH_RATE_HZ = 24_000  # what hibari renders; the one output stream runs at it, so that nothing is resampled
BLOCK_S = 0.02  # 320 samples in, 480 out: architecture.md asks for 160-320 at 16 kHz

Pcm: TypeAlias = npt.NDArray[np.int16]
SlotValue: TypeAlias = int | str
Slots: TypeAlias = Mapping[str, SlotValue]
Fact: TypeAlias = Literal[
    "expert_advice_heard", "screening_passed", "screening_passed_back", "screening_passed_no_leg", "screening_failed"
]
"""What is remembered with a date; of the safety questions only whether they were passed, never an answer."""


class Intent(str, Enum):
    """What a person can want. The value is the id in files, traces and JSON."""

    STOP = "stop"
    PAIN = "pain"
    TOO_HARD = "too_hard"
    RED_FLAG = "red_flag"
    EMERGENCY = "emergency"
    LIGHTER = "lighter"
    PAUSE = "pause"
    WAIT_FOR = "wait_for"
    RESUME = "resume"
    READY = "ready"
    NEXT = "next"
    DONE = "done"
    PREVIOUS = "previous"
    REPEAT = "repeat"
    RESTART_STEP = "restart_step"
    GO_TO = "go_to"
    UNDO = "undo"
    END_SESSION = "end_session"
    HOW_MANY_LEFT = "how_many_left"
    WHAT_COUNT = "what_count"
    SLOWER = "slower"
    FASTER = "faster"
    NORMAL_SPEED = "normal_speed"
    OWN_PACE = "own_pace"
    COUNT_ALOUD = "count_aloud"
    MORE_REPS = "more_reps"
    FEWER_REPS = "fewer_reps"
    RESET_COUNT = "reset_count"
    SWITCH_SIDES = "switch_sides"
    PICK_SIDE = "pick_side"
    SORER_SIDE = "sorer_side"
    WHICH_SIDE = "which_side"
    STEPS_LEFT = "steps_left"
    TIME_LEFT = "time_left"
    WHERE_AM_I = "where_am_i"
    WHATS_NEXT = "whats_next"
    MORE_DETAIL = "more_detail"
    WHERE_IS = "where_is"
    HOW_HARD = "how_hard"
    EXPERT_ADVICE = "expert_advice"
    HISTORY = "history"
    LIST_ROUTINES = "list_routines"
    START_ROUTINE = "start_routine"
    START_USUAL = "start_usual"
    RESUME_LAST = "resume_last"
    SHORT_SESSION = "short_session"
    LOUDER = "louder"
    QUIETER = "quieter"
    SPEAK_SLOWER = "speak_slower"
    SPEAK_FASTER = "speak_faster"
    TALK_LESS = "talk_less"
    TALK_MORE = "talk_more"
    HELP = "help"
    SLEEP = "sleep"
    WAKE = "wake"
    MIC_CHECK = "mic_check"
    WHAT_HEARD = "what_heard"
    FORGET_ME = "forget_me"
    YES = "yes"
    NO = "no"
    CANCEL = "cancel"
    RATE_PAIN = "rate_pain"


SAFETY = frozenset({Intent.STOP, Intent.PAIN, Intent.TOO_HARD, Intent.RED_FLAG, Intent.EMERGENCY})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AudioBlock:
    """A piece of sound from a microphone or a recording."""

    pcm: Pcm
    """Mono, int16, shape (samples,)."""
    rate_hz: int
    at_s: float
    """Samples before this block / rate, so a WAV file and a microphone stamp alike."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clip:
    """A piece of sound for the speaker."""

    pcm: Pcm
    """Mono, int16, shape (samples,); starts with its first audible sample."""
    rate_hz: int

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.pcm) / self.rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One sentence that somebody may say, and what it means."""

    text: str
    """Lower case words, single spaces, numbers as words, no punctuation."""
    intent: Intent
    slots: Slots = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an engine made of one utterance, before anybody decided what it means."""

    text: str
    """The best phrase's words, or the free text of an engine that writes text. Empty: speech without words."""
    is_final: bool
    """False for a partial result, while the person is still speaking."""
    is_sure: bool
    """The engine's own rejection rules let it through."""
    score: float
    """Nats above the phone loop (phonetic), 0-100 (text engines); compare only within one engine."""
    at_s: float
    """Where the utterance began."""
    end_s: float
    """Where the utterance ended."""
    runner_up: str = ""
    """The best phrase of another intent, for the trace."""
    margin: float = 0.0
    """Score minus the score of the runner-up."""


# --- events: what happened -------------------------------------------------------------------------------------------


Screened: TypeAlias = Literal["never", "old", "passed", "passed_back", "passed_no_leg"]
"""Of the safety questions: never answered, or failed; passed, but more than a day ago; passed; passed, but those about
legs were not asked; passed, and legs are closed."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """A person said something that is known, but cannot be obeyed in this state."""

    at_s: float
    intent: Intent
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
    room: str
    """capture, decode, speak (the loudspeaker), voice (who speaks) or journal."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What had failed works again."""

    at_s: float
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slept:
    """The machine stood still: suspended, or too busy to listen. Nobody knows what was said meanwhile."""

    at_s: float
    seconds: float


Event: TypeAlias = Began | Said | NotNow | Unsure | Due | VoiceBegan | VoiceEnded | Failed | Recovered | Slept


# --- effects: what to do ---------------------------------------------------------------------------------------------


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
    """True where the words hold the present number of a count: one more number would make them wrong."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Sound a word at `at_s`: the second half of a repetition ("left"), or a number of the count-in."""

    at_s: float
    word: SlotValue
    """A word of the language, or a number."""


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
class Keep:
    """Put the place on disk before anything that follows is performed; None: there is nothing to come back to."""

    saved: Saved | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Add a line to the history: numbers and ids only."""

    what: Literal["session_begun", "step_begun", "side_counted", "pain", "rating", "session_ended"]
    values: Mapping[str, SlotValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetEverything:
    """Delete all that is remembered of the person: history, places, facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRate:
    """Speak sentences slower or faster; the count keeps its own tempo."""

    percent: int
    """70 to 150; 100 is the voice's own rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Play a short sign: heard, not_understood, switch_side or finished."""

    earcon: Literal["heard", "not_understood", "switch_side", "finished"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Set the loudness of everything that sounds."""

    percent: int
    """20 to 150; 100 is the level the clips are normalised to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """End the program after what is being said."""

    reason: Literal["finished", "asked", "red_flag", "silence", "not_today"]


Effect: TypeAlias = (
    Say
    | Beat
    | Cue
    | Hush
    | WakeMe
    | Forget
    | ListenFor
    | Remember
    | Keep
    | Note
    | ForgetEverything
    | Sound
    | Volume
    | SpeechRate
    | Leave
)
