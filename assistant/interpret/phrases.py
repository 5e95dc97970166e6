"""Sentence templates (template.py) become every phrase that a person may say. Pure: the same pack, the same phrases."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from hassil.expression import Expression, Group, ListReference, RuleReference

from assistant.errors import BadTemplate
from assistant.language import LanguagePack
from assistant.messages import Intent, Phrase, SlotValue
from assistant.template import Given, Lists, Rules, Walker, parsed

MOST_PHRASES = 5_000  # over four times what we ship; each one costs the recogniser memory and time at every frame
MOST_A_TEMPLATE = 2_000  # before duplicates are removed; a template beyond it is a mistake
LONGEST_TEMPLATE = 300  # characters; also bounds how deep brackets can nest, hence the recursion below


def expand(pack: LanguagePack, intents: Collection[Intent] | None = None) -> tuple[Phrase, ...]:
    """Return every phrase of the pack, or of these intents only, in the order of `Intent` and then of the templates.

    A text that occurs twice with the same meaning is kept once; two meanings of one text are both kept, and refused
    by the check. Only a name alone (of a technique called "stop") gives way to a command that is said alike. Raises
    BadTemplate for a template that cannot be read and for more than `MOST_PHRASES` phrases.
    """
    found: dict[tuple[str, Intent, tuple[tuple[str, SlotValue], ...]], Phrase] = {}
    for intent in Intent:
        if intent not in pack.commands or (intents is not None and intent not in intents):
            continue
        for template in pack.commands[intent].sentences:
            for text, slots in expand_template(template, pack.lists, pack.rules):
                key = (text, intent, tuple(sorted(slots.items())))
                found.setdefault(key, Phrase(text=text, intent=intent, slots=slots))
        if len(found) > MOST_PHRASES:
            raise BadTemplate(
                f"the commands stand for more than {MOST_PHRASES:,} phrases, counted up to {intent.value}",
                remedy="Use fewer alternatives, or shorter lists",
            )
    return without_names_of_commands(found.values(), pack)


def without_names_of_commands(phrases: Iterable[Phrase], pack: LanguagePack) -> tuple[Phrase, ...]:
    """Return the phrases but those that are a name of the library alone, and a command's words too."""
    every = tuple(phrases)
    names = {one.say for key in ("technique", "routine") for one in pack.lists.get(key, ())}
    commands = {phrase.text for phrase in every if not phrase.slots}
    return tuple(one for one in every if not (one.slots and one.text in names and one.text in commands))


def expand_template(template: str, lists: Lists, rules: Rules) -> Iterator[tuple[str, dict[str, SlotValue]]]:
    """Yield each sentence of the template, with its slots; lower-case words, single spaces.

    Raises BadTemplate for wrong syntax, an unknown list or rule, a rule that holds itself, a sentence without words or
    with anything but letters and apostrophes, one slot given twice, and more than `MOST_A_TEMPLATE` sentences.
    """
    walker = Walker(lists, rules)
    walker.template = template
    pieces = walker.texts(_parse(template))
    for text, given in islice(pieces, MOST_A_TEMPLATE):
        yield _tidy(text, template), _once_each(given, template)
    if next(pieces, None) is not None:
        raise BadTemplate(
            f"'{template}' stands for more than {MOST_A_TEMPLATE:,} sentences",
            remedy="Use fewer alternatives, or shorter lists",
        )


def written_out(templates: Iterable[str], pack: LanguagePack, rules: Rules | None = None) -> Iterator[str]:
    """Yield each sentence of the templates, in order; `rules` stand beside the pack's own. Raises BadTemplate."""
    every = {**pack.rules, **(rules or {})}
    for template in templates:
        for text, _ in expand_template(template, pack.lists, every):
            yield text


def names_in(template: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the lists and the rules that a template itself mentions (not those in its rules). Raises BadTemplate."""
    lists, rules = set(), set()
    waiting: list[Expression] = [_parse(template)]
    while waiting:
        expression = waiting.pop()
        if isinstance(expression, Group):
            waiting.extend(expression.items)
        elif isinstance(expression, ListReference):
            lists.add(expression.list_name)
        elif isinstance(expression, RuleReference):
            rules.add(expression.rule_name)
    return frozenset(lists), frozenset(rules)


def _parse(template: str) -> Expression:
    """The tree of a template that is short enough. Raises BadTemplate."""
    if len(template) > LONGEST_TEMPLATE:
        raise BadTemplate(
            f"a template has {len(template)} characters, the most is {LONGEST_TEMPLATE}: '{template[:40]}...'",
            remedy="Split it into several sentences",
        )
    return parsed(template)


def _once_each(given: Given, template: str) -> dict[str, SlotValue]:
    """The slots by name. Raises BadTemplate where one is filled twice."""
    slots = dict(given)
    if len(slots) < len(given):
        names = [name for name, _ in given]
        twice = min(name for name in names if names.count(name) > 1)
        raise BadTemplate(
            f"'{template}' fills the slot '{twice}' twice", remedy="Name the second one: {list:other_slot}"
        )
    return slots


def _tidy(text: str, template: str) -> str:
    """Return lower-case words with single spaces. Raises BadTemplate where a recogniser could not say them."""
    tidy = unicodedata.normalize("NFC", " ".join(text.lower().split()))
    if not tidy:
        raise BadTemplate(f"'{template}' can be nothing at all", remedy="Leave at least one word outside of [ ]")
    if not all(one in " '" or unicodedata.category(one)[0] in "LM" for one in tidy):
        raise BadTemplate(
            f"'{tidy}' has something else than words", remedy="Write numbers as words and leave out punctuation"
        )
    return tidy
