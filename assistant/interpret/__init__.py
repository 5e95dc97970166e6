"""interpret: heard → an event of what the person wants, or an honest "unsure". Pure.

One door: `Interpreter.understand(heard, legal, at_s, sounding)`; `judge` also says why something is refused.
The phrases that it compares with come from `expand`.
"""

from assistant.interpret.early import Meant
from assistant.interpret.interpreter import Interpreter
from assistant.interpret.own_voice import Sounding
from assistant.interpret.phrases import MOST_PHRASES, expand, expand_template, names_in
from assistant.interpret.slots import SlotReader
from assistant.interpret.why import explain, refusal_values
from assistant.interpret.wishes import Wish, WishWords, split, wish_words

__all__ = [
    "MOST_PHRASES",
    "Interpreter",
    "Meant",
    "SlotReader",
    "Sounding",
    "Wish",
    "WishWords",
    "expand",
    "expand_template",
    "explain",
    "names_in",
    "refusal_values",
    "split",
    "wish_words",
]
