"""Makes any text safe for a voice. Pure. Texts come from files that strangers may have written.

Measured with espeak-ng 1.51: the byte 0x01 followed by "0A" sets the volume to zero, and `[[...]]` is read as phonemes
instead of words; SSML can name files. So only letters, digits and plain punctuation pass.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 500  # characters: pyttsx3's drivers size a buffer by the text (pyttsx3 pull request 450)
PLAIN = frozenset(
    ".,;:!?'\"()-%+=/$€£°\u2018\u2019\u201c\u201d\u2013\u2014…¿¡、。"
)  # pause, tone or word; the rest is markup
MARKS = 2  # combining marks on one letter: Vietnamese needs two; stacks of them are made to break renderers

_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """Return the words of `text` on one line of at most 500 characters; empty when there is nothing to speak."""
    words = _TAG.sub(" ", unicodedata.normalize("NFKC", text)).replace("&", " and ")
    plain = _SPACE.sub(" ", "".join(_kept(words))).strip()
    if len(plain) > LONGEST:
        plain = plain[: LONGEST + 1].rsplit(" ", 1)[0][:LONGEST]
    return plain if any(char.isalnum() for char in plain) else ""


def _kept(text: str) -> list[str]:
    kept, marks = [], 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind.startswith("M") else 0
        if char.isspace():
            kept.append(" ")
        elif kind[0] in "LN" or char in PLAIN or 0 < marks <= MARKS:
            kept.append(char)
    return kept
