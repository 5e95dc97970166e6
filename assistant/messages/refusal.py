"""The reasons why something heard is not obeyed: made where the decision is made, for people who ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Rule: TypeAlias = Literal[
    # of a sound (decode/): the numbers are nats, but for a probability of speech and a text engine's confidence
    "speech",
    "over_loop",
    "over_loop_exact",
    "over_loop_long",
    "over_loop_amid_talk",
    "ahead",
    "common_words",
    "misfit",
    "piece_ahead",
    "piece",
    "confidence",
    "no_phrase",
    "too_long",
    "drowned",
    # of words (interpret/match.py): the numbers are points of 100, or characters
    "no_words",
    "single_word",
    "too_many_letters",
    "likeness",
    "exact_only",
    "strange_word",
    "another_number",
    "negation",
    "likeness_ahead",
    "another_sense",
    "meaning",
    # of a command that was understood
    "not_legal",
    "own_voice",
    "was_held",
    "amid_talk",
    "offered",
]
"""A bar that something fell short of, or a rule that it broke. interpret/why.py says each in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One bar that was not met."""

    rule: Rule
    needs: float | None = None
    """The threshold; at most so much for `misfit` and `too_many_letters`, at least so much for all others. None: the
    rule has no number."""
    had: float | None = None
    """The value that was reached, in the same unit."""
    word: str = ""
    """The word of the person, or the sentence of ours, that the rule is about."""

    @property
    def lacks(self) -> float:
        """The difference that was missing; 0.0 where the rule has no number."""
        return 0.0 if self.needs is None or self.had is None else abs(self.needs - self.had)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The reasons why one utterance is not obeyed."""

    text: str
    """The phrase that came nearest, and would have been heard; empty where none did."""
    shortfalls: tuple[Shortfall, ...]
    """Every bar that was not met, the one that was decisive first; never empty."""
    rival: str = ""
    """The best phrase that means something else, if there is one."""
