"""The commands of a rehearsal, and alternatives to each. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.errors import UnknownName
from assistant.language import LanguagePack
from assistant.messages import Intent, Phrase

ANSWERS = frozenset({Intent.YES, Intent.NO})
CORE = (
    Intent.STOP,
    Intent.PAIN,
    Intent.PAUSE,
    Intent.YES,
    Intent.NO,
    Intent.READY,
    Intent.NEXT,
    Intent.PREVIOUS,
    Intent.REPEAT,
    Intent.RESUME,
    Intent.SLOWER,
    Intent.FASTER,
    Intent.HOW_MANY_LEFT,
    Intent.SWITCH_SIDES,
    Intent.DONE,
    Intent.LOUDER,
    Intent.QUIETER,
    Intent.HELP,
)
"""The commands that every session needs, safety first; each is requested by the first example of its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandToRehearse:
    """A command to rehearse."""

    text: str
    intent: Intent
    instead: str
    """Other words of the same meaning; empty where there are none."""


def core_texts(pack: LanguagePack) -> tuple[str, ...]:
    """Return the core commands' phrases."""
    return tuple(pack.commands[intent].examples[0].say for intent in CORE)


def commands_for(pack: LanguagePack, phrases: Sequence[Phrase], texts: Iterable[str]) -> tuple[CommandToRehearse, ...]:
    """Return these phrases as commands, with alternatives. Raises UnknownName for an unknown phrase."""
    by_text = {phrase.text: phrase for phrase in phrases}
    commands = []
    for text in texts:
        if text not in by_text:
            raise UnknownName(f"'{text}' is no command", remedy="See what can be said with: tuina card")
        commands.append(
            CommandToRehearse(text=text, intent=by_text[text].intent, instead=_instead(by_text[text], pack))
        )
    return tuple(commands)


def _instead(asked: Phrase, pack: LanguagePack) -> str:
    """Return another example of the same meaning that shares the fewest words, and is long enough to be heard well."""
    words = set(asked.text.split())
    wanted = 1 if asked.intent in ANSWERS else 2  # words: an answer is one exact word
    slots = dict(asked.slots)
    same = [one.say for one in pack.commands[asked.intent].examples if one.slots == slots and one.say != asked.text]
    return min(same, key=lambda text: (len(words & set(text.split())), abs(len(text.split()) - wanted)), default="")
