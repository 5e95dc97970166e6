"""interpret: heard → an event of what the person wants, or an honest "unsure". Pure.

One door: `Interpreter.understand(heard, legal, at_s, sounding)`; `judge` also says why something is refused.
The phrases that it compares with come from `expand`. `Meaning` guesses what other texts mean.
"""

from assistant.interpret.early import Meant
from assistant.interpret.interpreter import Interpreter
from assistant.interpret.meaning import Guess, Meaning
from assistant.interpret.own_voice import Sounding
from assistant.interpret.phrases import MOST_PHRASES, expand, expand_template, names_in, without_names_of_commands
from assistant.interpret.slots import SlotReader
from assistant.interpret.why import explain, refusal_values
from assistant.interpret.wishes import split, wish_words

__all__ = [
    "MOST_PHRASES",
    "Guess",
    "Interpreter",
    "Meaning",
    "Meant",
    "SlotReader",
    "Sounding",
    "expand",
    "expand_template",
    "explain",
    "names_in",
    "refusal_values",
    "split",
    "wish_words",
    "without_names_of_commands",
]
