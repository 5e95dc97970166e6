"""The legal intents when something is said: a state of the dialogue, a moment that texts name, or everything. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.errors import UnknownName
from assistant.messages import Intent
from assistant.respond.transitions import STATE_NAMES
from assistant.wire.hear_recording import legal_for

ALL = "all"
"""Everything is legal, also the bare numbers that answer one question only."""
ROW = "row"
"""Each row's own state; rows without one are taken as without `--state`."""

MOMENTS: Mapping[str, tuple[str, ...]] = {
    "before": ("offered", "resume_offer"),
    "getting_ready": ("ready_prompt",),
    "pain": ("pain_hold",),
    "question": ("confirm", "pause_asked", "rating"),
    "end": ("finished", "rating"),
}
"""The moments of texts about which nobody knows more, and the states of the dialogue that they may be: what is legal in
one of these is legal. "counting" and "paused" are states themselves."""


def legal_of(state: str | None) -> frozenset[Intent]:
    """Return what is legal in a state or moment; None: as `legal_for`. Raises UnknownName, which lists the names."""
    if state == ALL:
        return frozenset(Intent)
    if state is not None and state in MOMENTS:
        return frozenset().union(*(legal_for(name) for name in MOMENTS[state]))
    if state is not None and state not in STATE_NAMES:
        known = ", ".join(sorted({ALL, *MOMENTS, *STATE_NAMES}))
        raise UnknownName(f"there is no state '{state}'", remedy=f"Known states: {known}")
    return legal_for(state)


def state_of(own: str | None, asked: str | None) -> str | None:
    """Return the state that holds for a row: its own one before the one asked for, but `all` before its own."""
    if asked == ALL or own is None:
        return None if asked == ROW else asked
    return own
