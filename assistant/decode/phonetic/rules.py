"""When an utterance is believed. All thresholds of the ear stand here, each with its source; pure.

A phrase must beat the phone loop, beat every phrase that means something else, and sound like itself phone by phone. How
much is asked depends on what a mistake would cost: safety is easiest, ending the session hardest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.messages import SAFETY, Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the sound says about its best phrase."""

    over_loop: float
    """Nats above the phone loop."""
    margin: float
    """Nats above the best phrase that means something else."""
    misfit: float
    """Nats a phone below the freest reading of the sound; 0 is a perfect fit."""
    phones: int
    speech: float
    """Silero's maximum in the utterance, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What is asked of a phrase."""

    over_loop: float
    margin: float
    misfit_short: float
    """At most this for up to `SHORT` phones."""
    misfit: float


SHORT = 4  # phones
SPEECH = 0.5  # silero: 0 of 86 clips of kitchen noise pass, all of 300 commands (recognition.md)
USUAL = Bar(over_loop=8.6, margin=1.0, misfit_short=3.0, misfit=2.5)  # recognition.md, the bigram loop row
SURER = Bar(over_loop=9.8, margin=1.0, misfit_short=3.0, misfit=2.5)  # recognition.md: 1.9 % of words instead of 2.8 %
SAFE = Bar(over_loop=8.6, margin=0.0, misfit_short=3.0, misfit=2.5)
BARS = {
    **dict.fromkeys(SAFETY, SAFE),
    Intent.END_SESSION: SURER,
    Intent.YES: USUAL,
    Intent.NO: USUAL,
}


def bar(intents: Iterable[Intent]) -> Bar:
    """What is asked of a phrase with these meanings: the hardest of them."""
    return max((BARS.get(intent, USUAL) for intent in intents), key=lambda b: (b.over_loop, b.margin))


def is_believed(evidence: Evidence, asked: Bar) -> bool:
    """Whether the phrase may act."""
    fit = asked.misfit_short if evidence.phones <= SHORT else asked.misfit
    return (
        evidence.speech >= SPEECH
        and evidence.over_loop >= asked.over_loop
        and evidence.margin >= asked.margin
        and evidence.misfit <= fit
    )
