"""Makes a typed line something heard. It matches nothing: interpret/ decides what the words mean."""

from __future__ import annotations

import re
import unicodedata

from assistant.messages import Heard, Refusal, Shortfall

LONGEST_LINE = 200  # characters; no command has a quarter of them, and the fuzzy matcher's cost grows with the length
NO_WORDS = Refusal(text="", shortfalls=(Shortfall(rule="no_words"),))


def heard_from_line(text: str, at_s: float) -> Heard:
    """Return a line typed at `at_s`: lower case words, single spaces, at most 200 characters; sure unless empty."""
    words = clean(text)
    return Heard(
        text=words,
        is_final=True,
        is_sure=bool(words),
        score=100.0 if words else 0.0,
        at_s=at_s,
        end_s=at_s,
        refusal=None if words else NO_WORDS,
        transcripts=(words,) if words else (),
        is_typed=True,
    )


def clean(text: str) -> str:
    """Return letters and digits of any script, with apostrophes and hyphens inside words; all else becomes a space."""
    plain = unicodedata.normalize("NFKC", text[: 4 * LONGEST_LINE]).replace("’", "'").casefold()
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)  # 1,000
    plain = re.sub(r"(?<=\d)\.(?=\d)", " point ", plain)
    plain = re.sub(r"(?<=\d)\s*[/\u2044]\s*(?=\d)", " out of ", plain)
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" or char in "'-" else " " for char in plain)
    words = (word.strip("'-") for word in kept.split())
    return " ".join(word for word in words if word)[:LONGEST_LINE].strip()
