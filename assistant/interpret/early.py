"""Decides what acts while a person is still speaking, and what the end of the utterance still changes. Pure.

Only actions that a word can undo happen early: silence and a hold. At its end the whole utterance is known. If it says
the same, nothing is left to do; if it says more ("stop listening", "wait two minutes"), that is done too. If it says
something else, one of the two is wrong; a doubt about "stop" counts as "stop", so nothing starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from assistant.messages import (
    AT_ONCE,
    SAFETY,
    Drowned,
    Heard,
    Intent,
    NotNow,
    Perhaps,
    Refusal,
    Said,
    Shortfall,
    Unsure,
)

Meant: TypeAlias = Said | NotNow | Perhaps | Unsure | Drowned

_HELD_FIRST = SAFETY - AT_ONCE
"""Danger ends the guidance, and no word can undo that: it counts as "stop" until the utterance has ended."""
NEVER_AFTER = frozenset(
    {
        Intent.RESUME,
        Intent.READY,
        Intent.COUNT_ALOUD,
        Intent.RESET_COUNT,
        Intent.WAKE,
        Intent.YES,
        Intent.NO,
    }
)
"""Intents that would start a held count, and answers to a question that was just cut: docs/recognition.md,
"Stop and start"."""


class Speaking:
    """The utterance that acted before its end. One for a session."""

    def __init__(self) -> None:
        """Start while nobody is speaking."""
        self._at_s: float | None = None
        self._acted: tuple[Said, ...] = ()
        self._legal_before: frozenset[Intent] = frozenset()

    def legal(self, heard: Heard, now: frozenset[Intent]) -> frozenset[Intent]:
        """Return the possible intents: those legal now and, at an utterance's end, those legal before it acted."""
        return now | self._legal_before if heard.is_final and self._is_open(heard) else now

    def decide(self, heard: Heard, events: Sequence[Meant], now: frozenset[Intent]) -> tuple[Meant, ...] | Refusal:
        """The events to tell; `events` are what `heard` was understood as, in order, and `now` what is legal.

        A refusal says why a command is dropped that was understood.
        """
        if not heard.is_final:
            said = self._so_far(heard, events[0], now)
            return () if said is None else (said,)
        if not self._is_open(heard):
            return tuple(events)
        acted, before = self._acted, self._legal_before
        self._at_s, self._acted, self._legal_before = None, (), frozenset()
        is_meant = any(isinstance(event, Said) and event.intent in {one.intent for one in acted} for event in events)
        left = [_at_its_end(acted, event, has_moved=before != now and not is_meant) for event in events]
        told = tuple(one for one in left if one is not None and not isinstance(one, Refusal))
        return told or next((one for one in left if isinstance(one, Refusal)), ())

    def _so_far(self, heard: Heard, event: Meant, now: frozenset[Intent]) -> Said | None:
        if not isinstance(event, Said) or event.intent not in AT_ONCE | _HELD_FIRST:
            return None
        said = replace(event, intent=Intent.STOP, slots={}) if event.intent in _HELD_FIRST else event
        if not self._is_open(heard):
            self._at_s, self._acted, self._legal_before = heard.at_s, (said,), now
            return said
        if any(said.intent is one.intent for one in self._acted) or said.intent is Intent.PAUSE:
            return None
        self._acted = (*self._acted, said)
        return said

    def _is_open(self, heard: Heard) -> bool:
        """True if it acted before; a word that was shouted over talk begins later than what it is a part of."""
        return self._at_s is not None and heard.at_s <= self._at_s <= heard.end_s


def _at_its_end(acted: tuple[Said, ...], event: Meant, *, has_moved: bool) -> Said | Refusal | None:
    """Return what is left to do for the whole utterance; an unsure one is dropped, since it is held already."""
    if not isinstance(event, Said):
        return None
    if event.intent in NEVER_AFTER:
        return Refusal(text=event.text, shortfalls=(Shortfall(rule="was_held", word=acted[-1].text),))
    if any(event.intent is one.intent and _is_no_graver(event, one) for one in acted):
        return None
    goes_on = any(event.text.startswith(f"{one.text} ") for one in acted)
    if goes_on or event.intent in SAFETY or event.intent is Intent.PAUSE:
        return event
    return replace(event, corrects=has_moved)


def _is_no_graver(event: Said, acted: Said) -> bool:
    """False where the end of "my back hurts right now" says that it has just come."""
    return "ache" in event.slots or "ache" not in acted.slots
