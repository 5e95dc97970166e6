"""What a person can want, the phrases for it, and what an ear made of an utterance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from assistant.messages.refusal import Refusal

SlotValue: TypeAlias = int | str
Slots: TypeAlias = Mapping[str, SlotValue]


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


AT_ONCE = frozenset({Intent.STOP, Intent.PAUSE, Intent.PAIN, Intent.TOO_HARD})
"""They act while the person still speaks: silence and a hold, which the dialogue can take back."""
SAFETY = frozenset({Intent.STOP, Intent.PAIN, Intent.TOO_HARD, Intent.RED_FLAG, Intent.EMERGENCY})
ASKED_BACK = frozenset({Intent.END_SESSION})
"""Nearly heard, these are asked about: more is asked of them than of other commands, since a mistake ends the session.
What forgets or discards asks always; the rest can be taken back by a word, and a question would cost more."""


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
    spare: float = 0.0
    """How much of the score was not needed to be believed; below zero: refused, and what was missing. Sweeping what is
    added to every bar over it gives the curve of recall against false accepts. Only engines that score set it."""
    refusal: Refusal | None = None
    """Why it is not sure, from an engine that can tell; None where it is."""
