"""Ranks the guesses about one text: which one to decide about, and several of a kind as one. Pure.

The bars stand in weighing.py.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.interpret.meaning import Guess
from assistant.interpret.weighing import (
    ACT,
    DENIED,
    DENIED_FROM,
    EMERGENCY_DENIED_FROM,
    LEAST_ASKED,
    OPPOSITES,
    QUESTIONS,
    RIVAL,
    RIVAL_OPPOSITE,
)
from assistant.messages import SAFETY, Intent


def ranked(guesses: Sequence[Guess], *, is_denied: bool, cries_from: float) -> tuple[Guess, float]:
    """Return the meaning to decide about, and the confidence of the next one.

    Where none is sure, a cry of at least `cries_from` comes first; one that the words deny ("I don't feel faint") is
    asked about at most.
    """
    kept = [one for one in guesses if one.intent is not None]
    if is_denied:
        kept = [one for one in kept if one.confidence >= _least_denied(one.intent)]
        kept = [one._replace(confidence=min(one.confidence, DENIED)) if one.intent in SAFETY else one for one in kept]
    if not kept:
        return Guess(None, 1.0), 0.0
    rival = _rival(*kept[:2])
    cries = [one for one in kept if one.intent in SAFETY and one.confidence >= cries_from]
    is_sure = kept[0].confidence >= ACT and rival < RIVAL
    return (kept[0] if is_sure or not cries else cries[0]), rival


def _least_denied(intent: Intent | None) -> float:
    """The confidence that a meaning needs in words that deny a cry; "she ain't breathing, call an ambulance"."""
    if intent is Intent.EMERGENCY:
        return EMERGENCY_DENIED_FROM
    return DENIED_FROM if intent in SAFETY else 0.0


def _rival(best: Guess, other: Guess | None = None) -> float:
    """The confidence that another meaning has; one of a thing and its opposite is a rival sooner."""
    if other is None:
        return 0.0
    is_opposite = {best.intent, other.intent} in OPPOSITES and other.confidence >= RIVAL_OPPOSITE
    return max(other.confidence, RIVAL) if is_opposite else other.confidence


def or_asked(found: Sequence[Guess], whole: Sequence[Guess]) -> tuple[Guess, ...]:
    """Return what was found without the words around it, and the question that the whole is: "can i lean on it"."""
    asked = sorted((one for one in (*found, *whole) if one.intent is Intent.ASK), key=lambda one: one.confidence)
    others = [one for one in found if one.intent is not Intent.ASK]
    return tuple(sorted((*asked[-1:], *others), key=lambda one: -one.confidence))


def with_one_question(guesses: Sequence[Guess]) -> tuple[Guess, ...]:
    """Return the guesses with one question for several that may be meant, as sure as all of them: the likeliest.

    It is the first of them alone where that is sure by itself, and where it is hardly a question about a topic.
    """
    asked = [one for one in guesses if one.intent in QUESTIONS]
    by_topic = next((one.confidence for one in asked if one.intent is Intent.ASK), 0.0)
    if by_topic < LEAST_ASKED:
        return tuple(guesses)
    if asked[0].intent is not Intent.ASK and asked[0].confidence >= ACT:
        return tuple(one for one in guesses if one.intent not in QUESTIONS or one is asked[0])
    return _as_one(guesses, QUESTIONS)


def with_one_cry(guesses: Sequence[Guess]) -> tuple[Guess, ...]:
    """Return the guesses with one cry for several, the likeliest, as sure as all of them: each holds the count."""
    return _as_one(guesses, SAFETY)


def _as_one(guesses: Sequence[Guess], kind: Collection[Intent]) -> tuple[Guess, ...]:
    """Return the guesses with the first of a kind for all of it, as sure as all together."""
    some = [one for one in guesses if one.intent in kind]
    summed = [one._replace(confidence=min(1.0, sum(one.confidence for one in some))) for one in some[:1]]
    others = [one for one in guesses if one.intent not in kind]
    return tuple(sorted((*summed, *others), key=lambda one: -one.confidence))
