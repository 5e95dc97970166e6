"""The names of states and commands as people read them."""

from __future__ import annotations

import re


def spaced(name: str) -> str:
    """`ReadyPrompt` and `how_many_left` as "ready prompt" and "how many left"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()
