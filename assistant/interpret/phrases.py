"""Expands sentence templates into every phrase that a person may say. Pure: the same pack gives the same phrases.

The syntax is hassil's: `[optional]`, `(one|another)`, `(any;order)`, `{list}`, `{list:slot}`, `<rule>`. hassil parses;
this module walks its tree, because hassil's own sampler loses the slots.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from assistant.errors import BadTemplate
from assistant.language import LanguagePack, ListValue
from assistant.messages import Intent, Phrase, SlotValue

MOST_PHRASES = 5_000  # over four times what we ship; each one costs the recogniser memory and time at every frame
MOST_A_TEMPLATE = 2_000  # before duplicates are removed; a template beyond it is a mistake
LONGEST_TEMPLATE = 300  # characters; also bounds how deep brackets can nest, hence the recursion below

Lists: TypeAlias = Mapping[str, Sequence[ListValue]]
Rules: TypeAlias = Mapping[str, str]
Piece: TypeAlias = "tuple[str, dict[str, SlotValue]]"


def expand(pack: LanguagePack, intents: Collection[Intent] | None = None) -> tuple[Phrase, ...]:
    """Return every phrase of the pack, or of these intents only, in the order of `Intent` and then of the templates.

    A text that occurs twice with the same meaning is kept once; two meanings of one text are both kept, and refused
    by the check. Raises BadTemplate for a template that cannot be read and for more than `MOST_PHRASES` phrases.
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
    return tuple(found.values())


def expand_template(template: str, lists: Lists, rules: Rules) -> Iterator[tuple[str, dict[str, SlotValue]]]:
    """Yield each sentence of the template, with its slots; lower-case words, single spaces.

    Raises BadTemplate for wrong syntax, an unknown list or rule, a rule that holds itself, a sentence without words or
    with anything but letters and apostrophes, one slot given twice, and more than `MOST_A_TEMPLATE` sentences.
    """
    walker = _Walker(template, lists, rules)
    pieces = walker.walk(_parse(template), ())
    for text, slots in islice(pieces, MOST_A_TEMPLATE):
        yield _tidy(text, template), slots
    if next(pieces, None) is not None:
        raise BadTemplate(
            f"'{template}' stands for more than {MOST_A_TEMPLATE:,} sentences",
            remedy="Use fewer alternatives, or shorter lists",
        )


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
    """Return hassil's tree of a template. Its parser asserts on empty brackets, and its own errors give no reason."""
    if len(template) > LONGEST_TEMPLATE:
        raise BadTemplate(
            f"a template has {len(template)} characters, the most is {LONGEST_TEMPLATE}: '{template[:40]}...'",
            remedy="Split it into several sentences",
        )
    for empty in ("()", "[]", "{}", "<>"):
        if empty in template:
            raise BadTemplate(f"'{template}' has empty brackets {empty}", remedy="Remove them or fill them")
    try:
        return parse_sentence(template).expression
    except (ParseError, AssertionError) as error:
        raise BadTemplate(
            f"'{template}' is not a sentence template",
            remedy="Close every bracket: [optional] (one|another) {list} <rule>",
        ) from error


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


class _Walker:
    """Walks one template's tree lazily: the cap stops a template that explodes before the memory is full."""

    def __init__(self, template: str, lists: Lists, rules: Rules) -> None:
        self.template = template
        self.lists = lists
        self.rules = rules

    def walk(self, expression: Expression, inside: tuple[str, ...]) -> Iterator[Piece]:
        """Yield each text of an expression, spaces as written, with its slots; `inside` names the enclosing rules."""
        if isinstance(expression, TextChunk):
            yield expression.text, {}
        elif isinstance(expression, Alternative):
            for item in expression.items:
                yield from self.walk(item, inside)
        elif isinstance(expression, Permutation):
            for first, rest in expression.iterate_permutations():
                yield from self._in_order((first, rest) if rest.items else (first,), inside)
        elif isinstance(expression, Group):
            yield from self._in_order(tuple(expression.items), inside)
        elif isinstance(expression, ListReference):
            yield from self._list(expression)
        elif isinstance(expression, RuleReference):
            yield from self._rule(expression.rule_name, inside)

    def _in_order(self, items: tuple[Expression, ...], inside: tuple[str, ...]) -> Iterator[Piece]:
        if not items:
            yield "", {}
            return
        for text, slots in self.walk(items[0], inside):
            for more, others in self._in_order(items[1:], inside):
                if slots.keys() & others.keys():
                    raise BadTemplate(
                        f"'{self.template}' fills the slot '{min(slots.keys() & others.keys())}' twice",
                        remedy="Name the second one: {list:other_slot}",
                    )
                yield text + more, {**slots, **others}

    def _list(self, reference: ListReference) -> Iterator[Piece]:
        values = self.lists.get(reference.list_name)
        if not values:
            raise BadTemplate(
                f"'{self.template}' uses the list '{reference.list_name}', which is not known",
                remedy=f"Known lists: {', '.join(sorted(self.lists)) or 'none'}",
            )
        for value in values:
            yield value.say, {reference.slot_name: value.value}

    def _rule(self, name: str, inside: tuple[str, ...]) -> Iterator[Piece]:
        if name not in self.rules:
            raise BadTemplate(
                f"'{self.template}' uses the rule <{name}>, which is not known",
                remedy=f"Known rules: {', '.join(sorted(self.rules)) or 'none'}",
            )
        if name in inside:
            raise BadTemplate(
                f"the rule <{name}> holds itself: {' > '.join((*inside, name))}", remedy="Break the circle"
            )
        yield from self.walk(_parse(self.rules[name]), (*inside, name))
