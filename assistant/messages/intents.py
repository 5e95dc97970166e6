"""A person's intents, the phrases for them, and an engine's result for an utterance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from assistant.messages.refusal import Refusal

SlotValue: TypeAlias = int | str
Slots: TypeAlias = Mapping[str, SlotValue]


class Intent(str, Enum):
    """An intent of the person. The value is the id in files, traces and JSON."""

    STOP = "stop"
    PAIN = "pain"
    TOO_HARD = "too_hard"
    SORE = "sore"
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
    BREATHE = "breathe"
    OPPOSITE_DIRECTION = "opposite_direction"
    WHICH_SIDE = "which_side"
    STEPS_LEFT = "steps_left"
    TIME_LEFT = "time_left"
    WHERE_AM_I = "where_am_i"
    WHATS_NEXT = "whats_next"
    MORE_DETAIL = "more_detail"
    WHERE_IS = "where_is"
    HOW_HARD = "how_hard"
    ASK = "ask"
    EXPERT_ADVICE = "expert_advice"
    HISTORY = "history"
    LIST_ROUTINES = "list_routines"
    START_ROUTINE = "start_routine"
    START_USUAL = "start_usual"
    RESUME_LAST = "resume_last"
    SHORT_SESSION = "short_session"
    CHOOSE = "choose"
    WHATS_IN_IT = "whats_in_it"
    THANKS = "thanks"
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
    MAYBE = "maybe"
    CHANGE_ANSWER = "change_answer"
    DOCTOR_AGREED = "doctor_agreed"
    HEALTH = "health"
    CANCEL = "cancel"
    RATE_PAIN = "rate_pain"


AT_ONCE = frozenset({Intent.STOP, Intent.PAUSE, Intent.PAIN, Intent.TOO_HARD})
"""Intents that act while the person still speaks: silence and a hold, which the dialogue can undo."""
SAFETY = frozenset({Intent.STOP, Intent.PAIN, Intent.TOO_HARD, Intent.RED_FLAG, Intent.EMERGENCY})
ASKED_BACK = frozenset({Intent.END_SESSION})
"""Intents that are confirmed when the evidence is weak: they need more of it than other commands, since a mistake ends
the session. Intents that forget or discard always ask; a word undoes the others, and a question would cost more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One sentence that somebody may say, and its meaning."""

    text: str
    """Lower case words, single spaces, numbers as words, no punctuation."""
    intent: Intent
    slots: Slots = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An engine's result for one utterance, before its meaning is decided."""

    text: str
    """The words of the best phrase, or the free text of an engine that writes text. Empty: speech without words."""
    is_final: bool
    """False for a partial result, while the person is still speaking."""
    is_sure: bool
    """True if it passed the engine's own rejection rules."""
    score: float
    """Nats above the phone loop (phonetic), 0-100 (text engines); compare only within one engine."""
    at_s: float
    """Start of the utterance, in seconds."""
    end_s: float
    """End of the utterance, in seconds."""
    runner_up: str = ""
    """The best phrase of another intent, for the trace."""
    margin: float = 0.0
    """Score minus the runner-up's score."""
    spare: float = 0.0
    """Headroom: the part of the score above the thresholds; below zero: refused, by that much. Sweeping an offset to
    all thresholds over it gives the curve of recall against false accepts. Only engines with scores set it."""
    refusal: Refusal | None = None
    """The reasons if it is not sure, from an engine that can tell."""
    transcripts: tuple[str, ...] = ()
    """The words that were said, in any wording, best first: one to three texts; empty where the engine has none."""
    misfit: float = 0.0
    """Nats a letter by which the best transcript lies below the unconstrained score; 0.0 for text."""
    is_typed: bool = False
    """True for a line that was typed or pressed: no microphone heard it, so it is never our own voice."""
