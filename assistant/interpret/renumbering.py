"""Puts the number of a correction into the wish that it corrects: "twelve more, no, make it six". Pure.

A correction that is a whole wish by itself ("no, five more") is left to wishes.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.interpret.numbers import Quantity
from assistant.interpret.plain import words_of
from assistant.interpret.wishes import WishWords


def with_last_number(text: str, words: WishWords) -> str:
    """Return the text with its last number corrected, where nothing but a number follows a correction.

    A number without a unit keeps the one that was said: "wait two minutes, no, five". Else the text is unchanged.
    """
    said = words_of(text)
    for start, end in reversed(words.corrections.spans(said)):
        meant = _only_number(said[end:], words)
        numbers = words.numbers.read(said[:start])
        if meant is None or not numbers:
            continue
        last = numbers[-1]
        if meant.has_unit and not last.has_unit:
            continue
        unit = [said[last.end - 1]] if last.has_unit and not meant.has_unit else []
        number = said[end + meant.start : end + meant.end]
        return " ".join((*said[: last.start], *number, *unit, *said[last.end : start]))
    return text


def _only_number(said: Sequence[str], words: WishWords) -> Quantity | None:
    """Return the one number of the words, if all others only make it the one that is meant: "make it six, please"."""
    found = words.numbers.read(said)
    if len(found) != 1:
        return None
    start, end = found[0].start, len(said)
    while length := words.renumbers.ends(said, start):
        start -= length
    while end > found[0].end and (length := words.tails.ends(said, end)):
        end -= length
    return found[0] if start == 0 and end == found[0].end else None
