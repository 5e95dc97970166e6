"""Leaves alone what one person offers another, or tells them to say: "do you want to skip this one". Pure.

A partner in the room asks so, and a broadcast or another assistant explains itself so. Of the 29,000 texts that the
meaning was learned of, 20 begin so, and none of them is a wish.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.interpret.early import Meant
from assistant.interpret.weighing import QUESTIONS, Decided
from assistant.interpret.wishes import WishWords, is_offered
from assistant.messages import SAFETY, Perhaps, Refusal, Said, Shortfall, Unsure

KEPT = SAFETY | QUESTIONS
"""Intents that are told all the same: a cry in such a sentence is one, and "do you want me to sit" is a question."""


def unless_offered(events: Sequence[Meant], text: str, at_s: float, words: WishWords) -> Decided | None:
    """Return what is left of the events of words that offer something to somebody; None for any other words."""
    if not is_offered(text, words):
        return None
    left = tuple(one for one in events if isinstance(one, Said | Perhaps) and one.intent in KEPT)
    if left == tuple(events):
        return None
    doubt = Refusal(text=text, shortfalls=(Shortfall(rule="offered", word=text),))
    return Decided(left or (Unsure(at_s=at_s, best=text),), doubt)
