"""The keyboard or a transcript instead of a microphone: a line becomes what was heard. No audio, no matching."""

from __future__ import annotations

import unicodedata

from assistant.messages import Heard

LONGEST_CHARS = 200  # the longest phrase has about 40; a pasted book is not a command


def heard_from_line(text: str, at_s: float) -> Heard:
    """What was typed, in lower case and without control characters; sure, since nobody misheard it."""
    kept = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text[:LONGEST_CHARS])
    return Heard(text=" ".join(kept.lower().split()), is_final=True, is_sure=True, score=100.0, at_s=at_s, end_s=at_s)
