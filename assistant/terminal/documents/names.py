"""Readable names of states and commands."""

from __future__ import annotations

import re


def spaced(name: str) -> str:
    """Return `ReadyPrompt` and `how_many_left` as "ready prompt" and "how many left"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()
